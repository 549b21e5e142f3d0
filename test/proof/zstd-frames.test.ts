import assert from "node:assert/strict";
import { it } from "node:test";
import { zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { zstdFrames } from "../../src/output/zstd-frames.ts";

async function* cut(bytes: Buffer, pieces: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (const piece of pieces) {
    yield bytes.subarray(at, at + piece);
    at += piece;
  }
  yield bytes.subarray(at);
}

async function allOf(chunks: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

it("frames that follow each other are read one by one, however they come", async () => {
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.nat(400_000).map((length) => new Uint8Array(length).fill(65)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(content, { maxLength: 5 }),
      fc.array(fc.nat(200), { maxLength: 8 }),
      async (all, pieces) => {
        const bytes = Buffer.concat(all.map((one) => zstdCompressSync(one)));
        const read = await allOf(zstdFrames(cut(bytes, pieces)));
        assert.ok(Buffer.concat(read).equals(Buffer.concat(all)));
      },
    ),
    { numRuns: 50 },
  );
});

it("what is cut short or no frame is refused", async () => {
  const bytes = zstdCompressSync(Buffer.from("text"));
  await assert.rejects(allOf(zstdFrames(cut(bytes.subarray(0, -1), []))), RangeError);
  await assert.rejects(allOf(zstdFrames(cut(Buffer.from("no frame"), []))), RangeError);
});
