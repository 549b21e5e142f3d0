/** The report that a run leaves: with its manifest, never without, and safe to open. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { RunReport } from "../../src/observe/run-report.ts";
import { BROWSER_SKIPPED, startBrowser } from "../support/browser.ts";
import { cli, Workspace } from "../support/cli.ts";
import { BIG_POLICY, CALLS_CSV, CALLS_POLICY, writeCalls } from "./data.ts";

async function withCalls(t: Parameters<typeof Workspace.make>[0], settings: object = {}): Promise<Workspace> {
  const work = await Workspace.make(t);
  await work.write("in/calls.csv", CALLS_CSV);
  await work.config({ policy: CALLS_POLICY, ...settings });
  return work;
}

const records = async (work: Workspace) =>
  (await work.files()).filter((name) => name.startsWith("_maskline/")).map((name) => name.split("/").at(-1)!);

describe("the report", async () => {
  const browser = await startBrowser();
  after(() => browser?.close());

  it("lies beside the manifest and says what it says", async (t) => {
    const work = await withCalls(t, { key: { env: "MASKLINE_KEY", id: "spring" } });
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    assert.deepEqual(await records(work), ["claim.json", "manifest.json", "report.html", "report.json"]);
    const { state, columns, warnings, ...manifest } = await work.manifest();
    const folder = `out/_maskline/${manifest.runId}`;
    assert.ok(stderr.includes(`  report    ${work.join(folder, "report.html")}\n`));
    const report = JSON.parse(await work.text(`${folder}/report.json`)) as RunReport;
    assert.deepEqual({ ...report, ...manifest }, report);
    assert.deepEqual([state, manifest.keyId], ["committed", "spring"]);
    assert.deepEqual(
      report.columns.map(({ types, options, cases, clause, ...column }) => column),
      columns,
    );
    const phone = report.columns.find(({ path }) => path === "phoneNumber");
    assert.deepEqual([phone?.types, phone?.options], [["utf8"], { with: "[MASKED]", keep: "none" }]);
    for (const warning of warnings) assert.ok(report.warnings.some(({ message }) => message === warning.message));
    assert.equal(report.totals.masked, 6);
    assert.equal(report.totals.outputBytes, manifest.outputs[0]?.bytes);
    assert.equal(
      report.pace.stretches.reduce((sum, { rows }) => sum + rows, 0),
      2,
    );
    assert.ok(report.warnings.some(({ message }) => /MASKLINE_KEY is public/.test(message)));
    const page = await work.text(`${folder}/report.html`);
    for (const text of [manifest.runId, manifest.outputs[0]!.sha256, "phoneNumber", "spring"])
      assert.ok(page.includes(text));
    // Nothing in it says that the run is committed.
    assert.doesNotMatch(JSON.stringify({ ...report, committedBy: undefined }), /committed/);
  });

  it("is not written by plan and --dry-run, nor a second time by a run that is committed", async (t) => {
    const work = await withCalls(t);
    await cli(["plan", "-c", work.join("maskline.yaml")]);
    assert.equal((await work.run("--dry-run")).code, 0);
    assert.deepEqual(await work.files(), []);
    assert.equal((await work.run()).code, 0);
    const { runId } = await work.manifest();
    const first = await work.text(`out/_maskline/${runId}/report.json`);
    assert.equal((await work.run()).code, 0);
    assert.equal(await work.text(`out/_maskline/${runId}/report.json`), first);
    assert.equal((await work.run("--replace")).code, 0);
    assert.notEqual(await work.text(`out/_maskline/${runId}/report.json`), first);
    assert.deepEqual(await records(work), ["claim.json", "manifest.json", "report.html", "report.json"]);
  });

  it("of a run that fails is not there, nor that of the run whose objects it was to replace", async (t) => {
    const work = await withCalls(t);
    await writeCalls(work.join("in/calls.parquet"), 20_000, 5_000);
    const careless = { ...CALLS_POLICY, unmatched: { sensitive: "keep", text: "keep" } };
    await work.config({ policy: careless, input: ["./in/calls.parquet"] });
    assert.equal((await work.run()).code, 4, "numbers stand in the notes, too");
    assert.deepEqual(await records(work), ["claim.json"]);
    await work.config({ policy: BIG_POLICY, input: ["./in/calls.parquet"] });
    assert.equal((await work.run()).code, 0);
    assert.ok((await records(work)).includes("report.html"));
    // The last row group's pages.
    const bytes = await readFile(work.join("in/calls.parquet"));
    bytes.fill(0xff, Math.floor(bytes.length * 0.8), Math.floor(bytes.length * 0.85));
    await work.write("in/calls.parquet", bytes);
    const { code, stderr } = await work.run("--replace");
    assert.equal(code, 5, stderr);
    assert.deepEqual(new Set(await records(work)), new Set(["claim.json"]));
  });

  it("names left-out inputs", async (t) => {
    const work = await withCalls(t, { runtime: { onBadInput: "skip" } });
    await work.write("in/broken.parquet", "PAR1 not at all PAR1");
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    const { runId } = await work.manifest();
    const page = await work.text(`out/_maskline/${runId}/report.html`);
    assert.match(page, /Left out: could not be read[\s\S]*broken\.parquet/);
    assert.match(page, /inputs that could not be read were left out: 1, named below/);
  });

  it("of a file whose columns have hostile names can be opened", { skip: !browser && BROWSER_SKIPPED }, async (t) => {
    const work = await Workspace.make(t);
    const names = [
      "<script>document.title=1</script>",
      "<img src=x onerror=document.title=1>",
      "a&b",
      "'><svg/onload=x>",
    ];
    await work.write("in/<b>calls.csv", `${names.join(",")}\n1,2,3,4\n`);
    await work.config({ environment: "<i>here</i>" });
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    const { runId } = await work.manifest();
    const page = await browser!.newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    await page.goto(pathToFileURL(join(work.path, "out/_maskline", runId, "report.html")).href);
    assert.equal(await page.title(), `Masking report ${runId}, <i>here</i>`);
    const heads = await page
      .getByRole("table", { name: "Every column" })
      .getByRole("rowheader")
      .locator("code")
      .allTextContents();
    assert.deepEqual(heads, names);
    assert.deepEqual(said, []);
    await page.close();
  });
});
