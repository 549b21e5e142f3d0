import type { Kind } from "../../types.ts";
import { type Look, saysLook } from "../sensitive-words.ts";

/** A bundled rule: which leaves, which mask, and the clause that it serves. Leaves are told by field, path or looks. */
export interface PresetRule {
  /** A name, compared without case, `_`, `-` and spaces; `*` for any characters. */
  readonly field?: string;
  /** A whole path, as in a user's rule. */
  readonly path?: string;
  /** What a leaf's name looks like, in any language. */
  readonly looks?: Look;
  /** Only leaves of these kinds; alone, all of them. */
  readonly kinds?: readonly Kind[];
  readonly mask: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** As in a rule: only where the nearest field of that name (without one: the value itself) holds one of these. */
  readonly when?: { readonly field?: string | undefined; readonly is: readonly string[] };
  readonly clause: string;
}

/** ISO/IEC 20889 classes of technique, for what no regulation is named for. */
export const PSEUDONYMISED = "ISO/IEC 20889 pseudonymization";
export const SUPPRESSED = "ISO/IEC 20889 masking (suppression)";

export const TEXT: readonly Kind[] = ["utf8", "binary"];

/** Names of free text, where anything may stand. */
export const FREE_TEXT: readonly string[] = [
  ..."*transcript *transcripts *transcription utterance utterances wrapUpNote *note *notes *comment *comments".split(
    " ",
  ),
  ..."*remark *remarks subject *subject body *body messageText *message messages summary *summary description".split(
    " ",
  ),
  ..."freeText verbatim *feedback narrative details content".split(" "),
];

/** What a rule is for, in words. */
export function saysTarget({ field, path, looks, kinds }: PresetRule): string {
  return field ?? path ?? (looks ? saysLook(looks) : (kinds ?? []).join(", "));
}

/** Rules that differ in the field only. */
export function fields(names: string, rule: Omit<PresetRule, "field" | "path" | "looks">): PresetRule[] {
  return names.split(/\s+/).map((field) => ({ field, ...rule }));
}

/** Rules that differ in the path only. */
export function paths(names: string, rule: Omit<PresetRule, "field" | "path" | "looks">): PresetRule[] {
  return names.split(/\s+/).map((path) => ({ path, ...rule }));
}
