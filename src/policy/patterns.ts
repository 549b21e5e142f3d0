import { createRequire } from "node:module";
import { parseRegExpLiteral, visitRegExpAST } from "@eslint-community/regexpp";
import type * as Recheck from "recheck";
import { messageOf } from "../errors.ts";
import { takesFewSteps } from "./bounded.ts";

const require = createRequire(import.meta.url);

// Unless told to analyse in this thread, recheck starts one of its own, which stays and takes some 30 MB.
process.env.RECHECK_SYNC_BACKEND ??= "pure";

/** How long the analysis of one pattern may take, in milliseconds. */
const ANALYSIS_TIMEOUT = 5_000;

/** Why a pattern is refused, or undefined: it does not compile, or some input makes it backtrack catastrophically. */
export function patternProblem(match: string, flags: string): string | undefined {
  let pattern: RegExp;
  try {
    pattern = new RegExp(match, flags);
  } catch (error) {
    return messageOf(error);
  }
  if (takesFewSteps(pattern)) return undefined;
  // Loaded where there is a pattern to check only: it takes a tenth of a second.
  const { checkSync } = require("recheck") as typeof Recheck;
  const result = checkSync(match, flags, { timeout: ANALYSIS_TIMEOUT });
  if (result.status === "safe") return undefined;
  if (result.status === "unknown") {
    return hasUnboundedRepetition(pattern)
      ? `/${match}/ is too involved to tell in ${ANALYSIS_TIMEOUT / 1000} s whether it backtracks catastrophically: simplify it, or bound its repetitions`
      : undefined;
  }
  // With every repetition bounded, the work from one start is bounded too, whatever degree the fuzzer saw.
  if (result.complexity.type === "polynomial" && !hasUnboundedRepetition(pattern)) return undefined;
  return (
    `/${match}/ backtracks catastrophically (${result.complexity.summary} time on some input): ` +
    "bound its repetitions, {1,64} in place of +, or let neighbouring repetitions match different characters"
  );
}

function hasUnboundedRepetition(pattern: RegExp): boolean {
  let unbounded = false;
  visitRegExpAST(parseRegExpLiteral(pattern), {
    onQuantifierEnter: (quantifier) => {
      unbounded ||= quantifier.max === Number.POSITIVE_INFINITY;
    },
  });
  return unbounded;
}
