import type { Leaf } from "../leaves.ts";
import { wordsOf } from "../sensitive.ts";
import { type Suggestion, suggest, token } from "./suggestion.ts";

const ID = /^(?:ids?|uuids?|guids?|uids?|identifiers?)$/;

const STAFF = list(`agent user employee supervisor evaluator assignee assigner operator manager coach owner rep
  representative staff worker mitarbeiter bearbeiter`);

/** What has an id and is neither a person nor anything that one did. */
const THINGS = list(`queue flow skill team site division campaign wrapup code group department role location language
  region country product category topic status state type reason media channel edge trunk station schedule calendar
  timezone currency brand store branch form survey template playbook script version application app tenant`);

const CUSTOMERS = list(`customer client cust consumer subscriber kunde kunden cliente clienti klant kokyaku`);
const TRAILERS = list("id ids uuid guid no nr num number nummer numero ref reference key code tag");

function list(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}

/** Domains whose canonical form is that of something else. */
const TAKEN = new Set(["person", "phone", "email", "default", "date-shift", "number-noise"]);

/** An id by its name: of what, as words. `id` alone is of what it stands in. */
export function idOf({ name, path }: Pick<Leaf, "name" | "path">): readonly string[] | undefined {
  const words = wordsOf(name);
  if (!ID.test(words.at(-1) ?? "")) return undefined;
  if (words.length > 1) return words.slice(0, -1);
  const above = path.split(/\.|\[\]|\{\}/).filter((part) => part !== "");
  return wordsOf(above.at(-2) ?? "");
}

/** Ids of things stay; those that lead back to somebody's record become tokens that join as the ids did. */
export function byId(of: readonly string[], isNumber: boolean): Suggestion {
  const head = singular(of.at(-1) ?? "");
  if (STAFF.has(head)) return token("staff", "Agent_", "an id of staff by its name; tokens join as the ids did");
  if (THINGS.has(of.at(-1) ?? "") || THINGS.has(head))
    return suggest("keep", "an id of a thing by its name, not of a person");
  if (isNumber) return suggest("keep", "a number that no detector takes for a person's, an id by its name");
  const what = domainOf(of);
  return token(what, prefixOf(what), "an id by its name, which leads back to a record; tokens join as the ids did");
}

/** A number or code that the house gives its customers; one domain for all columns that hold one thing. */
export function byCode(name: string): Suggestion {
  const words = wordsOf(name);
  const why = "a customer's number by its name; tokens join as the numbers did";
  if (words.some((word) => word === "external")) return token("external-id", "Ext_", why);
  if (words.some((word) => CUSTOMERS.has(word))) return token("customer", "Customer_", why);
  const what = domainOf(words.filter((word) => !TRAILERS.has(word)));
  return token(what, prefixOf(what), why);
}

function domainOf(words: readonly string[]): string {
  const domain = words.map((word, index) => (index === words.length - 1 ? singular(word) : word)).join("-") || "record";
  return TAKEN.has(domain) ? `${domain}-id` : domain;
}

function prefixOf(domain: string): string {
  const [first = "", ...rest] = domain;
  return `${first.toUpperCase()}${rest.join("")}_`;
}

function singular(word: string): string {
  return word.replace(/(?<=\w\w)(?<!s)s$/, "");
}
