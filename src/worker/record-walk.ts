import { looksLikeData } from "../policy/data-names.ts";
import { type Expected, type ExpectedLeaf, expectedOf } from "../proof/expected.ts";
import type { RecordProof } from "../proof/record.ts";
import { type Scope, type SourceNode, textBeside } from "./source-node.ts";
import type { MemoryView } from "./source-text.ts";

/** By leaf, what each element became, of those leaves that it is asked for. */
export type Results = readonly (string[] | undefined)[];

/** Goes through records as they were and as they were written, side by side. */
export class RecordWalk {
  readonly #leaves: readonly ExpectedLeaf[];
  readonly #nodes: readonly SourceNode[];
  readonly #proof: RecordProof;
  readonly #memory: MemoryView;
  readonly #results: Results | undefined;

  /** @param memory good as long as the walk */
  constructor(
    leaves: readonly ExpectedLeaf[],
    nodes: readonly SourceNode[],
    proof: RecordProof,
    memory: MemoryView,
    results: Results | undefined,
  ) {
    this.#leaves = leaves;
    this.#nodes = nodes;
    this.#proof = proof;
    this.#memory = memory;
    this.#results = results;
  }

  record(row: number, written: Members): void {
    const scope = { members: this.#nodes, index: row, outer: undefined };
    for (const node of this.#nodes) this.#visit(node, row, scope, undefined, memberOf(written, node));
  }

  #visit(node: SourceNode, index: number, scope: Scope, key: string | undefined, output: unknown): void {
    const { leaf, values } = node;
    if (!values) {
      this.#visitNested(node, index, scope, output);
      return;
    }
    if (this.#results !== undefined && typeof output === "string") {
      const results = this.#results[leaf];
      if (results) results[index] = output;
    }
    this.#proof.leaf(leaf, this.#expected(node, index, scope, key), values, index, output);
  }

  #expected({ leaf, values }: SourceNode, index: number, scope: Scope, key: string | undefined): Expected {
    const expected = this.#leaves[leaf]!;
    if (expected.cases.length === 0) return expected;
    return expectedOf(expected, key, values?.text(index) ?? null, (field) => textBeside(scope, field));
  }

  #visitNested(node: SourceNode, index: number, scope: Scope, output: unknown): void {
    const { children, leaf } = node;
    const { kind } = node.field;
    const { bytes, int32 } = this.#memory;
    const isNull = node.validity !== 0 && ((bytes[node.validity + (index >> 3)]! >> (index & 7)) & 1) === 0;
    const absent = output === undefined;
    const fits = isNull ? output === null : kind === "list" ? Array.isArray(output) : isObject(output);
    if (!fits && !(absent && node.dropped)) this.#proof.wrong(leaf, isNull ? "null" : "values");
    else if (isNull) return;
    else if (kind === "struct") {
      const members = isObject(output) ? output : {};
      const inside = { members: children, index, outer: scope };
      for (const child of children) this.#visit(child, index, inside, undefined, memberOf(members, child));
    } else {
      const from = int32[(node.offsets >>> 2) + index]!;
      const to = int32[(node.offsets >>> 2) + index + 1]!;
      if (kind === "map") this.#visitMap(node, from, to, scope, isObject(output) ? output : undefined);
      else if (!absent && (output as unknown[]).length !== to - from) this.#proof.wrong(leaf, "items");
      else {
        const items = (output ?? []) as unknown[];
        for (let at = from; at < to; at++) this.#visit(children[0]!, at, scope, undefined, items[at - from]);
      }
    }
  }

  #visitMap({ children, leaf }: SourceNode, from: number, to: number, scope: Scope, output: Members | undefined): void {
    const [keys, values] = children as readonly [SourceNode, SourceNode];
    let number = 0;
    const entries = new Map<string, { readonly at: number; readonly key: string }>();
    for (let at = from; at < to; at++) {
      const key = keys.values?.text(at) ?? "";
      // Keys that are data themselves are numbered; of entries with one key the last one is what a reader sees.
      const isData = looksLikeData(key) && !this.#isDropped(values, key, at, scope);
      entries.set(isData ? `[NAME ${++number}]` : key, { at, key });
    }
    for (const [name, { at, key }] of entries) this.#visit(values, at, scope, key, output && own(output, name));
    if (output && Object.keys(output).some((name) => !entries.has(name))) this.#proof.wrong(leaf, "keys");
  }

  #isDropped(node: SourceNode, key: string, at: number, scope: Scope): boolean {
    return node.values !== undefined && this.#expected(node, at, scope, key).action === "drop";
  }
}

/** An object of JSON. */
export type Members = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function memberOf(members: Members, { field, inherited }: SourceNode): unknown {
  return inherited ? own(members, field.name) : members[field.name];
}

/** A record may have a field named like what every object has. */
function own(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}
