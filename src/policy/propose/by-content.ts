import type { Content } from "../content.ts";
import type { Leaf } from "../leaves.ts";
import { looseName } from "../match.ts";
import { FREE_TEXT } from "../presets/preset.ts";
import { wordsOf } from "../sensitive.ts";
import { MOST, phone } from "./by-look.ts";
import { type Evidence, leadingOf, number, saysMentioned, saysValues, saysWhole, shareOf } from "./evidence.ts";
import { byId, idOf } from "./ids.ts";
import { type Suggestion, suggest, token, type Verdict } from "./suggestion.ts";

/** Shares of a sample: sentences among text, a form that nearly all values have. */
const SOME_PROSE = 0.2;
/** Fewer values show no form and no category. */
const FEWEST = 16;
const ENOUGH = 64;
/** Values of a category, and how often each stands on average. */
const CATEGORIES = 32;
const EACH = 8;

const freeNames = FREE_TEXT.map(looseName);

export function isFreeText({ name }: Pick<Leaf, "name">, { values, prose }: Evidence): boolean {
  return freeNames.some((test) => test(name)) || (values > 0 && prose >= values * SOME_PROSE);
}

/** What a leaf whose values are identifiers could become: for most of them a mask for what nearly all are. */
export function byIdentifiers(leaf: Leaf, seen: Evidence): Verdict {
  const leading = leadingOf(seen.whole) ?? "";
  const why = saysWhole(seen);
  if (isFreeText(leaf, seen)) return suggest("scan", `free text; ${why}`);
  if (shareOf(seen, leading) < MOST) {
    return { open: `${why}, and the others may be anything: token takes each whole, scan only what it finds` };
  }
  switch (leading) {
    case "card":
      return shareOf(seen, "card") === 1 ? suggest("pan", why) : suggest("drop", why);
    case "phone":
      return phone(seen, why);
    case "email":
    case "ip":
      return suggest(leading, why);
    case "dob":
    case "date of birth":
      return suggest("date", `${why}: their year stays (45 CFR 164.514(b)(2)(i)(C))`, { to: "year" });
    case "iban":
    case "account":
      return token("account", "Account_", why);
    case "mrn":
      return token("record", "Record_", why);
    case "url":
      return token("url", "Url_", why);
    default:
      return suggest("drop", why);
  }
}

/** What text that holds JSON documents could become: what is in them has names that tell. */
export function byDocuments({ values, forms }: Evidence): Suggestion | undefined {
  const { json = 0 } = forms;
  if (values === 0 || json < values * MOST) return undefined;
  return suggest(
    "json",
    `${number(json)} of ${saysValues(values)} are JSON: what is in them is scanned, or masked by its name`,
  );
}

/**
 * What text that is no identifier could become.
 * @returns undefined where nothing was seen of it
 */
export function byText(leaf: Leaf, seen: Evidence, content: Content | undefined): Verdict | undefined {
  const { values, forms, distinct, prose } = seen;
  if (values === 0) return undefined;
  if (content) return suggest("scan", saysMentioned(seen));
  if (isFreeText(leaf, seen)) return suggest("scan", `free text, where anything may stand; ${saysValues(values)}`);
  const of = idOf(leaf);
  if (of) return byId(of, false);
  if (isWho(leaf)) return token("person", "User_", "who did something, by its name");
  if (leaf.field.uuid || (forms.uuid ?? 0) >= values * MOST) {
    return suggest(
      "keep",
      `${number(leaf.field.uuid ? values : forms.uuid!)} of ${saysValues(values)} are UUIDs, which say nothing of a person by themselves`,
    );
  }
  for (const [form, many] of [
    ["time", "dates and times"],
    ["number", "short numbers"],
  ] as const) {
    if (forms[form] === values && values >= FEWEST) return suggest("keep", `all of ${saysValues(values)} are ${many}`);
  }
  if (
    leaf.field.kind === "utf8" &&
    values >= ENOUGH &&
    distinct <= Math.min(CATEGORIES, values / EACH) &&
    prose === 0
  ) {
    return suggest(
      "keep",
      `a category: ${number(distinct)} different among ${saysValues(values)}, no identifier found`,
    );
  }
  return suggest("scan", `text; no identifier found among ${saysValues(values)}`);
}

/** handledBy, created_by */
function isWho({ name }: Pick<Leaf, "name">): boolean {
  const words = wordsOf(name);
  return words.length > 1 && words.at(-1) === "by";
}

/** What a number, a time or a boolean that is no identifier could become. */
export function byType({ name, path, field: { kind } }: Leaf, { values }: Evidence): Verdict | undefined {
  switch (kind) {
    case "null":
      return undefined;
    case "bool":
      return suggest("keep", "true or false");
    case "time":
    case "duration":
    case "interval":
      return suggest("keep", "a time of day or a span, no date");
    case "date32":
    case "date64":
    case "timestamp":
      return values === 0 ? undefined : suggest("keep", `a time; not of birth by name, nor by ${saysValues(values)}`);
    default: {
      if (values === 0) return undefined;
      const of = idOf({ name, path });
      return of ? byId(of, true) : suggest("keep", `a number; no identifier by name, nor among ${saysValues(values)}`);
    }
  }
}
