/** Secrets that are texts: where they come from, what is refused, and that nothing of them is shown. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { MasklineError } from "../../src/errors.ts";
import { loadSecret } from "../../src/keys/secret.ts";

describe("secrets that are texts", () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "maskline-secret-"));
  });
  after(() => rm(directory, { recursive: true }));

  async function file(content: string | Uint8Array): Promise<{ file: string }> {
    await writeFile(join(directory, "secret"), content, { mode: 0o600 });
    return { file: "secret" };
  }

  it("of a variable, without the space around it", async () => {
    assert.equal(await loadSecret({ env: "S" }, ".", { S: " pass word \n" }), "pass word");
  });

  it("of a file, without one line end", async () => {
    for (const end of ["", "\n", "\r\n"]) {
      assert.equal(await loadSecret(await file(` pässword${end}`), directory, {}), " pässword");
    }
    assert.equal(await loadSecret(await file("two\n\n"), directory, {}), "two\n");
  });

  it("what is missing, empty or no text is refused, by its place alone", async () => {
    const refused = async (...[source, env, message]: readonly [Parameters<typeof loadSecret>[0], object, RegExp]) =>
      await assert.rejects(loadSecret(source, directory, { ...env }), (error: MasklineError) => {
        assert.deepEqual([error.code, error.exit], ["ERR_USAGE", 2]);
        assert.match(error.message, message);
        assert.ok(!error.message.includes("hush"));
        return true;
      });
    await refused({ env: "S" }, {}, /^reading the credential from the variable S: it is not set; export S=/);
    await refused({ env: "S" }, { S: "" }, /variable S: it is not set/);
    await refused({ env: "S" }, { S: " \n" }, /variable S: it is empty/);
    await refused(await file("\n"), {}, /^reading the credential from the file .*secret: it is empty/);
    await refused(await file(Buffer.concat([Buffer.from("hush"), Buffer.of(0xff)])), {}, /it is not UTF-8 text/);
    await refused({ file: "none" }, {}, /none: ENOENT/);
  });
});
