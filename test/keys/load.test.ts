/** Where keys come from, byte for byte, and what is said when they cannot be had. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { MasklineError } from "../../src/errors.ts";
import { loadKeys } from "../../src/keys/load.ts";
import { KEY } from "../support/cli.ts";

const loadKey = async (...args: Parameters<typeof loadKeys>) => (await loadKeys(...args)).key;

describe("keys", () => {
  const hex = createHash("sha256").update("a key of these tests").digest("hex");
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "maskline-key-"));
  });
  after(() => rm(directory, { recursive: true }));

  async function file(name: string, content: string | Uint8Array, mode = 0o600): Promise<{ file: string }> {
    await writeFile(join(directory, name), content);
    await chmod(join(directory, name), mode);
    return { file: name };
  }

  it("a variable's text is the key, without the space around it", async () => {
    const { bytes, id, warnings } = await loadKey({ env: "K" }, ".", { K: ` ${hex}\n` });
    assert.deepEqual([bytes.toString(), id, warnings], [hex, undefined, []]);
    const base64 = randomBytes(32).toString("base64");
    assert.equal((await loadKey({ env: "K" }, ".", { K: base64 })).bytes.toString(), base64, "it is not decoded");
  });

  it("a file's bytes are the key, without one line end", async () => {
    for (const end of ["", "\n", "\r\n"]) {
      const { bytes } = await loadKey(await file("key", hex + end), directory, {});
      assert.equal(bytes.toString(), hex);
    }
    const raw = randomBytes(48);
    for (const last of [0x00, 0x20, 0x0d, 0xff]) {
      raw[47] = last;
      assert.deepEqual((await loadKey(await file("raw", raw), directory, {})).bytes, raw);
    }
    assert.equal((await loadKey({ file: join(directory, "key"), id: "k" }, "/", {})).bytes.toString(), hex);
  });

  it("its name goes with it", async () => {
    assert.equal((await loadKey({ env: "K", id: "2026-11" }, ".", { K: hex })).id, "2026-11");
  });

  it("what is missing or weak is refused, and never shown", async () => {
    const refused = async (key: string | undefined, message: RegExp) =>
      await assert.rejects(loadKey({ env: "K" }, ".", { K: key }), (error: MasklineError) => {
        assert.deepEqual([error.code, error.exit], ["ERR_USAGE", 2]);
        assert.match(error.message, message);
        assert.ok(!key || !error.message.includes(key));
        return true;
      });
    await refused(undefined, /variable K: it is not set; export K=\$\(openssl rand/);
    await refused("", /it is not set/);
    await refused("secret-of-31-bytes-xxxxxxxxxxxx", /31 bytes, at least 32 are needed/);
    await refused(` ${"x".repeat(31)} `, /31 bytes/);
    await refused("abcabcabcabcabcabcabcabcabcabcabcabc", /repeats a few bytes/);
    await refused(hex.slice(0, 32), /32 characters of hexadecimal are 16 bytes/);
    await assert.rejects(loadKey({ file: "no-such-key" }, directory, {}), /no-such-key: ENOENT/);
    await assert.rejects(loadKey({ file: "." }, directory, {}), /: EISDIR/);
    await assert.rejects(loadKey(await file("short", "short\n"), directory, {}), /5 bytes, at least 32/);
  });

  it("a file that others can read or change is told, and used", async () => {
    for (const [mode, ...said] of [
      [0o600],
      [0o400],
      [0o640, /can be read by its group: chmod 600/],
      [0o644, /can be read by everybody/],
      [0o604, /can be read by everybody/],
      [0o620, /can be changed by others/],
      [0o666, /can be read by everybody/, /can be changed by others/],
    ] as const) {
      const { bytes, warnings } = await loadKey(await file(`mode-${mode}`, hex, mode), directory, {});
      assert.equal(bytes.toString(), hex);
      assert.equal(warnings.length, said.length, mode.toString(8));
      for (const [index, pattern] of said.entries()) assert.match(warnings[index]!, pattern);
    }
  });

  it("a key that stands in the repository is told, and used", async () => {
    const { bytes, warnings } = await loadKey({ env: "K" }, ".", { K: KEY });
    assert.equal(bytes.toString(), KEY);
    assert.match(warnings.join("\n"), /^the key from the variable K is public: good for made-up data only/);
    assert.ok(!warnings.join().includes(KEY));
    assert.equal((await loadKey(await file("public", KEY, 0o644), directory, {})).warnings.length, 1);
  });
});
