/** Objects written by other threads, on real files: they are what was sent, or they are not there. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { MasklineError } from "../../src/errors.ts";
import { type OutputWriter, Writers } from "../../src/output/writers.ts";
import { openStore } from "../../src/store/store.ts";

const { signal } = new AbortController();
const directory = await mkdtemp(join(tmpdir(), "maskline-writers-"));
const writers = new Writers({}, pathToFileURL(`${directory}/`).href, 2);
after(async () => {
  await writers[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});
let files = 0;

function place(replace = false, path = join(directory, `${files++}`)) {
  return { path, at: { uri: pathToFileURL(path).href, options: { expectedBytes: 1000, replace } } };
}

const chunk = (length: number, byte = length) => new Uint8Array(length).fill(byte);
const notTaken = () => {};

describe("objects written by other threads", () => {
  it("hold what was sent, several of them at once, and their digest is told", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 300_000 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(sizes, { minLength: 1, maxLength: 5 }), async (objects) => {
        await Promise.all(
          objects.map(async (chunks) => {
            const { path, at } = place();
            const expected = Buffer.concat(chunks.map((length) => chunk(length)));
            let back = 0;
            const writer = writers.open(at, (room) => (back += room.byteLength), signal);
            for (const [index, length] of chunks.entries()) {
              await writer.write(chunk(length));
              // One may still be on its way.
              const before = chunks.slice(0, index).reduce((sum, one) => sum + one, 0);
              assert.ok(back >= before, `${back} of ${before} bytes came back`);
            }
            const digest = createHash("sha256").update(expected).digest("hex");
            assert.deepEqual(await writer.finish(), { bytes: expected.length, sha256: digest });
            assert.ok(expected.equals(await readFile(path)));
          }),
        );
      }),
      { numRuns: 30 },
    );
  });

  it("have a thread each, up to a number; the next one takes one that is free", async () => {
    let started = 0;
    const count = () => started++;
    process.on("worker", count);
    await using few = new Writers({}, pathToFileURL(`${directory}/`).href, 2);
    const open: OutputWriter[] = [];
    const opened = async (expected: number) => {
      open.push(few.open(undefined, notTaken, signal));
      // Node tells of them a little later.
      await immediate();
      assert.equal(started, expected);
    };
    few.start();
    await opened(1);
    await opened(2);
    await opened(2);
    await Promise.all(open.map((writer) => writer.finish()));
    await opened(2);
    await open.at(-1)!.finish();
    process.off("worker", count);
  });

  it("are not taken for a dead process's while another run of this one cleans up", async () => {
    const { path, at } = place();
    const writer = writers.open(at, notTaken, signal);
    await writer.write(chunk(1000));
    await writer.write(chunk(1000));
    await openStore(at.uri).removeAbandoned([at.uri], signal);
    await writer.finish();
    assert.equal((await readFile(path)).length, 2000);
  });

  it("nowhere are digested all the same, and what that took is told", async () => {
    let seconds = 0;
    const writer = writers.open(undefined, (_, cpuSeconds) => (seconds += cpuSeconds), signal);
    const expected = createHash("sha256");
    for (let index = 0; index < 32; index++) {
      expected.update(chunk(2 ** 20, index));
      await writer.write(chunk(2 ** 20, index));
    }
    assert.deepEqual(await writer.finish(), { bytes: 2 ** 25, sha256: expected.digest("hex") });
    const { user, system } = process.cpuUsage();
    assert.ok(seconds > 0 && seconds < (user + system) / 1e6, `${seconds} s`);
  });

  it("under a name that is taken are refused, and what is there stays", async () => {
    const { path, at } = place();
    await writeFile(path, "mine");
    const writer = writers.open(at, notTaken, signal);
    const write = async () => {
      for (;;) await writer.write(chunk(1000));
    };
    await assert.rejects(write, (error) => error instanceof MasklineError && error.code === "ERR_EXISTS");
    await assert.rejects(writer.finish(), { code: "ERR_EXISTS" });
    await writer.abort();
    assert.equal(await readFile(path, "utf8"), "mine");
  });

  it("that cannot be written say why, as the store says it", async () => {
    const { at } = place(false, join(directory, "0", "below a file"));
    await writeFile(join(directory, "0"), "");
    const writer = writers.open(at, notTaken, signal);
    await assert.rejects(
      writer.write(chunk(1)).then(() => writer.finish()),
      /^MasklineError: writing .*below a file/,
    );
  });

  it("given up leave nothing behind, at any moment", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 4 }), fc.boolean(), fc.boolean(), async (chunks, isEnded, bySignal) => {
        const stop = new AbortController();
        const { path, at } = place();
        const writer = writers.open(at, notTaken, stop.signal);
        for (let sent = 0; sent < chunks; sent++) await writer.write(chunk(100_000));
        const finished = isEnded
          ? writer.finish().then(
              () => true,
              () => false,
            )
          : Promise.resolve(false);
        if (bySignal) stop.abort(new Error("enough"));
        if (bySignal && !isEnded) await assert.rejects(writer.write(chunk(1)), /^Error: enough/);
        await writer.abort();
        const left = (await readdir(directory)).filter((name) => join(directory, name).includes(path));
        // What had ended before is there, and whole.
        assert.deepEqual(left.length > 0, await finished);
        await rm(path, { force: true });
      }),
      { numRuns: 60 },
    );
    assert.deepEqual(
      (await readdir(directory)).filter((name) => name.includes(".tmp")),
      [],
    );
  });

  it("by a thread that ended while it had nothing to do are a failure, not waited for", async () => {
    // It cannot start so.
    await using broken = new Writers({}, undefined as unknown as string, 1);
    await sleep(500);
    const writer = broken.open(place().at, notTaken, signal);
    await assert.rejects(
      async () => {
        for (;;) await writer.write(chunk(1));
      },
      { exit: 1, retryable: true, message: /its thread ended/ },
    );
    await writer.abort();
  });
});
