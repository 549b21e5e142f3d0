import { Document, isMap, isPair, isScalar, isSeq, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { ChosenPreset } from "./fitting-presets.ts";
import { type Proposal, type ProposedColumn, type ProposedRule, rankOf, written } from "./propose.ts";

/** What of a configuration is no policy. */
export interface Frame {
  readonly environment: string;
  readonly input: readonly string[];
  readonly output: string;
  /** What was read: "1 object, 2,000 rows". */
  readonly found: string;
  /** Whether the schema for editors lies beside the file. */
  readonly hasSchema: boolean;
}

/** The configuration of a proposal as YAML, each line with its reason; counts and names of columns, never a value. */
export function configurationText(frame: Frame, proposal: Proposal): string {
  const { environment, input, output } = frame;
  const { presets, rules, policy } = proposal;
  const document = new Document({
    environment,
    key: { env: "MASKLINE_KEY" },
    input,
    output,
    policy: { presets: presets.map(({ name }) => name), rules: rules.map(written), unmatched: policy.unmatched },
    verify: "1%",
  });
  const root = document.contents as unknown as YAMLMap<Scalar, unknown>;
  document.commentBefore = lines(
    ...(frame.hasSchema ? ["yaml-language-server: $schema=./maskline.schema.json", ""] : []),
    "Proposed by `maskline init` from the names of columns, their types and a sample of what they hold. Read it to its end:",
    "what it keeps leaves as it is. `maskline plan` says what becomes of each column.",
  );
  root.flow = false;
  before(root, "environment", "Another environment gets other tokens: give each sandbox its own name.");
  before(root, "key", "The master key of all tokens: openssl rand -hex 32, kept where production's other secrets are.");
  flow(root.get("key"));
  for (const node of [root, root.get("input")]) if (isMap(node) || isSeq(node)) quoteNames(node);
  before(root, "input", frame.found);
  before(root, "output", "One output object per input object, and _maskline/<run>/manifest.json, written last.");
  const own = root.get("policy") as YAMLMap<Scalar, unknown>;
  describePolicy(own, proposal);
  before(root, "verify", "Rows that are compared with what was written of them, before anything is committed.");
  const text = document.toString(LINES);
  // Padded are maps only, as everywhere in the documentation.
  const names = presets.map(({ name }) => name).join(", ");
  return escaped(text).replace(`presets: [ ${names} ]`, `presets: [${names}]`);
}

/** A node stands on one line, whatever is in a name. */
const LINES = { lineWidth: 0, doubleQuotedAsJSON: true } as const;

function describePolicy(own: YAMLMap<Scalar, unknown>, { presets, rules, columns }: Proposal): void {
  flow(own.get("presets"));
  before(own, "presets", ...presets.map((one) => presetLine(one, columns)));
  const open = columns.filter(({ mask }) => mask === "pause");
  const bundled = columns.filter(({ by }) => by.startsWith("preset "));
  const rest = columns.filter(({ by, mask }) => by.startsWith("unmatched.") && mask !== "pause");
  pairOf(own, "rules").key.spaceBefore = true;
  before(
    own,
    "rules",
    ...(bundled.length === 0
      ? []
      : [`Decided by the presets, unless a rule here comes before them:`, ...table(bundled), ""]),
    ...(open.length === 0 ? [] : openLines(open)),
    "The first rule that matches decides.",
  );
  const list = own.get("rules") as YAMLSeq<YAMLMap>;
  list.flow = rules.length === 0;
  for (const [index, item] of list.items.entries()) {
    const rule = rules[index]!;
    item.flow = true;
    quoteNames(item);
    item.comment = ` ${shown(rule.why)}`;
    const heading = headingOf(rule, rules[index - 1]);
    if (heading !== undefined) item.commentBefore = ` ${heading}`;
  }
  const unmatched = own.get("unmatched") as YAMLMap<Scalar, Scalar>;
  pairOf(own, "unmatched").key.spaceBefore = true;
  before(
    own,
    "unmatched",
    ...(rest.length === 0 ? [] : ["Left to these, which look again in every run:", ...table(rest), ""]),
    "For what no rule and no preset names, such as the column that comes next quarter.",
  );
  const reasons: Readonly<Record<string, string>> = {
    sensitive: "looks sensitive by name or content: pause stops the run with exit code 3, nothing is written",
    text: "other text",
    other: "numbers, dates, booleans",
  };
  for (const { key, value } of unmatched.items) value!.comment = ` ${reasons[String(key.value)]}`;
}

const HEADINGS = ["Masked:", "Looked through; what no detector finds stays:", "Kept as it is:"];

function headingOf({ mask }: ProposedRule, previous: ProposedRule | undefined): string | undefined {
  const rank = rankOf(mask);
  return previous && rankOf(previous.mask) === rank ? undefined : HEADINGS[rank];
}

function presetLine({ name, why }: ChosenPreset, columns: readonly ProposedColumn[]): string {
  const decided = columns.filter(({ by }) => by.startsWith(`preset ${name}:`)).length;
  return `${name}: ${shown(why)}; decides ${decided} column${decided === 1 ? "" : "s"}`;
}

function openLines(open: readonly ProposedColumn[]): string[] {
  return [
    `A PERSON MUST DECIDE on ${open.length === 1 ? "this one" : `these ${open.length}`}: until then plan and run end with exit code 3.`,
    "Copy each line below `rules:`, with the mask that is right:",
    ...open.map(({ path, why }) => `  - ${ruleText(path)} # ${shown(why)}`),
    "",
  ];
}

/** A rule on one line, as it can be copied. */
function ruleText(path: string): string {
  const document = new Document({ path, mask: "drop" });
  flow(document.contents);
  quoteNames(document.contents as unknown as YAMLMap);
  return escaped(document.toString(LINES).trim());
}

/** Columns that need no rule: path, mask, who decides. */
function table(columns: readonly ProposedColumn[]): string[] {
  const cells = columns.map(({ path, mask, by, why }) => [
    shown(path),
    mask,
    by.startsWith("preset ") ? `${shown(by.slice("preset ".length))}${why ? `; ${why}` : ""}` : `${by}; ${why}`,
  ]);
  const width = (column: number) => Math.min(60, Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) => `  ${row.map((cell, index) => (index < 2 ? cell.padEnd(width(index)) : cell)).join("  ")}`);
}

/** What is more than letters and signs of paths is quoted, so that it can be escaped. */
function quoteNames({ items }: YAMLMap | YAMLSeq): void {
  for (const item of items) {
    const value = isPair(item) ? item.value : item;
    if (isScalar(value) && typeof value.value === "string" && !/^[\p{L}\p{N}_./*{}:%-]+$/u.test(value.value))
      value.type = "QUOTE_DOUBLE";
  }
}

function pairOf(map: YAMLMap<Scalar, unknown>, name: string): Pair<Scalar, unknown> {
  return map.items.find(({ key }) => key.value === name)!;
}

function before(map: YAMLMap<Scalar, unknown>, name: string, ...comment: readonly string[]): void {
  pairOf(map, name).key.commentBefore = lines(...comment);
}

function flow(node: unknown): void {
  if (isMap(node) || isSeq(node)) node.flow = true;
}

function lines(...all: readonly string[]): string {
  return all.map((line) => (line === "" ? "" : ` ${line}`)).join("\n");
}

/** Names as they can stand in a comment or in quotes: what ends a line, hides or turns round is written as an escape. */
function escaped(text: string): string {
  return text.replace(HIDDEN, (char) =>
    Array.from(char, (one) => one.codePointAt(0)!)
      .map((code) => (code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`))
      .join(""),
  );
}

const HIDDEN = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu;

function hex(code: number, length: number): string {
  return code.toString(16).padStart(length, "0");
}

/** Names in a comment: a line end is one, too. */
function shown(name: string): string {
  return escaped(name).replaceAll("\n", "\\n");
}
