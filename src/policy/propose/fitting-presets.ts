import type { Leaf } from "../leaves.ts";
import type { PRESETS } from "../presets.ts";
import { lookOfLeaf } from "../sensitive.ts";
import type { Look } from "../sensitive-words.ts";
import type { Evidence } from "./evidence.ts";

export type PresetName = keyof typeof PRESETS;

export interface ChosenPreset {
  readonly name: PresetName;
  readonly why: string;
}

/** From this share of values on, cards are no accident. */
const RARE = 0.01;
const CARDS: ReadonlySet<Look | undefined> = new Set<Look>(["card", "authentication", "expiry"]);
const CONVERSATIONS = new Set(
  `conversationid conversationstart conversationend participantid sessionid segmentstart segmentend segmenttype
  externalcontactid divisionids originatingdirection`.split(/\s+/),
);
/** Names of a conversation's fields that others have, too. */
const TELLING = 3;

/** The presets that fit what the inputs hold. Safe Harbor is a decision about a whole data set, so nothing shows it. */
export function fittingPresets(leaves: readonly Leaf[], evidence: (leaf: Leaf) => Evidence): ChosenPreset[] {
  const cards = paths(leaves.filter((leaf) => CARDS.has(lookOfLeaf(leaf)) || holdsCards(evidence(leaf))));
  const names = new Set(leaves.map(({ name }) => name.toLowerCase()).filter((name) => CONVERSATIONS.has(name)));
  const conversations = leaves.some(({ path }) => /(^|\.)participants\[\]\./i.test(path)) || names.size >= TELLING;
  return [
    { name: "contact-center", why: "the usual fields of a contact centre" },
    ...(cards.length > 0 ? [{ name: "pci-dss", why: `cards, by name or content: ${someOf(cards)}` } as const] : []),
    ...(conversations ? [{ name: "genesys-analytics", why: "conversations, as Genesys Cloud has them" } as const] : []),
  ];
}

function holdsCards({ values, whole, mentioned }: Evidence): boolean {
  return ["card", "track", "cvv"].some((name) => Math.max(whole[name] ?? 0, mentioned[name] ?? 0) > values * RARE);
}

function paths(leaves: readonly Leaf[]): string[] {
  return [...new Set(leaves.map(({ path }) => path))];
}

const SHOWN = 3;

function someOf(all: readonly string[]): string {
  const more = all.length - SHOWN;
  return `${all.slice(0, SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
