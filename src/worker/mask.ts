import { hkdfSync } from "node:crypto";
import type { Kernels } from "../kernels/load.ts";
import { maskNamed } from "../masks/index.ts";
import { type Beside, type ColumnMask, type MaskContext, NUMBERS } from "../masks/mask.ts";
import { looksLikeData } from "../policy/data-names.ts";
import { lookOf, looksSensitive } from "../policy/sensitive.ts";
import type { Batch, Column, Decision, LeafDecision } from "../types.ts";
import { insideList, insideStruct, LeafBeside, recordScope, type Scope } from "./beside.ts";
import { type CaseMask, maskByCase, maskEntries } from "./cases.ts";
import { maskKeys } from "./map-keys.ts";
import type { LeafCounts, WorkerSetup } from "./messages.ts";
import { textForm } from "./text-form.ts";

/** What becomes of a leaf's column, with its counts. */
export type LeafMask = (column: Column, kernels: Kernels, counts: LeafCounts, beside: Beside) => Column;

interface Leaf {
  readonly mask: LeafMask;
  /** What its mask makes of numbers are numbers. */
  readonly numeric: boolean;
  readonly cases: readonly CaseMask[];
}

/** What tokens depend on beside the values. */
type Keying = Pick<WorkerSetup, "environment" | "key" | "previousKey">;

/** Masks batches of one schema: one function per leaf, compiled once. */
export class BatchMasker {
  readonly #leaves: readonly Leaf[];
  readonly #judge: MaskContext["judge"];

  /** @param decisions one per leaf, in the order of `leavesOf` */
  constructor(decisions: readonly LeafDecision[], setup: Keying) {
    const own = maskContext(setup);
    const contextOf = contextsOf(own, setup);
    this.#judge = own.judge;
    this.#leaves = decisions.map((leaf) => ({
      mask: leafMask(leaf, contextOf(leaf)),
      numeric: maskNamed(leaf.mask).numeric ?? false,
      cases: leaf.cases.map(({ keys, when, sensitive, looks, decision }) => ({
        keys,
        when,
        judge: looks ? lookingLike(looks) : sensitive && ((key: string) => own.judge(key) !== undefined),
        mask: leafMask(decision, contextOf(decision)),
      })),
    }));
  }

  /** The batch with every leaf as decided, and per leaf what happened. Memory comes from the arena. */
  apply(batch: Batch, kernels: Kernels): { batch: Batch; leaves: LeafCounts[] } {
    const leaves: LeafCounts[] = [];
    const judge = this.#judge;
    const next = () => {
      const leaf = this.#leaves[leaves.length];
      if (!leaf) throw new RangeError("masking: the batch has more leaves than the plan");
      const counts = { values: 0, nulls: 0, masked: 0, invalidUtf8: 0, nonFinite: 0, hits: {} };
      leaves.push(counts);
      return { ...leaf, counts };
    };
    const under = (column: Column, scope: Scope): Column => {
      const { kind } = column.field;
      const { children } = column;
      if (kind === "struct") {
        const inside = insideStruct(scope, children);
        return { ...column, children: children.map((child) => under(child, inside)) };
      }
      if (kind === "list") {
        const inside = insideList(scope, column, kernels);
        return around(
          column,
          children.map((child) => under(child, inside)),
        );
      }
      if (kind === "map") return maskKeys(mapOf(column, insideList(scope, column, kernels)), judge, kernels);
      const { mask, numeric, cases, counts } = next();
      const beside = new LeafBeside(scope, column.length, batch, kernels);
      if (cases.length === 0) return ofNumbers(numeric, column, mask(column, kernels, counts, beside));
      return maskByCase(column, cases, mask, beside, kernels, counts);
    };
    const mapOf = (column: Column, inside: Scope): Column => {
      const [keys, values] = column.children as readonly [Column, Column];
      const text: Column = { ...textForm(keys, kernels).column, field: { ...keys.field, kind: "utf8" } };
      if (values.children.length > 0) return around(column, [text, under(values, inside)]);
      const { mask, numeric, cases, counts } = next();
      const beside = new LeafBeside(inside, values.length, batch, kernels);
      if (cases.length === 0) {
        return around(column, [text, ofNumbers(numeric, values, mask(values, kernels, counts, beside))]);
      }
      return maskEntries({ ...column, children: [text, values] }, cases, mask, beside, kernels, counts);
    };
    const columns = batch.columns.map((column) => under(column, recordScope(batch)));
    if (leaves.length !== this.#leaves.length)
      throw new RangeError("masking: the batch has fewer leaves than the plan");
    return { batch: { rows: batch.rows, columns }, leaves };
  }
}

/** A list or map of what is left of its items; dropped items take its key with them. */
function around(column: Column, children: readonly Column[]): Column {
  return children.at(-1)?.omitted ? { ...column, children, omitted: true } : { ...column, children };
}

/**
 * What a numeric mask made of numbers is written without quotes. Where cases decide, values of several masks share a
 * column: that is text.
 */
function ofNumbers(numeric: boolean, column: Column, masked: Column): Column {
  if (!numeric || !NUMBERS.has(column.field.kind)) return masked;
  return { ...masked, field: { ...masked.field, kind: "number" } };
}

/** Names that only the data shows are few: each is judged once, up to so many. */
const KNOWN = 10_000;

function judged(): MaskContext["judge"] {
  const known = new Map<string, ReturnType<MaskContext["judge"]>>();
  return (name) => {
    if (known.has(name)) return known.get(name);
    const found = looksLikeData(name) ? "data" : looksSensitive(name) ? "sensitive" : undefined;
    if (known.size < KNOWN) known.set(name, found);
    return found;
  };
}

/** Whether a name looks like one of these. */
function lookingLike(looks: readonly string[]): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const look = lookOf(name);
    const found = look !== undefined && looks.includes(look);
    if (known.size < KNOWN) known.set(name, found);
    return found;
  };
}

/** Keys of the domains: HKDF-SHA-256 (RFC 5869) of the master key, salted with the environment. */
function maskContext({ environment, key }: Keying): MaskContext {
  return {
    environment,
    judge: judged(),
    domainKey: (domain) => Buffer.from(hkdfSync("sha256", key, environment, `maskline/token/v1/${domain}`, 32)),
  };
}

/** What masks may know under the key that a decision is for. */
function contextsOf(own: MaskContext, setup: Keying): (decision: Decision) => MaskContext {
  const { previousKey } = setup;
  const before = previousKey && maskContext({ ...setup, key: previousKey });
  return ({ previous }) => {
    const context = previous ? before : own;
    if (!context) throw new RangeError("masking: there is no previous key");
    return context;
  };
}

function leafMask({ mask: name, options }: Decision, context: MaskContext): LeafMask {
  const declaration = maskNamed(name);
  switch (declaration.action) {
    case "keep":
      return (column, kernels, counts) => keepColumn(seen(column, counts), kernels, counts);
    case "drop":
      return (column, _kernels, counts) => ({ ...seen(column, counts, "masked"), omitted: true });
    case "null":
      return (column, _kernels, counts) => nulls(seen(column, counts, "masked"));
    default: {
      let hits: Record<string, number> = {};
      const compiled = declaration.compile?.(options, context, (detector, found) => {
        hits[detector] = (hits[detector] ?? 0) + found;
      }) as ColumnMask;
      return (column, kernels, counts, beside) => {
        hits = counts.hits;
        const { column: text, invalidUtf8, nonFinite } = textForm(seen(column, counts), kernels);
        counts.invalidUtf8 += invalidUtf8;
        counts.nonFinite += nonFinite;
        const masked = compiled(text, kernels, beside);
        counts.masked +=
          declaration.counts === "all"
            ? text.length - text.nullCount
            : kernels.countChanged(text.values, text.offsets, masked.values, masked.offsets, column.length);
        return masked;
      };
    }
  }
}

/** The column, its values counted. */
function seen(column: Column, counts: LeafCounts, masked?: "masked"): Column {
  const values = column.length - column.nullCount;
  counts.nulls += column.nullCount;
  counts.values += values;
  if (masked) counts.masked += values;
  return column;
}

/** Text is checked even where it is kept: the output must be valid UTF-8. */
function keepColumn(column: Column, kernels: Kernels, counts: LeafCounts): Column {
  if (column.field.kind !== "utf8") return column;
  const { column: text, invalidUtf8 } = textForm(column, kernels);
  counts.invalidUtf8 += invalidUtf8;
  return text;
}

function nulls(column: Column): Column {
  const field = { name: column.field.name, kind: "null", children: [] } as const;
  return {
    field,
    length: column.length,
    nullCount: column.length,
    validity: 0,
    offsets: 0,
    values: 0,
    valuesLength: 0,
    children: [],
  };
}
