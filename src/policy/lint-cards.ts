import { type Stage, usageError } from "../errors.ts";
import type { Case, Decision, LeafDecision, LeafSample, Warning } from "../types.ts";
import type { Policy } from "./decide.ts";
import type { Leaf } from "./leaves.ts";
import { lookOf, lookOfLeaf, looksSensitive } from "./sensitive.ts";
import type { Look } from "./sensitive-words.ts";

/** Masks that leave nothing of a value. */
const REMOVES: ReadonlySet<string> = new Set(["drop", "null", "replace", "pause"]);
/** Masks whose result is the same for the same value. */
const CODES: ReadonlySet<string> = new Set(["token", "salted-hash", "email", "fpe", "name"]);

/** Refuses what must not be done with a card's data: a code that is kept in any form, a number that is hashed without a key. */
export function checkCards(leaf: Leaf, decision: LeafDecision): void {
  const doing = `planning the column ${leaf.path}`;
  refuseForLook(lookOfLeaf(leaf), decision, doing, decision.rule);
  for (const { keys, looks, decision: one } of decision.cases) {
    // A preset says itself what it is for.
    if (looks) continue;
    const look =
      keys === undefined ? lookOfLeaf(leaf) : lookOf(keys.replace(/\[\^\]\*|[\^$\\]/g, " "), leaf.field.kind);
    refuseForLook(look, one, doing, one.rule);
  }
}

/** @throws MasklineError (exit 2) where a mask must not be used for what looks so */
export function refuseForLook(
  look: Look | undefined,
  { mask }: { readonly mask: string },
  doing: string,
  rule: string,
  stage: Stage = "plan",
): void {
  if (look === "authentication" && !REMOVES.has(mask)) {
    throw usageError(
      `${doing}: ${mask} (${rule}) of what looks like card authentication data: it must not be kept in any form, ` +
        "hashed or in a token (PCI DSS 3.3.1); use drop, or the preset pci-dss",
      { stage },
    );
  }
  if (look === "card" && mask === "salted-hash") {
    throw usageError(
      `${doing}: salted-hash (${rule}) of a card number can be undone by trying numbers (PCI DSS 3.5.1.1 ` +
        "wants a keyed hash); use pan or token",
      { stage },
    );
  }
}

/** A leaf with what was decided. */
export type Decided = Leaf & { readonly decision: LeafDecision };

/**
 * What of one card number could be put together in the output: a code and a truncated form, or two truncated forms; and
 * what could be a live one.
 * @throws MasklineError (exit 2) where the policy has the preset pci-dss
 */
export function lintCards(leaves: readonly Decided[], presets: Policy["presets"]): Warning[] {
  const codes = new Map<string, string>();
  const forms = new Map<string, string>();
  for (const leaf of leaves) {
    for (const decision of [leaf.decision, ...leaf.decision.cases.map((one) => one.decision)]) {
      const isCard = lookOfLeaf(leaf) === "card";
      const form = formOf(leaf, decision, isCard);
      if (form) forms.set(form, leaf.path);
      else if (isCard && CODES.has(decision.mask)) codes.set(decision.mask, leaf.path);
    }
  }
  const warnings: Warning[] = [];
  const [code] = codes;
  const [form, other] = forms;
  if (code && form) {
    warnings.push({
      column: code[1],
      message: `holds a card number as ${code[0]}, and ${form[1]} one as ${form[0]}: together they tell the number; use pan, or drop one`,
      clause: "PCI DSS 3.5.1",
    });
  }
  if (form && other) {
    warnings.push({
      column: form[1],
      message: `holds a card number as ${form[0]}, and ${other[1]} one as ${other[0]}: together they leave fewer digits out; use one form`,
      clause: "PCI DSS 3.5.1, FAQ 1091",
    });
  }
  const encrypted = leaves.find(
    (leaf) =>
      lookOfLeaf(leaf) === "card" &&
      [leaf.decision, ...leaf.decision.cases.map((one) => one.decision)].some(({ mask }) => mask === "fpe"),
  );
  if (encrypted) {
    warnings.push({
      column: encrypted.path,
      message:
        "encrypts card numbers into other numbers, of which one in ten passes the check digit and may be somebody's card; use pan or token",
      clause: "PCI DSS 6.5.5",
    });
  }
  const [first] = warnings;
  if (first && presets.includes("pci-dss")) {
    throw usageError(`planning the column ${first.column}: ${first.message} (${first.clause})`, { stage: "plan" });
  }
  return warnings;
}

/** Whether values of a leaf become hashes without a key: their content must be looked at, whatever the leaf is called. */
export function isHashed(decision: LeafDecision): boolean {
  return [decision, ...decision.cases.map((one) => one.decision)].some(({ mask }) => mask === "salted-hash");
}

/**
 * Card numbers that only a sample shows, and that are hashed without a key.
 * @param samples what the content of leaves shows, by path
 * @returns warnings of leaves where it depends on values beside whether a card is hashed
 * @throws MasklineError (exit 2) where they are
 */
export function lintHashed(leaves: readonly Decided[], samples: ReadonlyMap<string, readonly LeafSample[]>): Warning[] {
  const hashed = new Map(leaves.filter(({ decision }) => isHashed(decision)).map((leaf) => [leaf.path, leaf]));
  return [...hashed.values()].flatMap(({ path, decision }) => {
    const own = samples.get(path) ?? [];
    const keys = own.flatMap(({ keys = {} }) => Object.entries(keys));
    const places: readonly (readonly [string | undefined, LeafSample])[] = [
      ...own.map((sample) => [undefined, sample] as const),
      ...keys,
    ];
    return places
      .filter(([, { whole }]) => (whole.card ?? 0) > 0)
      .flatMap(([key]) => whereHashed(path, key, decision))
      .slice(0, 1);
  });
}

function whereHashed(path: string, key: string | undefined, decision: LeafDecision): Warning[] {
  const named = decision.cases.filter((one) => isCaseOf(one, key));
  const sure = named.find(({ when }) => !when)?.decision ?? decision;
  const may = named.flatMap(({ when, decision: one }) => (when ? [one] : []));
  const says = "what looks like card numbers by content";
  const why = "it can be undone by trying numbers (PCI DSS 3.5.1.1 wants a keyed hash); use pan or token";
  if (sure.mask === "salted-hash" && may.length === 0) {
    throw usageError(`planning the column ${path}: salted-hash (${sure.rule}) of ${says}: ${why}`, { stage: "plan" });
  }
  const one = [...may, sure].find(({ mask }) => mask === "salted-hash");
  if (!one) return [];
  const message = `may hash ${says}, as values beside them say: ${why}`;
  return [{ rule: one.rule, column: path, message, clause: "PCI DSS 3.5.1.1" }];
}

/** Whether a case is for values under the key, for some of them or for all. */
function isCaseOf({ keys, looks, sensitive }: Case, key: string | undefined): boolean {
  if (keys === undefined && looks === undefined && sensitive === undefined) return true;
  if (key === undefined) return false;
  const look = lookOf(key);
  return (
    (keys !== undefined && new RegExp(keys, "iu").test(key)) ||
    (look !== undefined && looks?.includes(look) === true) ||
    (sensitive === true && looksSensitive(key) !== undefined)
  );
}

/** How a card number is truncated: by the mask, or already where it comes from. */
function formOf({ name }: Leaf, { mask, options }: Decision, isCard: boolean): string | undefined {
  if (mask === "pan" && options.keep !== "none") return String(options.keep);
  if (mask === "fpe" && isCard && (Number(options.keepFirst) > 0 || Number(options.keepLast) > 0)) {
    return `fpe that keeps ${options.keepFirst} + ${options.keepLast} digits`;
  }
  const part = /last_?-?(?:4|four)/i.test(name) ? "last4" : /first_?-?(?:6|six|8)/i.test(name) ? "bin" : undefined;
  return isCard && !REMOVES.has(mask) && !CODES.has(mask) ? part : undefined;
}
