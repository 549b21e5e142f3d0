import { declareDetector } from "./detector.ts";
import { CONTEXT } from "./phrases.ts";
import { findReferences } from "./reference.ts";

const FEWEST_DIGITS = 4;

/** Medical record, patient and health plan numbers, by the words before them: HIPAA's H and I. */
export const mrn = declareDetector({
  name: "mrn",
  label: "MRN",
  find: (passage, take) => findReferences(passage, CONTEXT.mrn, FEWEST_DIGITS, take),
});
