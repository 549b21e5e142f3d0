import { type AST, parseRegExpLiteral, visitRegExpAST } from "@eslint-community/regexpp";
import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import { elementOf, minimumLength } from "./joinable.ts";
import { putLatin1, textAt, textColumn } from "./text.ts";

/**
 * What every match of some patterns consists of: ASCII characters of a set, and so many of them. A match then lies
 * within a run of such characters, and the patterns need to see nothing but those runs and one character on either side.
 */
export interface Islands {
  /** By byte: 1 for those of the set. */
  readonly members: Uint8Array<ArrayBuffer>;
  /** The fewest bytes of a match. */
  readonly least: number;
}

/** Fewer are everywhere. */
const FEWEST = 3;
/** Where letters are of the set, every word of so many is an island. */
const LONGER_THAN_WORDS = 16;
const WORD = "etaoinsr";

/**
 * The islands of a pattern that is `bytewise`, see Joinable; undefined where it looks further than a character beyond
 * its match, or nearly all of a text would be islands.
 */
export function islandsOf(pattern: RegExp): Islands | undefined {
  const ast = parseRegExpLiteral(pattern);
  const { alternatives } = ast.pattern;
  const least = minimumLength(alternatives);
  let isNear = true;
  visitRegExpAST(ast, {
    onAssertionEnter: (node) => {
      isNear &&= node.kind === "word" || (isLookaround(node) && node.alternatives.every(isOneCharacter));
    },
  });
  if (!isNear || least < FEWEST) return undefined;
  const members = new Uint8Array(256);
  const flags = pattern.flags.replace(/[gymd]/g, "");
  for (const raw of new Set(alternatives.flatMap(consumedBy))) {
    const element = elementOf(`^(?:${raw})$`, flags);
    if (!element) return undefined;
    for (let code = 0; code < 0x80; code++) if (element.test(String.fromCharCode(code))) members[code] = 1;
  }
  return worthIt({ members, least });
}

/** The islands of patterns that are applied in turn. */
export function togetherOf(all: readonly (Islands | undefined)[]): Islands | undefined {
  if (!all.every((one) => one !== undefined)) return undefined;
  const members = new Uint8Array(256).map((_, byte) => Math.max(...all.map((one) => one.members[byte]!)));
  return worthIt({ members, least: Math.min(...all.map(({ least }) => least)) });
}

function worthIt(islands: Islands): Islands | undefined {
  const hasWords = [...WORD].every((letter) => islands.members[letter.charCodeAt(0)] === 1);
  return hasWords && islands.least < LONGER_THAN_WORDS ? undefined : islands;
}

function isLookaround(node: AST.Assertion): node is AST.LookaroundAssertion {
  return node.kind === "lookahead" || node.kind === "lookbehind";
}

function isOneCharacter({ elements }: AST.Alternative): boolean {
  const [only, second] = elements;
  return only === undefined || (second === undefined && isCharacter(only));
}

function isCharacter({ type }: AST.Element): boolean {
  return type === "Character" || type === "CharacterSet" || type === "CharacterClass";
}

/** What characters of a match an alternative may take, as they are written. */
function consumedBy({ elements }: AST.Alternative): string[] {
  return elements.flatMap(consumedByElement);
}

function consumedByElement(element: AST.Element): string[] {
  switch (element.type) {
    case "Quantifier":
      return consumedByElement(element.element);
    case "Group":
    case "CapturingGroup":
      return element.alternatives.flatMap(consumedBy);
    case "Assertion":
    case "Backreference":
      return [];
    default:
      return [element.raw];
  }
}

/** With more of a column's bytes in islands, they are no less work than the whole. */
const MOST = 0.5;
const ISLAND_BYTES = 12;

/**
 * The column with its islands replaced.
 * @param separator a byte that no pattern matches or writes
 * @param replaced makes something else of the islands, each behind and before a separator, bytes read as characters
 * @returns undefined where there are too many islands
 * @throws Error when a separator was replaced
 */
export function onIslands(
  { members, least }: Islands,
  column: Column,
  separator: string,
  replaced: (islands: string) => string,
  kernels: Kernels,
): Column | undefined {
  const { memory } = kernels;
  const { values, offsets, length } = column;
  const byte = separator.charCodeAt(0);
  const before = memory.mark();
  const most = Math.floor(column.valuesLength * MOST);
  const found = memory.alloc(Math.floor(most / least) * ISLAND_BYTES);
  const count = kernels.islands(values, offsets, length, memory.put(members), least, most, found);
  if (count <= 0) {
    memory.release(before);
    return count === 0 ? column : undefined;
  }
  const joined = memory.alloc(most + 3 * count);
  const size = kernels.joinIslands(values, offsets, found, count, byte, joined);
  const source = textAt(joined, size, "latin1", kernels);
  const text = replaced(source);
  if (text === source) {
    memory.release(before);
    return column;
  }
  const changed = putLatin1(text, kernels);
  const outOffsets = memory.alloc((length + 1) * 4);
  const out = memory.alloc(column.valuesLength + text.length);
  const written = kernels.patchIslands(
    values,
    offsets,
    length,
    found,
    count,
    changed,
    text.length,
    byte,
    out,
    outOffsets,
  );
  if (written < 0)
    throw new Error(`masking ${count} pieces of a column gave another number: a pattern matched across them`);
  memory.shrink(out, written);
  return textColumn(column, outOffsets, out, written);
}
