import { z } from "zod";
import { usageError } from "../errors.ts";
import type { Case, Decision, Field, LeafDecision } from "../types.ts";
import type { Leaf } from "./leaves.ts";
import { textOf } from "./match.ts";
import { lookOfLeaf, looksSensitive } from "./sensitive.ts";
import { saysLook } from "./sensitive-words.ts";

/** A leaf as it was approved, or as it is now: what it is and what becomes of it. */
export interface LockedLeaf {
  /** Of a map's entries whose key matches: `attributes{*ssn*}`. */
  readonly path: string;
  /** Kind with unit and scale: `timestamp(us, UTC)`. */
  readonly type: string;
  readonly mask: string;
  /** The mask's options, complete. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** Who decided, without the rule's number, which changes with its neighbours. */
  readonly by: string;
  /** The clause that it serves. */
  readonly clause?: string | undefined;
  /** What it looks like by name or content, whatever was decided. */
  readonly looks?: string | undefined;
  /** Its type is what an API announces: it says less than a file's. */
  readonly announced?: true | undefined;
}

/** The approved schema: each leaf of all inputs, in schema order. */
export interface Lock {
  readonly version: 1;
  readonly leaves: readonly LockedLeaf[];
}

/** A leaf of an input with its decision and, where a sample was taken, what its content looks like. */
export interface DecidedLeaf extends Leaf {
  readonly decision: LeafDecision;
}

const leaf = z.strictObject({
  path: z.string(),
  type: z.string(),
  mask: z.string(),
  options: z.record(z.string(), z.unknown()).optional(),
  by: z.string(),
  clause: z.string().optional(),
  looks: z.string().optional(),
  announced: z.literal(true).optional(),
});
const lock = z.strictObject({ version: z.literal(1), leaves: z.array(leaf) });

/** One input's leaves as the lock has them; entries of a map that a rule decides by key are leaves of their own. */
export function lockedLeaves(
  leaves: readonly DecidedLeaf[],
  looksByContent: ReadonlyMap<string, string> = new Map(),
): LockedLeaf[] {
  return leaves.flatMap((leaf) => {
    const { path, field, decision } = leaf;
    const type = typeOf(field);
    const look = lookOfLeaf(leaf);
    const looks = look ? saysLook(look) : looksByContent.get(path);
    const ruled = decision.cases.filter(({ seen }) => seen === undefined);
    return [
      ...ruled.map((one) => {
        const byKey = one.keys === undefined ? undefined : looksSensitive(textOf(one.keys), field.kind);
        return locked(casePath(path, one), type, one.decision, byKey ?? looks);
      }),
      locked(path, type, decision, looks),
    ];
  });
}

/** `attributes{*ssn*}`, `attributes{} whose key looks sensitive`, `properties[].value where property is *phone*`. */
function casePath(path: string, { keys, looks, sensitive, when }: Case): string {
  const named = keys === undefined ? path : path.replace(/\}$/, `${textOf(keys)}}`);
  const looked = looks?.join(" or ") ?? (sensitive ? "sensitive" : undefined);
  const own = looked === undefined ? named : `${named} whose key looks ${looks ? "like " : ""}${looked}`;
  return when ? `${own} where ${when.field ?? "it"} is ${when.is.split("|").map(textOf).join(" or ")}` : own;
}

function locked(path: string, type: string, decision: Decision, looks: string | undefined): LockedLeaf {
  const { mask, options, rule, clause } = decision;
  return {
    path,
    type,
    mask,
    // As JSON has them: without what is undefined.
    ...(Object.keys(options).length > 0 && { options: JSON.parse(JSON.stringify(options)) as LockedLeaf["options"] }),
    by: rule.replace(/^rule \d+: /, "rule "),
    ...(clause !== undefined && { clause }),
    ...(looks !== undefined && { looks }),
  };
}

/** The leaves of all inputs: one that several have alike stands once. */
export function lockOf(inputs: readonly (readonly LockedLeaf[])[]): Lock {
  const leaves = new Map<string, LockedLeaf>();
  for (const one of inputs.flat()) {
    const id = JSON.stringify([one.path, one.type, one.mask, one.options]);
    if (!leaves.has(id)) leaves.set(id, one);
  }
  return { version: 1, leaves: [...leaves.values()] };
}

/** JSON with a leaf on each line, so that a pull request shows what changed. */
export function lockText({ version, leaves }: Lock): string {
  const lines = leaves.map((one) => `    ${JSON.stringify(one)}`).join(",\n");
  return `{\n  "version": ${version},\n  "leaves": [${lines === "" ? "" : `\n${lines}\n  `}]\n}\n`;
}

/** @throws MasklineError (exit 2) when the text is no lock */
export function parseLock(text: string, file: string): Lock {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    // What the parser says of the place may quote the text.
    throw usageError(`reading the lock ${file}: it is no JSON; ${RENEW}`, { stage: "drift", cause: error });
  }
  const version = (content as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > 1) {
    throw usageError(`reading the lock ${file}: its version ${version} is of a later maskline; use that one`, {
      stage: "drift",
    });
  }
  const { data, error } = lock.safeParse(content);
  if (data) return data;
  const [issue] = error.issues;
  throw usageError(`reading the lock ${file}: ${issue!.path.join(".") || "it"}: ${issue!.message}; ${RENEW}`, {
    stage: "drift",
  });
}

const RENEW = "take it back from version control, or write it anew with: maskline drift --approve";

/** Kind with unit and scale: `timestamp(us, UTC)`. */
export function typeOf({ kind, unit, utc, scale, width, uuid }: Field): string {
  const details = [unit, utc ? "UTC" : undefined, scale === undefined ? undefined : `scale ${scale}`];
  if (kind === "decimal" || (kind === "binary" && width !== undefined)) details.push(`${width ?? 16} bytes`);
  const said = details.filter((one) => one !== undefined).join(", ");
  return (uuid ? "uuid" : kind) + (said === "" ? "" : `(${said})`);
}
