import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkIncluded } from "../../src/policy/included.ts";
import { configOf } from "./policies.ts";

const RECORDING = "recordingContent";
const TRANSCRIPT = "transcript";

function check(rules: string, include: readonly string[], more = "", paths?: Readonly<Record<string, string>>): void {
  const fields = paths && Object.entries(paths).map(([path, type]) => ({ path, type }));
  checkIncluded(configOf(rules, more).policy, include, fields);
}

describe("what an export includes beyond the harmless", () => {
  it("needs a rule or a preset that masks it", () => {
    for (const mask of ["drop", '"null"', "replace, with: x"]) {
      check(`{ field: ${RECORDING}, mask: ${mask} }`, [RECORDING]);
      check(`{ path: ${RECORDING}, mask: ${mask} }`, [RECORDING]);
    }
    check("{ field: transcript, mask: scan }", [TRANSCRIPT]);
    check('{ path: "TRANSCRIPT*", mask: scan }', [TRANSCRIPT]);
    check("", [TRANSCRIPT], "presets: [pci-dss]");
    check("", [TRANSCRIPT], "presets: [hipaa-safe-harbor]");
    check("", []);
  });

  it("is refused with the rule to add where nobody thought of it, whatever becomes of the unmatched", () => {
    for (const unmatched of ["pause", "drop", "scan", "keep"]) {
      const more = `unmatched: { sensitive: ${unmatched}, text: ${unmatched}, other: ${unmatched} }`;
      for (const [name, mask] of [
        [RECORDING, "drop"],
        [TRANSCRIPT, "scan"],
      ] as const) {
        assert.throws(() => check("{ field: other, mask: drop }", [name], more), {
          code: "ERR_USAGE",
          exit: 2,
          message: new RegExp(
            `^checking genesys\\.export\\.include: .*${name}.*\\n {2}\\{ path: "${name}", mask: ${mask} \\}\\n`,
          ),
        });
      }
    }
    assert.throws(() => check("{ field: transcript, mask: drop }", [RECORDING, TRANSCRIPT]), /masks recordingContent,/);
  });

  it("is refused where a rule keeps it, or masks it sometimes only", () => {
    assert.throws(() => check("{ field: transcript, mask: keep }", [TRANSCRIPT], "presets: [pci-dss]"), { exit: 2 });
    const sometimes = "{ field: transcript, mask: drop, when: { field: lang, is: en } }";
    assert.throws(() => check(sometimes, [TRANSCRIPT]), { exit: 2 });
    assert.throws(() => check('{ path: "transcript[].text", mask: keep }', [TRANSCRIPT]), { exit: 2 });
  });

  it("may be masked beneath; once the schema is known, all its text must be", () => {
    const rules = '{ path: "transcript[].text", mask: scan }';
    check(rules, [TRANSCRIPT]);
    check('{ path: "*transcript[].words[].w", mask: scan }', [TRANSCRIPT]);
    check(rules, [TRANSCRIPT], "", { id: "string", "transcript[].text": "string", "transcript[].at": "datetime" });
    const more = { "transcript[].text": "string", "transcript[].said{}": "string", transcriptId: "string" };
    assert.throws(() => check(rules, [TRANSCRIPT], "", more), /\{ path: "transcript\[\]\.said\{\}", mask: scan \}/);
    // What masks the field by its name does not reach what lies beneath.
    const named = "{ field: transcript, mask: scan }";
    assert.throws(() => check(named, [TRANSCRIPT], "", { "transcript[].text": "string" }), { exit: 2 });
    check(named, [TRANSCRIPT], "", { "transcript[]": "string" });
    assert.throws(() => check("", [RECORDING], "", { recordingContent: "long" }), { exit: 2 });
  });
});
