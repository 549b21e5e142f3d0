import { hash } from "node:crypto";
import { badInput, usageError } from "../errors.ts";
import { looksLikeData } from "../policy/data-names.ts";
import type { Decider } from "../policy/decide.ts";
import { type Leaf, leavesOf } from "../policy/leaves.ts";
import { checkBeside, checkTokenLength, checkTypes, lintHashLength } from "../policy/lint.ts";
import { checkCards, lintCards, lintHashed } from "../policy/lint-cards.ts";
import { lintSafeHarbor, lintUnused } from "../policy/lint-rules.ts";
import { overlapping, type Previous, underPreviousKey } from "../policy/overlap.ts";
import { withRecordNames } from "../policy/record-names.ts";
import { displayUri } from "../store/uri.ts";
import type { ByteRange, Field, LeafDecision, LeafSample, ObjectInfo, Warning } from "../types.ts";
import type { BatchSpec, DictionaryPage } from "../worker/messages.ts";
import { stemOf } from "./format.ts";
import type { Inspected } from "./inspect.ts";

/** A unit of decoding: a row group, or a whole text file. */
export interface PartPlan {
  readonly index: number;
  readonly rows: number;
  /** Bytes to read. */
  readonly bytes: number;
  /** Parquet: where they lie, the row group's size before compression in bytes, and rows of a batch. */
  readonly rowGroup?: {
    readonly range: ByteRange;
    readonly uncompressed: number;
    readonly batchRows: number;
    readonly dictionaries: readonly DictionaryPage[];
  };
}

/** One input object and the output object that it becomes. */
export interface ObjectPlan {
  readonly input: Inspected;
  /** Name of the output beneath the output prefix. */
  readonly output: string;
  readonly leaves: readonly (Leaf & { readonly decision: LeafDecision })[];
  readonly spec: BatchSpec;
  readonly parts: readonly PartPlan[];
  /** A guess at the output's size in bytes, to size multipart uploads by. */
  readonly expectedBytes: number;
}

/** What a run will do: pure data. */
export interface Plan {
  readonly objects: readonly ObjectPlan[];
  readonly rows: number;
  readonly bytes: number;
  readonly unusedRules: readonly string[];
  /** What a person should look at in the policy, rules that matched nothing among it. */
  readonly warnings: readonly Warning[];
  /** Leaves for which a person must decide before anything is written. */
  readonly paused: readonly { readonly input: string; readonly path: string; readonly reason: string }[];
  /** Fingerprint of all inputs' fields. */
  readonly schema: string;
}

export interface PlanOptions {
  readonly compression: BatchSpec["compression"];
  readonly quoteInt64: boolean;
  /** While keys are changed: how the fields with the previous key's tokens are called. */
  readonly previous?: Previous | undefined;
}

/** Input bytes of a batch, before compression: large enough that per-batch work does not count, small in memory. */
const BATCH_BYTES = 2 * 1024 * 1024;
/** Bounds what a batch takes whose values a dictionary holds once: the footer does not say how long these are. */
const MOST_ROWS = 4_096;
const FEWEST_ROWS = 64;
/** Bytes that a value takes in memory at least: an offset, a validity bit, the bytes themselves. */
const VALUE_BYTES = 12;

const SUFFIX = { none: ".jsonl", gzip: ".jsonl.gz", zstd: ".jsonl.zst" } as const;

/** Inputs, policy and what samples show → parts, output names, one decision per leaf. Nothing is read and nothing is written. */
export function makePlan(
  inputs: readonly Inspected[],
  decider: Decider,
  options: PlanOptions,
  warned: readonly Warning[] = [],
  samples: ReadonlyMap<string, readonly LeafSample[]> = new Map(),
): Plan {
  const names = outputNames(inputs, SUFFIX[options.compression]);
  const most = mostValues(inputs);
  const objects = inputs.map((input, index) => planObject(input, names[index]!, decider, options, most));
  const all = objects.flatMap((object) => object.leaves);
  // What is said of a column is not said again of its second.
  const leaves = all.filter(({ decision }) => !underPreviousKey(decision));
  if (options.previous && leaves.length === all.length) {
    throw usageError("planning the columns: key.previous is set, but no column becomes a token; take it out", {
      stage: "plan",
    });
  }
  const paused = objects.flatMap(({ input, leaves }) =>
    leaves
      .flatMap(({ path, decision }) => pausedIn(path, decision))
      .map((one) => ({ input: displayUri(input.object.uri), ...one })),
  );
  return {
    objects,
    rows: inputs.reduce((sum, input) => sum + input.rows, 0),
    bytes: inputs.reduce((sum, { object }) => sum + object.size, 0),
    unusedRules: decider.unused(),
    warnings: [
      ...warned,
      ...lintUnused(decider, leaves),
      ...lintCards(leaves, decider.policy.presets),
      ...lintHashed(leaves, samples),
      ...lintSafeHarbor(leaves, decider.policy),
      ...[...new Map(leaves.map(({ decision }) => [decision.path, decision])).values()].flatMap((decision) =>
        lintHashLength(decision, most(decision.path)),
      ),
    ],
    paused,
    schema: hash("sha256", JSON.stringify(inputs.map(({ fields }) => fields))).slice(0, 16),
  };
}

function pausedIn(path: string, decision: LeafDecision): { path: string; reason: string }[] {
  return [
    ...(decision.mask === "pause" ? [{ path, reason: decision.rule }] : []),
    ...decision.cases
      .filter((one) => one.decision.mask === "pause")
      .map(({ seen = "", decision: { rule } }) => ({ path: path.replace(/\}$/, `${seen}}`), reason: rule })),
  ];
}

function planObject(
  input: Inspected,
  output: string,
  decider: Decider,
  options: PlanOptions,
  most: (path: string) => number,
): ObjectPlan {
  checkNames(input.fields, "", input.object);
  const decided = withRecordNames(leavesOf(input.fields).map((leaf) => ({ ...leaf, decision: decider.decide(leaf) })));
  for (const leaf of decided) {
    checkTypes(leaf, leaf.decision);
    checkBeside(leaf, leaf.decision);
    checkCards(leaf, leaf.decision);
    checkTokenLength(leaf.decision, most(leaf.path));
  }
  const { previous, ...written } = options;
  const whole = previous
    ? overlapping(input.fields, decided, previous, `planning ${displayUri(input.object.uri)}`)
    : { fields: input.fields, leaves: decided };
  const { fields, leaves } = whole;
  const decisions = leaves.map(({ decision }) => decision);
  const content = { fields, decisions, ...written };
  const spec = { id: hash("sha256", JSON.stringify(content)), ...content };
  const parts = input.footer ? rowGroupParts(input, leaves.length) : [textPart(input)];
  const inMemory = parts.reduce((sum, part) => sum + (part.rowGroup?.uncompressed ?? part.bytes), 0);
  const keys = leaves.reduce((sum, { name }) => sum + name.length + 6, 0);
  const expectedBytes = inMemory * 2 + input.rows * keys;
  return { input, output, leaves, spec, parts, expectedBytes };
}

/**
 * How many values a leaf has at most over all inputs, by its path: rows, or where footers count more (lists, maps), those.
 */
function mostValues(inputs: readonly Inspected[]): (path: string) => number {
  const rows = inputs.reduce((sum, input) => sum + input.rows, 0);
  const values = new Map<string, number>();
  for (const { fields, footer } of inputs) {
    const paths = fields.flatMap((field) => chunkPaths(field, field.name));
    for (const group of footer?.rowGroups ?? []) {
      // A footer that has other columns than were decoded cannot be told apart by their order.
      if (group.values.length !== paths.length) continue;
      for (const [index, path] of paths.entries()) values.set(path, (values.get(path) ?? 0) + group.values[index]!);
    }
  }
  return (path) => Math.max(rows, values.get(path) ?? 0);
}

/** Paths of a schema's column chunks: its leaves', and a map's keys before its values. */
function chunkPaths({ kind, children }: Field, path: string): string[] {
  if (kind === "struct") return children.flatMap((child) => chunkPaths(child, `${path}.${child.name}`));
  if (kind === "list") return chunkPaths(children[0]!, `${path}[]`);
  if (kind === "map") return [`${path}{key}`, ...chunkPaths(children[1]!, `${path}{}`)];
  return [path];
}

function rowGroupParts({ footer }: Inspected, leaves: number): PartPlan[] {
  return (footer?.rowGroups ?? []).map(({ index, rows, range, uncompressed, dictionaries }) => {
    const rowBytes = Math.max(leaves * VALUE_BYTES, uncompressed / Math.max(1, rows));
    const batchRows = Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, Math.floor(BATCH_BYTES / rowBytes)));
    return { index, rows, bytes: range.end - range.start, rowGroup: { range, uncompressed, batchRows, dictionaries } };
  });
}

function textPart({ object, rows }: Inspected): PartPlan {
  return { index: 0, rows, bytes: object.size };
}

/** Bytes of text input that become one batch. */
export const TEXT_BATCH_BYTES = BATCH_BYTES;

/** JSON objects with one key twice cannot be read back; nor could a rule tell the two apart. */
function checkNames(fields: readonly Field[], path: string, object: ObjectInfo): void {
  const seen = new Set<string>();
  for (const { name, kind, children } of fields) {
    const own = path === "" ? name : `${path}.${name}`;
    if (looksLikeData(name)) {
      throw badInput(
        `planning ${displayUri(object.uri)}: the name of column ${seen.size + 1}${path === "" ? "" : ` of ${path}`} looks like a ` +
          "value, not like a name; has the file a header line, or data for keys?",
        { stage: "plan" },
      );
    }
    if (seen.has(name))
      throw badInput(`planning ${displayUri(object.uri)}: two columns are named ${own}`, { stage: "plan" });
    seen.add(name);
    if (kind === "map" && children[0] && children[0].children.length > 0) {
      throw badInput(
        `planning ${displayUri(object.uri)}: the keys of the map ${own} are nested, which JSON cannot hold`,
        {
          stage: "plan",
        },
      );
    }
    if (kind === "struct") checkNames(children, own, object);
    else checkNames(kind === "map" ? children.slice(1) : children, `${own}[]`, object);
  }
}

/** Names by stem; those that would meet keep their whole input name. */
function outputNames(inputs: readonly Inspected[], suffix: string): string[] {
  const stems = Map.groupBy(inputs, ({ name }) => stemOf(name));
  const names = inputs.map(({ name }) => (stems.get(stemOf(name))!.length > 1 ? name : stemOf(name)) + suffix);
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw usageError(
        `planning the outputs: two inputs would become ${name}; name them by one pattern that tells their folders apart`,
        { stage: "plan" },
      );
    }
    seen.add(name);
  }
  return names;
}
