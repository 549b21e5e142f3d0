import { type AST, parseRegExpLiteral } from "@eslint-community/regexpp";

/** Steps of a match from one place that need no further analysis: a few microseconds. */
const FEW_STEPS = 1_000;

/**
 * Whether a backtracking engine takes few steps from every place at which it may start, whatever the input: then it takes
 * no more than so many for each character of it. False says nothing: the pattern may need a closer look.
 */
export function takesFewSteps(pattern: RegExp): boolean {
  const { paths, steps } = alternatives(parseRegExpLiteral(pattern).pattern.alternatives);
  return paths * steps <= FEW_STEPS;
}

/** At most so many ways through a piece of a pattern, of at most so many steps each. Infinite where it is not known. */
interface Bound {
  readonly paths: number;
  readonly steps: number;
}

const ONE_STEP: Bound = { paths: 1, steps: 1 };
const UNKNOWN: Bound = { paths: Number.POSITIVE_INFINITY, steps: Number.POSITIVE_INFINITY };

/** One after the other is tried. */
function alternatives(all: readonly AST.Alternative[]): Bound {
  const bounds = all.map(({ elements }) => sequence(elements.map(bound)));
  return {
    paths: bounds.reduce((sum, { paths }) => sum + paths, 0),
    steps: 1 + Math.max(...bounds.map(({ steps }) => steps)),
  };
}

/** Every way through one piece goes on with every way through the next. */
function sequence(bounds: readonly Bound[]): Bound {
  return bounds.reduce((all, { paths, steps }) => ({ paths: all.paths * paths, steps: all.steps + steps }), ONE_STEP);
}

function bound(element: AST.Element): Bound {
  switch (element.type) {
    case "Character":
      return ONE_STEP;
    case "CharacterSet":
      return element.kind === "property" && element.strings ? UNKNOWN : ONE_STEP;
    case "CharacterClass":
      return element.unicodeSets ? UNKNOWN : ONE_STEP;
    case "Group":
    case "CapturingGroup":
      return alternatives(element.alternatives);
    case "Assertion":
      return "alternatives" in element ? alternatives(element.alternatives) : ONE_STEP;
    case "Quantifier":
      return repeated(element);
    default:
      // A reference compares as much as was captured; classes of flag v may hold strings, which are tried one by one.
      return UNKNOWN;
  }
}

function repeated({ element, min, max }: AST.Quantifier): Bound {
  if (max === Number.POSITIVE_INFINITY) return UNKNOWN;
  const { paths, steps } = bound(element);
  let all = 0;
  for (let times = min; times <= max && all <= FEW_STEPS; times++) all += paths ** times;
  return { paths: all, steps: 1 + max * steps };
}
