import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expand, fromHere, journalPlace, located, outputPlace } from "../src/places.ts";

describe("places", () => {
  it("start from the file that names them, or from where the command stands", () => {
    assert.equal(located("./in/*.parquet", "/etc/maskline"), "/etc/maskline/in/*.parquet");
    assert.equal(located("s3://bucket/in/", "/etc/maskline"), "s3://bucket/in/");
    assert.equal(outputPlace("out", "/work"), "/work/out/");
    assert.deepEqual(fromHere({ input: ["a.csv"], output: "out" }, "/home"), {
      input: ["/home/a.csv"],
      output: "/home/out/",
    });
  });

  it("a scheme without its slashes is no path", () => assert.equal(located("s3:bucket/x", "/work"), "s3:bucket/x"));

  it("placeholders are filled in, and an environment's name is no path", () => {
    const values = { environment: "a/../b c", date: "2026-11-28", runId: "0123" };
    assert.equal(
      expand("s3://b/{environment}/{date}/{runId}/{other}/", values),
      "s3://b/a_.._b_c/2026-11-28/0123/{other}/",
    );
  });

  for (const [output, place] of [
    ["s3://b/out/", "s3://b/out/_maskline/genesys/"],
    ["s3://b/{environment}/", "s3://b/sand_box/_maskline/genesys/"],
    ["s3://b/{environment}/{date}/x/", "s3://b/sand_box/_maskline/genesys/"],
    ["s3://b/v2/day-{date}/", "s3://b/v2/_maskline/genesys/"],
    ["s3://b/{runId}/", "s3://b/_maskline/genesys/"],
  ] as const) {
    it(`the journal of ${output} lies where every run looks`, () =>
      assert.equal(journalPlace(output, "sand box", "/work"), place));
  }

  it("the journal of a local output does too", () =>
    assert.equal(journalPlace("./out/{date}", "sandbox", "/work"), "file:///work/out/_maskline/genesys/"));
});
