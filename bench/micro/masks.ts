import assert from "node:assert/strict";
import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject } from "node:crypto";
import { z } from "zod";
import { loadKernels } from "../../src/kernels/load.ts";
import { MASKS } from "../../src/masks/index.ts";
import { BatchMasker } from "../../src/worker/mask.ts";
import { dateTwin } from "../../test/masks/twin/date.ts";
import { fpeTwin } from "../../test/masks/twin/fpe.ts";
import { ageTwin, ipTwin, noiseTwin, numberTwin, zipTwin } from "../../test/masks/twin/general.ts";
import { context, masterKey } from "../../test/masks/twin/keyed.ts";
import { fictionalTwin, nameTwin } from "../../test/masks/twin/surrogates.ts";
import { maskText, type TextMask } from "../../test/support/oracle/masks.ts";
import type { Pending } from "./case.ts";
import { ROWS, TEXTS, type TextName, textColumn, textsOf } from "./columns.ts";

const { environment } = context;

/** A mask with options on columns, and what one would write to do the same to a value. */
interface Entry {
  readonly mask: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly on: readonly TextName[];
  /** The column beside it, that the mask reads as `id`. */
  readonly beside?: TextName;
  readonly byRow: (value: string, beside: string | null) => unknown;
}

const keyOf = (domain: string) =>
  createSecretKey(new Uint8Array(hkdfSync("sha256", masterKey, environment, `maskline/token/v1/${domain}`, 32)));
const hexToken = (key: KeyObject, value: string) => createHmac("sha256", key).update(value).digest("hex").slice(0, 16);
const KEYS = { default: keyOf("default"), person: keyOf("person"), email: keyOf("email"), phone: keyOf("phone") };
const SALT = hash("sha256", environment, "hex");

/** The row-by-row twin that the tests hold the masks against. */
const oracle = (mask: TextMask) => (value: string) => maskText(value, mask, { environment, masterKey });

const PHONE = { match: "\\+?\\d{10,15}", with: "[MASKED]" };
const CARD = { match: "\\d{4}[ -]?\\d{4}[ -]?\\d{4}[ -]?\\d{4}", with: "XXXX-XXXX-XXXX-XXXX" };
const SSN = { match: "\\b\\d{3}-\\d{2}-\\d{4}\\b", with: "[SSN]" };
const phonePattern = new RegExp(PHONE.match, "g");
const threePatterns = [CARD, SSN, PHONE].map(({ match, with: by }) => [new RegExp(match, "g"), by] as const);

const TALKS = ["talk, no matches", "talk, a match in 4", "non-ASCII talk, a match in 4"] as const;

const ENTRIES: readonly Entry[] = [
  {
    mask: "token",
    on: ["ids", "40 different names", "non-ASCII names"],
    byRow: (value) => `User_${hexToken(KEYS.default, value.normalize("NFC").trim())}`,
  },
  {
    mask: "token",
    options: { domain: "person" },
    on: ["names", "non-ASCII names"],
    byRow: (value) =>
      `User_${hexToken(KEYS.person, value.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase())}`,
  },
  {
    mask: "token",
    options: { domain: "phone" },
    on: ["phones"],
    byRow: (value) => `User_${hexToken(KEYS.phone, value.normalize("NFKC").replace(/\D/g, ""))}`,
  },
  {
    mask: "email",
    on: ["emails"],
    byRow: (value) => `user_${hexToken(KEYS.email, value.normalize("NFKC").trim().toLowerCase())}@example.com`,
  },
  {
    mask: "email",
    options: { keep: "domain" },
    on: ["emails"],
    byRow: oracle({ mask: "email", keep: "domain" }),
  },
  {
    mask: "salted-hash",
    on: ["ids", "non-ASCII names"],
    byRow: (value) => `User_${hash("sha256", value + SALT, "hex").slice(0, 8)}`,
  },
  {
    mask: "regex",
    options: { patterns: [PHONE] },
    on: ["phones", "talk, no matches", "talk, a match in 4"],
    byRow: (value) => value.replace(phonePattern, PHONE.with),
  },
  {
    mask: "regex",
    options: { patterns: [CARD, SSN, PHONE] },
    on: [...TALKS, "transcripts"],
    byRow: (value) => threePatterns.reduce((text, [pattern, by]) => text.replace(pattern, by), value),
  },
  { mask: "pan", on: ["cards", "a card in 100", "talk, no matches"], byRow: oracle({ mask: "pan" }) },
  { mask: "pan", options: { keep: "last4" }, on: ["cards"], byRow: oracle({ mask: "pan", keep: "last4" }) },
  { mask: "phone", on: ["phones", ...TALKS], byRow: oracle({ mask: "phone" }) },
  { mask: "scan", on: [...TALKS, "long text", "transcripts", "ids", "uuids"], byRow: oracle({ mask: "scan" }) },
  { mask: "phone", options: { keep: "fictional" }, on: ["phones", "talk, no matches"], byRow: fictionalTwin },
  {
    mask: "email",
    options: { at: "masked.invalid" },
    on: ["emails"],
    byRow: oracle({ mask: "email", at: "masked.invalid" }),
  },
  { mask: "date", on: ["dates", "dates and times", "American dates", "ids"], byRow: (value) => dateTwin(value, {}) },
  { mask: "date", options: { to: "month" }, on: ["dates"], byRow: (value) => dateTwin(value, { to: "month" }) },
  {
    mask: "date",
    options: { to: "shift", by: "id" },
    on: ["dates", "dates and times", "American dates"],
    beside: "ids",
    byRow: (value, beside) => dateTwin(value, { to: "shift" }, beside),
  },
  { mask: "age", on: ["ages"], byRow: (value) => ageTwin(value) },
  { mask: "zip", on: ["ZIP codes", "ids"], byRow: (value) => zipTwin(value) },
  { mask: "ip", on: ["IPv4 addresses", "IPv6 addresses", "ids"], byRow: (value) => ipTwin(value) },
  {
    mask: "ip",
    options: { to: "documentation" },
    on: ["IPv4 addresses", "IPv6 addresses"],
    byRow: (value) => ipTwin(value, { to: "documentation" }),
  },
  ...([{ to: "round" }, { to: "bucket", step: 0.25 }, { to: "bounds", min: 100, max: 5000 }] as const).map(
    (options): Entry => ({
      mask: "number",
      options,
      on: ["amounts", "counts"],
      byRow: (value) => numberTwin(value, options),
    }),
  ),
  {
    mask: "number",
    options: { to: "noise", within: "10%" },
    on: ["amounts", "counts"],
    byRow: (value) => noiseTwin(value),
  },
  {
    mask: "number",
    options: { to: "noise", within: "10%", by: "id" },
    on: ["amounts"],
    beside: "ids",
    byRow: noiseTwin,
  },
  { mask: "fpe", on: ["accounts", "40 different names"], byRow: (value) => fpeTwin(value, {}) },
  { mask: "name", on: ["names", "non-ASCII names", "40 different names"], byRow: (value) => nameTwin(value, "full") },
  { mask: "replace", options: { with: "[gone]" }, on: ["ids"], byRow: () => "[gone]" },
  { mask: "keep", on: ["ids", "non-ASCII names"], byRow: (value) => value.toWellFormed() },
  { mask: "null", on: ["ids"], byRow: () => null },
  { mask: "drop", on: ["ids"], byRow: () => undefined },
];

const kernels = loadKernels();

/** As a worker does it: checked for UTF-8, masked, counted. */
function pending({ mask, options = {}, beside, byRow }: Entry, on: TextName): Pending {
  const said = Object.values(options).map((value) => (Array.isArray(value) ? `${value.length} patterns` : value));
  return {
    name: `mask ${mask}`,
    on: [...said, on].join(", "),
    prepare: () => {
      const { memory } = kernels;
      memory.reset();
      const declaration = MASKS.find(({ name }) => name === mask)!;
      const complete = z.object(declaration.options(z)).parse(options) as Record<string, unknown>;
      const decision = { path: "column", mask, options: complete, rule: "bench", cases: [] };
      const kept = { path: "id", mask: "keep", options: {}, rule: "bench", cases: [] };
      const masker = new BatchMasker(beside ? [decision, kept] : [decision], { environment, key: masterKey });
      const column = textColumn(TEXTS[on], kernels);
      const others = beside ? [{ ...textColumn(TEXTS[beside], kernels), field: { ...column.field, name: "id" } }] : [];
      const mark = memory.mark();
      const run = () => {
        memory.release(mark);
        return masker.apply({ rows: ROWS, columns: [column, ...others] }, kernels).batch.columns[0]!;
      };
      const twin = () => TEXTS[on].map((value, row) => byRow(value, beside ? TEXTS[beside][row]! : null));
      // A figure for a wrong result says nothing.
      if (declaration.action === "text") assert.deepEqual(textsOf(run(), kernels), twin(), `mask ${mask} on ${on}`);
      const reads = declaration.action === "text" || declaration.action === "keep";
      return { values: ROWS, bytes: reads ? column.valuesLength : 0, run, twin };
    },
  };
}

export const MASK_CASES: readonly Pending[] = ENTRIES.flatMap((entry) => entry.on.map((on) => pending(entry, on)));

/** Registered masks that no case calls. */
export function masksWithoutCase(): string[] {
  return MASKS.filter(({ name }) => !ENTRIES.some(({ mask }) => mask === name)).map(({ name }) => `mask ${name}`);
}
