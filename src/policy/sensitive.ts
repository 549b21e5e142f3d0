import type { Kind } from "../types.ts";
import type { Leaf } from "./leaves.ts";
import { NAMES, NEUTRAL, PEOPLE, PROPERTIES, QUESTIONS, THINGS, TIMES } from "./sensitive-grammar.ts";
import { LOOKS, type Look, saysLook, VOCABULARY } from "./sensitive-words.ts";

/** Why a name looks sensitive ("looks like a phone number"), or undefined. */
export function looksSensitive(name: string, kind: Kind = "utf8"): string | undefined {
  const look = lookOf(name, kind);
  return look && saysLook(look);
}

/**
 * What a leaf looks like. Where its own name says only that it is a value (`number`, `display`, `name`), the name above
 * tells of what: `workPhone.display` is a phone number, `queue.name` no name of a person.
 */
export function lookOfLeaf(leaf: Pick<Leaf, "name" | "path" | "field">): Look | undefined {
  if (!LEAVES.has(leaf)) LEAVES.set(leaf, leafLook(leaf));
  return LEAVES.get(leaf);
}

/** Each leaf is asked for by many rules. */
const LEAVES = new WeakMap<object, Look | undefined>();

function leafLook({ name, path, field: { kind } }: Pick<Leaf, "name" | "path" | "field">): Look | undefined {
  const above = path
    .split(/\.|\[\]|\{\}/)
    .filter((part) => part !== "")
    .at(-2);
  const dictionary = words();
  const tells = wordsOf(name.slice(0, LONGEST_NAME)).some((word) => !dictionary.generic.has(bareWord(word)));
  return lookOf(above === undefined || tells ? name : `${above} ${name}`, kind);
}

/**
 * What a name looks like, or undefined: of a column, or of a map's entry. camelCase, snake_case and kebab-case are split
 * into words; neighbours are also read together (cell phone, birth date), and words written as one apart (custphone).
 * @param kind of the values: a boolean named hasPhone holds no phone number
 */
export function lookOf(wholeName: string, kind: Kind = "utf8"): Look | undefined {
  const name = wholeName.slice(0, LONGEST_NAME);
  const { looks, unparted } = words();
  const parts = wordsOf(name);
  const found = new Set([...looksIn(parts), ...(parts.length === 1 ? alone(parts[0]!) : [])]);
  const joined = name.normalize("NFKC").toLowerCase().replace(/\s/g, "");
  if (/[^\0-\u02ff]/.test(joined) && !PROPERTY_SUFFIX.test(joined)) {
    for (const [text, look] of unparted) if (joined.includes(text)) found.add(look);
  }
  return looks.find((look) => found.has(look) && canHold(kind, look));
}

/** Characters of a name that are looked at: who has more to say has said it by then. */
const LONGEST_NAME = 512;

/** Kinds whose values cannot be what a name promises; of the other kinds anything can be text. */
function canHold(kind: Kind, look: Look): boolean {
  switch (kind) {
    case "bool":
      return look === "health" || look === "personal";
    case "date32":
    case "date64":
    case "timestamp":
      return look === "birth" || look === "expiry" || look === "health";
    case "time":
    case "duration":
    case "interval":
      return look === "birth";
    case "utf8":
    case "binary":
    case "null":
      return true;
    default:
      return !["name", "email", "url", "photo"].includes(look) && (!SMALL.has(kind) || FITS_SMALL.has(look));
  }
}

/** Too small for a number of a phone, a card or a customer. */
const SMALL: ReadonlySet<Kind> = new Set<Kind>(["int8", "uint8", "int16", "uint16", "float16"]);
const FITS_SMALL: ReadonlySet<Look> = new Set<Look>([
  "authentication",
  "expiry",
  "birth",
  "secret",
  "health",
  "personal",
]);

/** Type, state, number of, whether there is one: Japanese puts such words last. */
const PROPERTY_SUFFIX = /(?:種別|種類|タイプ|ステータス|状態|状況|有無|件数|フラグ|区分|件名|回数)$/;

/** Whole names that say nothing of what they hold, and often hold a person. */
const PERSONS =
  /^(?:customer|caller|callee|client|remote|contact|subscriber|agent|user|employee|supervisor|callback|sender|recipient|from|to|kunde|anrufer|agente|klant|cliente|顧客|お客様|担当者)s?$/;

function alone(word: string): Look[] {
  return PERSONS.test(word) ? ["name"] : [];
}

function looksIn(parts: readonly string[]): Look[] {
  const { words: told, whole, neutral, names, people, things, properties, questions, times } = words();
  const found: Look[] = [];
  const last = parts.length - 1;
  // The last word that is more than an id or a code of what stands before it: phoneTypeId is about a type.
  const head = parts.findLastIndex((word) => !TRAILERS.test(word));
  /** Whether what stands around the words from `start` to `end` says that they are about something else. */
  const isAbout = (look: Look, start: number, end: number): boolean => {
    if (head >= end && (properties.has(parts[head]!) || properties.has(parts.slice(head - 1, head + 1).join("")))) {
      return true;
    }
    const dated =
      (last >= end && times.has(parts[last]!)) || (start > 0 && /^(?:date|time|datum|fecha)$/.test(parts[0]!));
    if (dated && look !== "birth" && look !== "expiry" && look !== "health") return true;
    return start > 0 && questions.has(parts[0]!) && look !== "health" && look !== "personal";
  };
  for (let start = 0; start <= last; start++) {
    if (start > 0 && things.has(parts[start - 1]! + parts[start]!)) continue;
    for (let end = start + 1; end <= Math.min(parts.length, start + LONGEST); end++) {
      const look = inAnyForm(told, parts.slice(start, end).join(""));
      if (look && !isAbout(look, start, end)) found.push(look);
    }
    if (names.has(bareWord(parts[start]!)) && !isAbout("name", start, start + 1)) {
      const before = parts.slice(0, start);
      const next = parts.slice(start + 1).find((word) => !neutral.has(word));
      const isThing = before.some((word) => has(things, word)) || (next !== undefined && has(things, next));
      if (!isThing || (before.length > 0 && has(people, before.at(-1)!))) found.push("name");
    }
  }
  if (found.length > 0) return found;
  const rest = parts.filter((word) => !neutral.has(bareWord(word))).join("");
  const look = inAnyForm(whole, rest) ?? inAnyForm(whole, parts.join(""));
  return look ? [look] : [];
}

const TRAILERS = /^(?:ids?|codes?|keys?|names?|values?|text|desc|description|\d+)$/;

/** Words that are read together at most. */
const LONGEST = 4;

function has(set: ReadonlySet<string>, word: string): boolean {
  return set.has(word) || set.has(bareWord(word)) || set.has(singular(word));
}

function inAnyForm(told: ReadonlyMap<string, Look>, word: string): Look | undefined {
  return told.get(word) ?? told.get(bareWord(word)) ?? told.get(singular(bareWord(word)));
}

function bareWord(word: string): string {
  return word.replace(/\d+$/, "");
}

function singular(word: string): string {
  return word.replace(/(?<!s)s$/, "");
}

/** A name's words in lower case, Latin letters without accents. */
export function wordsOf(name: string): string[] {
  return name
    .normalize("NFKD")
    .replace(/(\p{Script=Latin})\p{M}+/gu, "$1")
    .normalize("NFKC")
    .replaceAll("ß", "ss")
    .replace(/(?<=\p{Lu}\p{Lu})s(?=\p{Lu}|[^\p{L}]|$)/gu, " ")
    .replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, " ")
    .replace(/(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, " ")
    .toLowerCase()
    .split(/[^\p{L}\p{N}ー]+/u)
    .filter((word) => word !== "")
    .flatMap(apart);
}

/** A word that is several written as one, where all of them are known: custphone, phonenumber, kundentelefonnummer. */
function apart(word: string): readonly string[] {
  const { parts, known } = words();
  const bare = bareWord(word);
  if (bare.length < 5 || bare.length > 60 || has(known, word)) return [word];
  // The fewest words that make it up to each place.
  const best: (readonly string[] | undefined)[] = [[]];
  for (let end = 1; end <= bare.length; end++) {
    for (let start = Math.max(0, end - 24); start < end; start++) {
      const before = best[start];
      const part = bare.slice(start, end);
      const is = parts.has(part) || (end === bare.length && part.length > 4 && parts.has(singular(part)));
      if (before && is && (best[end] === undefined || before.length + 1 < best[end]!.length))
        best[end] = [...before, part];
    }
  }
  return best[bare.length] ?? [word];
}

interface Words {
  readonly looks: readonly Look[];
  readonly words: ReadonlyMap<string, Look>;
  readonly whole: ReadonlyMap<string, Look>;
  readonly unparted: readonly (readonly [string, Look])[];
  readonly names: ReadonlySet<string>;
  readonly people: ReadonlySet<string>;
  readonly things: ReadonlySet<string>;
  readonly neutral: ReadonlySet<string>;
  readonly properties: ReadonlySet<string>;
  readonly questions: ReadonlySet<string>;
  readonly times: ReadonlySet<string>;
  /** Say that something is a value, not of what. */
  readonly generic: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
  /** Words that others may be made of. */
  readonly parts: ReadonlySet<string>;
}

let built: Words | undefined;

/** The vocabulary as tables: built when the first name is looked at. */
function words(): Words {
  built ??= build();
  return built;
}

function build(): Words {
  const looks = Object.keys(LOOKS) as Look[];
  const list = (text = "") => text.split(/\s+/).filter((word) => word !== "");
  const pairs = (key: "words" | "whole" | "unparted") =>
    // In a map the first look must win: it is the more telling.
    looks.toReversed().flatMap((look) => list(VOCABULARY[look][key]).map((word) => [word, look] as const));
  const told = new Map(pairs("words"));
  const whole = new Map(pairs("whole"));
  const [names, people, things, neutral, properties, questions, times] = [
    NAMES,
    PEOPLE,
    THINGS,
    NEUTRAL,
    PROPERTIES,
    QUESTIONS,
    TIMES,
  ].map((text) => new Set(list(text))) as [
    Set<string>,
    Set<string>,
    Set<string>,
    Set<string>,
    Set<string>,
    Set<string>,
    Set<string>,
  ];
  const known = new Set([...told.keys(), ...whole.keys(), ...names, ...things, ...neutral, ...properties, ...times]);
  const parts = new Set([
    ...[...known].filter((word) => word.length > 3),
    ...[...told.keys()].filter((word) => word.length === 3),
    ...["id", "no", "nr", "num", "key", "ref"],
  ]);
  const generic = new Set([...neutral, ...names, ...GENERIC]);
  const unparted = pairs("unparted");
  return {
    looks,
    words: told,
    whole,
    unparted,
    names,
    people,
    things,
    neutral,
    properties,
    questions,
    times,
    generic,
    known,
    parts,
  };
}

const GENERIC = [
  "input",
  "first",
  "last",
  "middle",
  "given",
  "family",
  "year",
  "month",
  "day",
  "national",
  "digits",
  "content",
];
