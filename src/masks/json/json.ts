import { DETECTORS } from "../../detectors/index.ts";
import { wildcard } from "../../wildcard.ts";
import { MASKS, maskNamed } from "../index.ts";
import { type ColumnMask, declareMask, type MaskContext } from "../mask.ts";
import { columnOf, mapValues, valuesOf } from "../text.ts";
import { type JsonScalar, parseJson, writeJson } from "./tree.ts";

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export const json = declareMask({
  name: "json",
  summary: "a text that holds a JSON document: rules for what is in it; what no rule names is scanned or masked",
  options: (z) => {
    const rules = MASKS.filter(({ name }) => name !== "json").map((mask) =>
      z
        .strictObject({
          field: z.string().min(1).optional().describe("a member's name, any case, * for any characters"),
          path: z.string().min(1).optional().describe("its whole path: customer.phones[]"),
          mask: z.literal(mask.name),
          ...mask.options(z),
        })
        .refine((rule) => (rule.field === undefined) !== (rule.path === undefined), {
          error: "a rule names either field or path",
        })
        .refine((rule) => (mask.reads?.(rule) ?? []).length === 0, {
          error: "in a document there is nothing beside a value to look at",
        })
        .superRefine((rule, context) => {
          const message = mask.problem?.(rule);
          if (message) context.addIssue({ code: "custom", message });
        }),
    );
    const unmatched = z.enum(["replace", "drop", "scan", "keep"]);
    return {
      rules: z
        .array(z.discriminatedUnion("mask", rules as unknown as [(typeof rules)[0], ...typeof rules]))
        .default([])
        .describe("for the document's values; the first match wins"),
      unmatched: z
        .strictObject({
          sensitive: unmatched.default("replace").describe("values whose name looks sensitive, or like data itself"),
          text: unmatched.default("scan").describe("other text"),
          other: unmatched.default("scan").describe("other numbers and booleans"),
        })
        .prefault({})
        .describe("values that no rule names"),
      with: z.string().default("[MASKED]").describe("written by replace, and in place of what is no JSON document"),
    };
  },
  accepts: new Set(["null", "utf8", "binary"] as const),
  action: "text",
  counts: "changed",
  compile: ({ rules, unmatched, with: by }, context, hit) => {
    const actionOf = (mask: string, options: Readonly<Record<string, unknown>>): Action => {
      const declaration = maskNamed(mask);
      if (declaration.action !== "text") return declaration.action;
      return declaration.compile?.(options as never, context, hit) as ColumnMask;
    };
    const own = rules.map(({ field, path, mask, ...options }) => ({
      pattern: new RegExp(wildcard((field ?? path)!), "iu"),
      byPath: path !== undefined,
      action: actionOf(mask, options),
    }));
    const scan = { detectors: DETECTORS.map((one) => one.name), with: "[LABEL]", names: [] };
    const rest = (action: "replace" | "drop" | "scan" | "keep") =>
      actionOf(action, action === "replace" ? { with: by } : action === "scan" ? scan : {});
    const others = { sensitive: rest(unmatched.sensitive), text: rest(unmatched.text), other: rest(unmatched.other) };
    const decide = ({ path, name, within, kind }: JsonScalar): Action => {
      const rule = own.find(({ pattern, byPath }) => pattern.test(byPath ? path : name));
      if (rule) return rule.action;
      if ([...within, name].some((one) => context.judge(one))) return others.sensitive;
      return kind === "text" ? others.text : others.other;
    };
    const known = new Map<string, Action>();
    const actionFor = (scalar: JsonScalar): Action => {
      const id = `${scalar.kind} ${scalar.path}`;
      const before = known.get(id);
      if (before !== undefined) return before;
      const action = decide(scalar);
      if (known.size < KNOWN) known.set(id, action);
      return action;
    };
    return (column, kernels, beside) => {
      const values = valuesOf(column, kernels);
      const groups = new Map<ColumnMask, JsonScalar[]>();
      const take = (scalar: JsonScalar) => {
        const action = actionFor(scalar);
        if (action === "drop") scalar.written = undefined;
        else if (action === "null") scalar.written = "null";
        else if (action !== "keep" && scalar.kind !== "null" && scalar.text !== "") {
          const members = groups.get(action) ?? [];
          groups.set(action, members);
          members.push(scalar);
        }
      };
      const documents = Array.from({ length: values.length }, (_, index) => {
        const value = values.at(index);
        return value === undefined ? undefined : parseJson(value, take);
      });
      for (const [mask, scalars] of groups) {
        const texts = columnOf(
          scalars.map(({ text }) => text),
          kernels,
        );
        const masked = valuesOf(mask(texts, kernels, beside), kernels);
        for (const [index, scalar] of scalars.entries()) {
          const text = masked.at(index) ?? "";
          if (text !== scalar.text)
            scalar.written = scalar.kind !== "text" && NUMBER.test(text) ? text : JSON.stringify(text);
        }
      }
      let index = 0;
      return mapValues(column, kernels, () => {
        while (values.at(index) === undefined) index++;
        const document = documents[index++];
        return document === undefined ? by : writeJson(document, namer(context));
      });
    };
  },
});

/** Names that are data themselves become numbers. */
function namer({ judge }: MaskContext): (name: string) => string {
  const names = new Map<string, string>();
  return (name) => {
    if (judge(name) !== "data") return name;
    const known = names.get(name) ?? `[NAME ${names.size + 1}]`;
    names.set(name, known);
    return known;
  };
}

/** A mask over columns, or what needs none. */
type Action = ColumnMask | "keep" | "drop" | "null";

/** So many paths are remembered with what becomes of them. */
const KNOWN = 10_000;
