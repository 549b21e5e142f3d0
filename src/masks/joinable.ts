import { type AST, parseRegExpLiteral, visitRegExpAST } from "@eslint-community/regexpp";

/**
 * Bytes that may stand between the values of a joined column, in the order they are tried. A line feed comes first
 * because only it makes `^` and `$` mean the start and end of a value.
 */
export const SEPARATORS = ["\n", "\u0000", "\u0001", "\u001f", "\u007f"] as const;

/** How a pattern may run once over a whole column joined with separators. */
export interface Joinable {
  /** Separators that no part of the pattern can match. */
  readonly separators: readonly string[];
  /** It has `^` or `$`, which mean the edges of a value only with a line feed as separator and the m flag. */
  readonly anchored: boolean;
  /** With anchors but no m flag, a value must hold no other line terminator either. */
  readonly multiline: boolean;
  /**
   * Nothing in it matches a character beyond ASCII: over UTF-8 bytes, each read as a character, it finds what it finds
   * in the text. V8 runs such one-byte strings several times as fast.
   */
  readonly bytewise: boolean;
}

/**
 * Decides, by parsing it, whether one pass of `pattern` over joined values replaces exactly what a pass over each
 * value would. It must consume at least one character, and nothing in it, lookarounds included, may match the
 * separator. Word boundaries need no care: a separator is no word character, like the edge of a value.
 */
export function joinable(pattern: RegExp): Joinable | undefined {
  const ast = parseRegExpLiteral(pattern);
  if (pattern.sticky || minimumLength(ast.pattern.alternatives) === 0) return undefined;
  let anchored = false;
  let modifiers = false;
  const consuming: string[] = [];
  visitRegExpAST(ast, {
    onAssertionEnter: (node) => {
      if (node.kind === "start" || node.kind === "end") anchored = true;
    },
    onCharacterEnter: (node) => void consuming.push(node.raw),
    onCharacterSetEnter: (node) => void consuming.push(node.raw),
    onCharacterClassEnter: (node) => void consuming.push(node.raw),
    onExpressionCharacterClassEnter: (node) => void consuming.push(node.raw),
    onModifiersEnter: () => {
      modifiers = true;
    },
  });
  if (modifiers) return undefined;
  const flags = pattern.flags.replace(/[gymd]/g, "");
  // The engine itself says what an element matches. Elements inside a class are wrapped by the class that holds them.
  const elements = [...new Set(consuming)];
  const whole = elements.map((raw) => elementOf(`^(?:${raw})$`, flags));
  const separators = SEPARATORS.filter((separator) => !whole.some((element) => element?.test(separator)));
  const usable = anchored ? separators.filter((separator) => separator === "\n") : separators;
  if (usable.length === 0) return undefined;
  const { multiline } = pattern;
  // By u and v a character may be two units long, and by anchors and m end at U+2028: these are left alone.
  const plain = !pattern.unicode && !pattern.unicodeSets && !(anchored && multiline);
  const bytewise = plain && !elements.some((raw) => elementOf(raw, flags)?.test(BEYOND_ASCII));
  return { separators: usable, anchored, multiline, bytewise };
}

const BEYOND_ASCII = String.fromCharCode(...Array.from({ length: 0x10000 - 0x80 }, (_, unit) => unit + 0x80));

/** The pattern that an element alone makes; undefined where it makes none. */
export function elementOf(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    // A piece that stands only inside a class, such as a bare `^` or `/`: that class is tested as a whole.
    return undefined;
  }
}

/** The fewest characters that any alternative consumes. */
export function minimumLength(alternatives: readonly AST.Alternative[]): number {
  return Math.min(...alternatives.map((one) => one.elements.reduce((sum, element) => sum + minimum(element), 0)));
}

function minimum(element: AST.Element): number {
  switch (element.type) {
    case "Character":
    case "CharacterSet":
      return 1;
    case "CharacterClass":
    case "ExpressionCharacterClass":
      // Among the strings of a class may be the empty one: [\q{|a}].
      return element.raw.includes("\\q{") ? 0 : 1;
    case "Quantifier":
      return element.min * minimum(element.element);
    case "Group":
    case "CapturingGroup":
      return minimumLength(element.alternatives);
    default:
      return 0;
  }
}
