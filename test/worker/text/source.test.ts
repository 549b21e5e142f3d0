import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { type Bytes, gunzip, withoutBom } from "../../../src/worker/text/source.ts";
import { chunks, isBadInput } from "./support.ts";

async function all(bytes: Bytes): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of bytes) parts.push(chunk);
  return Buffer.concat(parts).toString("latin1");
}

describe("gunzip", () => {
  const hello = gzipSync("hello ");
  const world = gzipSync("world");

  it("gives the content of all members, wherever chunks end", async () => {
    const bytes = Buffer.concat([hello, gzipSync(""), world]);
    for (let size = 1; size <= bytes.length; size++) {
      assert.equal(await all(gunzip(chunks(bytes, size, 1_000))), "hello world");
      assert.equal(await all(gunzip(chunks(bytes, size))), "hello world");
    }
  });

  it("gives back any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 5_000 }), { minLength: 1 }),
        fc.nat(300),
        async (parts, size) => {
          const bytes = Buffer.concat(parts.map((part) => gzipSync(part)));
          assert.equal(await all(gunzip(chunks(bytes, size))), Buffer.concat(parts).toString("latin1"));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("refuses data that ends early, at every byte", async () => {
    const bytes = Buffer.concat([hello, world]);
    for (let end = 0; end < bytes.length; end++) {
      if (end === hello.length) continue;
      await assert.rejects(all(gunzip(chunks(bytes.subarray(0, end)))), isBadInput(/ends early|bytes follow/));
    }
  });

  it("refuses corrupt data and what is no gzip", async () => {
    const bytes = Buffer.from(hello);
    bytes[bytes.length - 8]! ^= 1;
    await assert.rejects(all(gunzip(chunks(bytes))), isBadInput(/corrupt or no gzip/));
    await assert.rejects(all(gunzip(chunks("s3cret,plain\n"))), isBadInput(/corrupt or no gzip/));
  });

  for (const [what, tail] of [
    ["zeros", Buffer.alloc(3)],
    ["zeros and another member", Buffer.concat([Buffer.alloc(1), world])],
    ["text", Buffer.from("text")],
    ["half a header", world.subarray(0, 2)],
  ] as const) {
    it(`refuses ${what} after the end`, async () => {
      const bytes = Buffer.concat([hello, tail]);
      for (let size = 1; size <= bytes.length; size++) {
        await assert.rejects(all(gunzip(chunks(bytes, size, 1_000))), isBadInput(/bytes follow|corrupt|ends early/));
      }
    });
  }

  it("passes on what the source throws", async () => {
    async function* failing() {
      yield hello.subarray(0, 12);
      throw new Error("the store is gone");
    }
    await assert.rejects(all(gunzip(failing())), /the store is gone/);
  });

  it("reads no further than its reader needs, and closes the source when given up", async () => {
    const member = gzipSync(Buffer.alloc(2 ** 20));
    let given = 0;
    let closed = false;
    async function* endless() {
      try {
        for (;;) {
          given++;
          yield member;
        }
      } finally {
        closed = true;
      }
    }
    for await (const chunk of gunzip(endless())) {
      assert.ok(chunk.length > 0);
      break;
    }
    await new Promise(setImmediate);
    assert.ok(closed);
    assert.ok(given < 200, `${given} chunks were read for one`);
  });
});

describe("withoutBom", () => {
  it("takes away one mark at the start only, wherever chunks end", async () => {
    const mark = "\xef\xbb\xbf";
    for (const size of [1, 2, 3, 4, 100]) {
      assert.equal(await all(withoutBom(chunks(Buffer.from(`${mark}${mark}a`, "latin1"), size))), `${mark}a`);
      assert.equal(await all(withoutBom(chunks("ab", size))), "ab");
      assert.equal(await all(withoutBom(chunks("", size))), "");
      assert.equal(await all(withoutBom(chunks(Buffer.from(mark, "latin1"), size))), "");
    }
  });
});
