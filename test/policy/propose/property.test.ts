/** Whatever an input's schema and values are, the proposal loads, decides or names every leaf, and shows no value. */
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { parseConfig } from "../../../src/config/load.ts";
import { loadKernels } from "../../../src/kernels/load.ts";
import { judge } from "../../../src/policy/content.ts";
import { Decider } from "../../../src/policy/decide.ts";
import { leavesOf } from "../../../src/policy/leaves.ts";
import { checkBeside, checkTypes } from "../../../src/policy/lint.ts";
import { checkCards, lintCards } from "../../../src/policy/lint-cards.ts";
import { lintPolicy } from "../../../src/policy/lint-policy.ts";
import { propose } from "../../../src/policy/propose/propose.ts";
import { configurationText } from "../../../src/policy/propose/text.ts";
import type { Field, LeafSample } from "../../../src/types.ts";
import { sampleBatch } from "../../../src/worker/sample.ts";
import { fieldsOf } from "../../../src/worker/schema.ts";
import { tables } from "../../support/oracle/arbitrary.ts";
import { arrowTable } from "../../support/oracle/arrow.ts";
import type { Table, Value } from "../../support/oracle/value.ts";
import { imported, overIpc } from "../../worker/batches.ts";

const kernels = loadKernels();
const FRAME = { environment: "test-1", input: ["./a.parquet"], output: "./out/", found: "1 object", hasSchema: true };

/** Names that break patterns, YAML and comments, and such that look like something. */
const NAMES = [
  ..."a A a* * ? x{y} x{} x[] x. .x x.y {} [] [a] # - ~ null true 123 1e3 & ! % @ ` ' | >".split(" "),
  ...["", " ", "  a", "# a", "a: b", "- a", 'q"q', "back\\slash", "line\nfeed", "\r", "\0", "\x7f", "\u0085", "\u2028"],
  ...["\u202e", "\ufeff", "漢字", "電話番号", "näme", "ſ", "K", "😀", "__proto__", "constructor"],
  ..."phoneNumber PHONENUMBER phone_no firstName email ssn cardNumber cardLast4 cardFirst6 cvv dob age gender".split(
    " ",
  ),
  ..."agentId callId queueId id transcript notes zip city clientIp url customer remote diagnosis attributes".split(" "),
];

/** Siblings get names that differ, the rest of the schema and the rows stay. */
function renamed(fields: readonly Field[], start: number): Field[] {
  return fields.map((field, index) => {
    const name = NAMES[(start + index) % NAMES.length]!;
    if (field.kind === "struct") return { ...field, name, children: renamed(field.children, start * 31 + index) };
    if (field.kind === "list") return { ...field, name, children: renamed(field.children, start * 7 + index) };
    if (field.kind !== "map") return { ...field, name };
    const [key, value] = field.children as [Field, Field];
    return { ...field, name, children: [key, ...renamed([value], start + 3)] };
  });
}

/** A table, and other names for its fields. */
interface Input {
  readonly table: Table;
  readonly fields: readonly Field[];
}

const inputs: fc.Arbitrary<Input> = fc
  .record({ table: tables, start: fc.nat(100_000) })
  .map(({ table, start }) => ({ table, fields: renamed(table.fields, start) }));

function sampled(all: readonly Input[]) {
  const samples = new Map<string, LeafSample[]>();
  for (const { table, fields } of all) {
    const arrow = overIpc(arrowTable(table));
    kernels.memory.reset();
    const [batch] = arrow.batches;
    const counts = batch ? sampleBatch(imported(batch, fieldsOf(arrow.schema), kernels), kernels) : [];
    for (const [index, { path }] of leavesOf(fields).entries()) {
      if (counts[index]) samples.set(path, [...(samples.get(path) ?? []), counts[index]]);
    }
  }
  return { schemas: all.map(({ fields }) => fields), samples };
}

it("a proposal loads, plans, decides or names every leaf, and shows no value", () => {
  let open = 0;
  let ruled = 0;
  fc.assert(
    fc.property(fc.array(inputs, { minLength: 1, maxLength: 2 }), fc.boolean(), (tables, safeHarbor) => {
      const { schemas, samples } = sampled(tables);
      const asked = safeHarbor ? (["hipaa-safe-harbor", "contact-center"] as const) : undefined;
      const proposal = propose(schemas, samples, asked);
      const text = configurationText(FRAME, proposal);

      const { policy, environment } = parseConfig(text, "maskline.yaml");
      assert.deepEqual(policy, proposal.policy);
      assert.equal(lintPolicy(policy, environment).length, 0);
      const contents = new Map([...samples].map(([path, own]) => [path, judge(own)]));
      const decider = new Decider(policy, contents);
      const decided = schemas.flatMap(leavesOf).map((leaf) => ({ ...leaf, decision: decider.decide(leaf) }));
      for (const leaf of decided) {
        checkTypes(leaf, leaf.decision);
        checkBeside(leaf, leaf.decision);
        checkCards(leaf, leaf.decision);
      }
      lintCards(decided, policy.presets);
      assert.deepEqual(decider.unused(), []);

      // What looks sensitive by name or content is not kept.
      const base = new Decider({ ...policy, rules: [] }, contents);
      for (const leaf of decided) {
        const { mask, rule } = base.decide(leaf);
        if (mask === "pause") assert.notEqual(leaf.decision.mask, "keep", `${leaf.path}: ${rule}`);
      }

      const pausing = decided.flatMap(({ path, decision: { mask, cases } }) => [
        ...(mask === "pause" ? [path] : []),
        ...cases.flatMap((one) => (one.decision.mask === "pause" ? [`${path.slice(0, -1)}${one.seen}}`] : [])),
      ]);
      const { columns } = proposal;
      const named = columns.filter(({ mask }) => mask === "pause").map(({ path }) => path);
      assert.deepEqual(new Set(pausing), new Set(named));
      assert.equal(text.includes("A PERSON MUST DECIDE"), named.length > 0);
      for (const { path } of decided) assert.ok(columns.some((one) => one.path === path));
      open += named.length;
      ruled += policy.rules.length;

      for (const value of tables.flatMap(({ table: { rows } }) => rows.flatMap((row) => row.flatMap(textsIn)))) {
        assert.ok(!text.includes(value), `shows ${JSON.stringify(value)}`);
      }
      // Whatever a name holds, it ends no line.
      assert.doesNotMatch(text, /[^\n\P{Cc}]|[\u2028\u2029\u202e]/u);
    }),
    { numRuns: 300 },
  );
  assert.ok(open > 30 && ruled > 300, `${open} open, ${ruled} rules`);
});

/** What is long enough to be told from the words of the file; keys of maps are values too. */
function textsIn(value: Value): string[] {
  if (typeof value === "string") {
    const signs = value.replace(/[^\p{L}\p{N}]/gu, "");
    // Words of letters only may be the file's own, or names of columns: fast-check likes names of properties.
    return signs.length >= 4 && !/^[a-z]*$/i.test(signs) && !NAMES.includes(signs) ? [value] : [];
  }
  if (typeof value === "bigint" || typeof value === "number") {
    const text = String(value);
    return /\d{7}/.test(text) ? [text] : [];
  }
  return Array.isArray(value) ? value.flatMap((one) => textsIn(one as Value)) : [];
}
