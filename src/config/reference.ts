import { z } from "zod";
import { MASKS } from "../masks/index.ts";
import { type PresetRule, saysTarget } from "../policy/presets/preset.ts";
import { PRESETS } from "../policy/presets.ts";
import { configSchema } from "./schema.ts";
import { byteSize, duration } from "./units.ts";

/** The part of a JSON Schema that the declaration gives. */
interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/**
 * The JSON Schema of maskline.yaml for editors: what a person may write, before defaults. Draft 7, which all of them
 * know.
 */
export function editorSchema(): JsonSchema {
  const schema = z.toJSONSchema(configSchema, {
    target: "draft-7",
    io: "input",
    override: ({ jsonSchema }) => {
      // "Either field or path" is a refinement, which JSON Schema does not get by itself.
      if (jsonSchema.properties?.mask && jsonSchema.properties.field) {
        jsonSchema.oneOf = ["field", "path"].map((name) => ({
          type: "object",
          properties: { [name]: { type: "string" } },
          required: [name],
        }));
      }
    },
  });
  return { ...schema, title: "maskline.yaml" } as JsonSchema;
}

/** docs/configuration.md, whole: every setting, every mask with its options, every preset. */
export function configurationMarkdown(): string {
  return `${[
    "<!-- Written by `npm run docs` from src/config/schema.ts and src/masks/. Edit those. -->",
    "# Configuration",
    INTRODUCTION,
    "## Settings",
    table(["setting", "type", "default", "meaning"], settings(editorSchema(), "")),
    "## Rules",
    RULES,
    "## Masks",
    ...MASKS.flatMap(maskSection),
    "## Presets",
    PRESET_RULES,
    ...Object.entries(PRESETS).flatMap(([name, rules]) => presetSection(name, rules)),
  ].join("\n\n")}\n`;
}

const INTRODUCTION = `One YAML file, \`maskline.yaml\` unless \`-c\` names another. Relative paths start from the file's directory; those
given on the command line (\`--input\`, \`--output\`) from the working directory. Unknown settings are errors, with the
nearest right name. For completion and checks while you type, let the file's first line be

    # yaml-language-server: $schema=./maskline.schema.json`;

const RULES = `Each leaf (a field that holds values) gets exactly one decision: the first of your \`rules\` that matches, else what the
presets say, else \`unmatched\`. A rule names its leaf by \`field\` or by \`path\`, never both; \`*\` stands for any characters and
case does not count.

| target | matches |
| --- | --- |
| \`field: queueName\` | every leaf of that name, at any depth |
| \`field: "*note*"\` | every leaf with \`note\` in its name |
| \`path: contact.phoneNumber\` | the member of a struct |
| \`path: "participants[].sessions[].ani"\` | a member of the structs in a list |
| \`path: "participants[].attributes{}"\` | all values of a map |
| \`path: "participants[].attributes{*ssn*}"\` | a map's values whose key matches |

A rule may hold for some of a leaf's values only. \`when\` looks at the nearest field of a name, in the same struct or one around
it, or without \`field\` at the value itself; values for which it does not hold go on to the next rule:

    - { path: "participants[].participantName", when: { field: purpose, is: customer }, mask: token, domain: person }
    - { field: remote, when: { is: ["*@*"] }, mask: email }
    - { field: remote, when: { is: ["tel:*", "/^[+\\d][\\d ()-]{6,}$/"] }, mask: phone }

A rule that matches nothing is reported by \`plan\` and \`run\`. A mask that cannot handle a column's type is an error when
planning (exit 2), never a pass-through.`;

const PRESET_RULES = `A preset's rules stand after your own. Names are compared without case, \`_\`, \`-\` and spaces: \`phone_number\` is \`phoneNumber\`;
"looks like" is told by a leaf's name in any of the languages it is known in, and its type. Where several presets match a
leaf, **the strictest decides**, in whatever order they are listed: what one drops, no other brings back as a token. Which
clause each serves, and which test shows it, stands in [compliance.md](compliance.md).`;

/** Rows of a settings table: an object's own settings, then those beneath it. */
function settings(schema: JsonSchema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, setting]) => {
    const path = `${prefix}${name}`;
    const required = schema.required?.includes(name) === true;
    const own = [`\`${path}\``, typeOf(setting), defaultOf(setting, required), setting.description ?? "see below"];
    const choices = (setting.anyOf ?? []).filter((one) => one.properties);
    const all = [setting, ...choices].flatMap((one) => settings(one, `${path}.`));
    // What several shapes share is said once.
    const beneath = [...new Map(all.map((row) => [row[0], row])).values()];
    // One of several shapes: what each holds is wanted only where that one was chosen.
    const shown = choices.length > 0 ? beneath.map(([a, b, , d]) => [a!, b!, "", d!]) : beneath;
    return [own, ...shown];
  });
}

/** Texts with a unit, told by their pattern. */
const UNITS = new Map(
  Object.entries({ "size, as `512MiB`": byteSize, "duration, as `30s`": duration }).map(([name, schema]) => {
    const { anyOf = [], ...own } = z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
    return [[own, ...anyOf].find(({ pattern }) => pattern)?.pattern, name];
  }),
);

function typeOf(schema: JsonSchema): string {
  const unit = schema.pattern && UNITS.get(schema.pattern);
  if (unit) return unit;
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(", ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices && !schema.properties) {
    return choices.every(({ properties }) => properties) ? "one of" : [...new Set(choices.map(typeOf))].join(" or ");
  }
  if (schema.type === "array") return `list of ${schema.items?.oneOf ? "[rules](#rules)" : typeOf(schema.items ?? {})}`;
  if (schema.minimum !== undefined && schema.maximum !== undefined) {
    return `${schema.type} ${schema.minimum}…${schema.maximum}`;
  }
  return schema.type ?? "any";
}

function defaultOf(schema: JsonSchema, required: boolean): string {
  if (required) return "required";
  return schema.default === undefined || schema.properties ? "" : code(schema.default);
}

/** YAML as one would write it, in code marks. */
function code(value: unknown): string {
  if (Array.isArray(value)) return `\`[${value.join(", ")}]\``;
  return value === "" ? '`""`' : `\`${String(value)}\``;
}

function maskSection({ name, summary, options, accepts }: (typeof MASKS)[number]): string[] {
  const shape = z.toJSONSchema(z.strictObject(options(z)), { io: "input" }) as JsonSchema;
  const rows = optionRows(shape, "");
  return [
    `### \`${name}\``,
    `${sentence(summary)} Handles ${kindsText(accepts)}.`,
    ...(rows.length > 0 ? [table(["option", "type", "default", "meaning"], rows)] : []),
  ];
}

function optionRows(schema: JsonSchema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, option]) => [
    [
      `\`${prefix}${name}\``,
      typeOf(option),
      defaultOf(option, schema.required?.includes(name) === true),
      option.description ?? "",
    ],
    ...optionRows(option.items ?? {}, `${prefix}${name}[].`),
    ...optionRows(option.type === "object" ? option : {}, `${prefix}${name}.`),
  ]);
}

function kindsText(accepts: ReadonlySet<string>): string {
  if (accepts.has("timestamp")) return "every type";
  return accepts.has("int64")
    ? "text, bytes that are text, and numbers by their decimal text"
    : "text and bytes that are text";
}

/** Leaves of one mask and clause in one row. */
function presetSection(name: string, rules: readonly PresetRule[]): string[] {
  const groups = Map.groupBy(rules, ({ mask, options, when, clause, kinds, field, path }) =>
    JSON.stringify([mask, options, when, clause, kinds, field !== undefined, path !== undefined]),
  );
  const rows = [...groups.values()].map((group) => {
    const { mask, options, when, kinds, clause, field, path } = group[0]!;
    const named = field !== undefined || path !== undefined;
    const targets = group.map((one) => (named ? `\`${saysTarget(one)}\`` : saysTarget(one))).join(", ");
    const only = kinds && named ? ` (${kinds.join(", ")})` : "";
    const where = when ? ` where ${when.field ?? "it"} is ${when.is.map(code).join(", ")}` : "";
    const given = Object.entries(options ?? {}).map(([option, value]) => `\`${option}: ${String(value)}\``);
    return [targets + only + where, `\`${mask}\``, given.join(", "), clause];
  });
  return [`### \`${name}\``, table(["leaves", "mask", "options", "clause"], rows)];
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("<", "&lt;")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
