import { declareDetector } from "./detector.ts";
import { CONTEXT } from "./phrases.ts";
import { findReferences } from "./reference.ts";

const FEWEST_DIGITS = 5;

/** Account, policy, contract and customer numbers, by the words before them: HIPAA's J. */
export const account = declareDetector({
  name: "account",
  label: "ACCOUNT",
  find: (passage, take) => findReferences(passage, CONTEXT.account, FEWEST_DIGITS, take),
});
