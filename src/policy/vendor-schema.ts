import type { VendorField } from "../genesys/types.ts";
import { type Contents, contentOfReason } from "./content.ts";
import { Decider, type Policy } from "./decide.ts";
import { type Change, compare, type Drift } from "./drift.ts";
import { type Lock, type LockedLeaf, lockedLeaves } from "./lock.ts";
import { withRecordNames } from "./record-names.ts";
import { topOf, vendorLeaf } from "./vendor-fields.ts";

/** A schema that is announced before there are files of it. */
export interface AnnouncedSchema {
  /** For people: what it is, and where it is from. */
  readonly name: string;
  readonly fields: readonly VendorField[];
  /** Names of fields of the record that the export leaves out: they are neither new nor removed. */
  readonly leftOut: ReadonlySet<string>;
}

/**
 * How a schema that is announced differs from the approved one: what the drift gate will say of its files, as far as
 * names and types tell. Without a lock, the fields for which a person must decide.
 */
export function schemaDrifts({ name, fields, leftOut }: AnnouncedSchema, policy: Policy, lock?: Lock): Drift[] {
  const exported = fields.filter(({ path }) => !leftOut.has(topOf(path)));
  const approved = (lock?.leaves ?? []).filter(({ path }) => !leftOut.has(topOf(path))).map(withoutNames);
  const leaves = decided(exported, policy, approved).map(withoutNames);
  // Where nothing was approved, everything is new, which is no news.
  const told = lock ? leaves : leaves.filter(({ mask }) => mask === "pause");
  return compare({ version: 1, leaves: approved }, [{ input: name, leaves: told }]);
}

/** The leaves of a schema that is announced, as the lock would have them; what their contents show is not known yet. */
export function announcedLeaves({ fields, leftOut }: AnnouncedSchema, policy: Policy, lock?: Lock): LockedLeaf[] {
  const exported = fields.filter(({ path }) => !leftOut.has(topOf(path)));
  return decided(exported, policy, lock?.leaves ?? []).map((leaf) => ({ ...leaf, announced: true }));
}

/** How a schema differs from what it was before, by path and the vendor's types; whether that matters, `schemaDrifts` tells. */
export function schemaChanged(before: readonly VendorField[], after: readonly VendorField[]): Change[] {
  const typesOf = (fields: readonly VendorField[]) =>
    new Map([...Map.groupBy(fields, ({ path }) => path)].map(([path, own]) => [path, saysTypes(own)]));
  const [was, is] = [typesOf(before), typesOf(after)];
  const advice = "files of one job may have either; start again, and all have the new one";
  const change = (kind: Change["kind"], path: string, what: string) => ({ kind, path, stops: false, what, advice });
  return [
    ...[...is].flatMap(([path, type]) => {
      const old = was.get(path);
      if (old === undefined) return [change("added", path, `new, ${type}`)];
      return old === type ? [] : [change("type changed", path, `${old} before, ${type} now`)];
    }),
    ...[...was].flatMap(([path, type]) => (is.has(path) ? [] : [change("removed", path, `gone, was ${type}`)])),
  ];
}

function saysTypes(fields: readonly VendorField[]): string {
  return [...new Set(fields.map(({ type }) => type))].toSorted().join(" or ");
}

/** The leaves as the lock would have them. */
function decided(fields: readonly VendorField[], policy: Policy, approved: readonly LockedLeaf[]): LockedLeaf[] {
  const known = Map.groupBy(approved, ({ path }) => path);
  const decider = new Decider(policy, contentsOf(approved));
  const looks = new Map(approved.flatMap((one) => (one.looks === undefined ? [] : [[one.path, one.looks] as const])));
  const decisions = withRecordNames(
    fields.map((field) => {
      const leaf = vendorLeaf(field, known.get(field.path) ?? []);
      return { ...leaf, decision: decider.decide(leaf) };
    }),
  );
  const leaves = new Map<string, LockedLeaf>();
  for (const { type, ...leaf } of decisions) {
    for (const one of lockedLeaves([leaf], looks)) leaves.set(JSON.stringify([one.path, type]), { ...one, type });
  }
  return [...leaves.values()];
}

/** What was seen of contents when they were approved: nothing of the new ones can be seen yet. */
function contentsOf(approved: readonly LockedLeaf[]): Contents {
  return new Map(
    approved.flatMap(({ path, looks }) => {
      const whole = looks === undefined ? undefined : contentOfReason(looks);
      return whole ? [[path, { whole, keys: new Map() }]] : [];
    }),
  );
}

/** Which columns' names a scan looks for comes from the columns that files have: that is compared when they are there. */
function withoutNames(leaf: LockedLeaf): LockedLeaf {
  if (leaf.mask !== "scan" || leaf.options === undefined) return leaf;
  const { names: _, ...options } = leaf.options;
  return { ...leaf, options };
}
