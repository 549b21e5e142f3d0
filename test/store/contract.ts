/** What every store must do, run against each of them. */
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { it } from "node:test";
import { MasklineError } from "../../src/errors.ts";
import type { Store } from "../../src/store/store.ts";
import { joinUri, relativeTo } from "../../src/store/uri.ts";
import type { ObjectInfo } from "../../src/types.ts";

export const signal = new AbortController().signal;
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const whole = (object: ObjectInfo) => ({ start: 0, end: object.size });

export function hasCode(code: string, exit: number, text?: RegExp) {
  return (error: unknown): true => {
    assert.ok(error instanceof MasklineError, `no MasklineError: ${error}`);
    assert.equal(error.code, code, error.message);
    assert.equal(error.exit, exit, error.message);
    if (text) assert.match(error.message, text);
    return true;
  };
}

export interface Subject {
  readonly store: Store;
  /** A directory or prefix of the test's own, ending in "/". */
  readonly base: string;
  /** What unfinished writes have left beneath the base: temporary files, multipart uploads. */
  readonly leftovers: () => Promise<string[]>;
}

const NAMES = [
  "a.parquet",
  ".dot.parquet",
  "b c.parquet",
  "d/e.parquet",
  "d/f/größe 数据.parquet",
  "d/g%20#+?.parquet",
];

/** @param subject - a store and an empty base; called once per test */
export function contract(subject: () => Promise<Subject>): void {
  const filled = async (names: readonly string[] = NAMES): Promise<Subject> => {
    const made = await subject();
    for (const name of names) await made.store.put(joinUri(made.base, name), bytes(name), signal);
    return made;
  };
  const listed = async ({ store, base }: Subject, pattern: string): Promise<string[]> =>
    (await store.list(base + pattern, signal)).map((object) => relativeTo(base, object.uri));

  it("lists all beneath a prefix, dot files too, ordered by URI", async () => {
    const made = await filled();
    const objects = await made.store.list(made.base, signal);
    const uris = objects.map((object) => object.uri);
    assert.deepEqual(uris, [...uris].sort());
    assert.deepEqual(uris.map((uri) => relativeTo(made.base, uri)).sort(), [...NAMES].sort());
    for (const object of objects) {
      assert.deepEqual(await made.store.head(object.uri, signal), object);
      const content = await made.store.read(object, whole(object), signal);
      assert.equal(new TextDecoder().decode(content), relativeTo(made.base, object.uri));
    }
  });

  it("lists by glob within and across segments", async () => {
    const made = await filled();
    assert.deepEqual((await listed(made, "*.parquet")).sort(), [".dot.parquet", "a.parquet", "b c.parquet"]);
    assert.deepEqual((await listed(made, "**/*.parquet")).sort(), [...NAMES].sort());
    assert.deepEqual(await listed(made, "{a,d/e}.parquet"), ["a.parquet", "d/e.parquet"]);
    assert.deepEqual(await listed(made, "d/[ef]*"), ["d/e.parquet"]);
    assert.deepEqual(await listed(made, "d*/"), await listed(made, "d/"));
    assert.deepEqual(await listed(made, "?.parquet"), ["a.parquet"]);
  });

  it("lists nothing where nothing matches", async () => {
    const made = await filled(["a"]);
    for (const pattern of ["b", "a/", "missing/", "missing/*", "a/b", "*.csv"]) {
      assert.deepEqual(await listed(made, pattern), [], pattern);
    }
    assert.equal(await made.store.head(`${made.base}b`, signal), null);
  });

  it("takes a name that exists literally before its reading as a glob", async () => {
    const made = await filled(["part[1].csv", "part1.csv", "x{y}/z", "xy/z", "n (1)+|!.csv"]);
    assert.deepEqual(await listed(made, "part[1].csv"), ["part[1].csv"]);
    assert.deepEqual(await listed(made, "part[12].csv"), ["part1.csv"]);
    assert.deepEqual(await listed(made, "x{y}/"), ["x{y}/z"]);
    assert.deepEqual(await listed(made, "part\\[1\\].csv"), ["part[1].csv"]);
    assert.deepEqual(await listed(made, "n (1)+|!.*"), ["n (1)+|!.csv"]);
  });

  it("reads exactly the range asked for, into a buffer of its own", async () => {
    const { store, base } = await subject();
    const content = randomBytes(300_000);
    await store.put(`${base}o`, content, signal);
    const object = await store.head(`${base}o`, signal);
    assert.ok(object);
    for (const [start, end] of [
      [0, 300_000],
      [1, 2],
      [299_999, 300_000],
      [4096, 70_001],
      [7, 7],
    ] as const) {
      const got = await store.read(object, { start, end }, signal);
      assert.ok(content.subarray(start, end).equals(got), `${start}-${end}`);
      assert.equal(got.byteOffset, 0);
      assert.equal(got.buffer.byteLength, end - start);
    }
    for (const [start, end] of [
      [0, 300_001],
      [2, 1],
      [-1, 1],
      [0.5, 1],
    ] as const) {
      await assert.rejects(store.read(object, { start, end }, signal), RangeError);
    }
  });

  it("refuses to read an object that changed since it was listed", async () => {
    const { store, base } = await subject();
    await store.put(`${base}o`, bytes("first"), signal);
    const object = await store.head(`${base}o`, signal);
    assert.ok(object);
    await store.put(`${base}o`, bytes("other"), signal);
    await assert.rejects(store.read(object, whole(object), signal), hasCode("ERR_CHANGED", 1, /changed while/));
    await store.remove(object.uri, signal);
    await assert.rejects(store.read(object, whole(object), signal), hasCode("ERR_BAD_INPUT", 5, /^reading .+: .+; /));
  });

  it("shows a created object only once it is finished", async () => {
    const { store, base, leftovers } = await subject();
    const uri = `${base}new/o.jsonl`;
    const writer = await store.create(uri, { expectedBytes: 10, replace: false }, signal);
    const chunk = bytes("one\n");
    await writer.write(chunk);
    chunk.fill(0);
    await writer.write(bytes("two\n"));
    assert.deepEqual(await store.list(base, signal), []);
    const object = await writer.finish();
    assert.deepEqual(await store.head(uri, signal), object);
    assert.equal(new TextDecoder().decode(await store.read(object, whole(object), signal)), "one\ntwo\n");
    await writer.abort();
    assert.deepEqual(await store.list(base, signal), [object]);
    assert.deepEqual(await leftovers(), []);
  });

  it("creates an empty object", async () => {
    const { store, base } = await subject();
    const writer = await store.create(`${base}empty`, { expectedBytes: 0, replace: false }, signal);
    const object = await writer.finish();
    assert.equal(object.size, 0);
    assert.deepEqual(await store.head(`${base}empty`, signal), object);
  });

  it("creates an object of 12 MiB from chunks of any size", async () => {
    const { store, base, leftovers } = await subject();
    const content = randomBytes(12 << 20);
    const writer = await store.create(`${base}big`, { expectedBytes: content.length, replace: false }, signal);
    const sizes = [1, 700_000, 65_536, 3 << 20, 17, 5 << 20];
    for (let start = 0, n = 0; start < content.length; start += sizes[n++ % sizes.length]!) {
      await writer.write(content.subarray(start, start + sizes[n % sizes.length]!));
    }
    const object = await writer.finish();
    assert.equal(object.size, content.length);
    assert.ok(content.equals(await store.read(object, whole(object), signal)));
    assert.deepEqual(await leftovers(), []);
  });

  it("leaves nothing behind when aborted, at any size, twice", async () => {
    const { store, base, leftovers } = await subject();
    for (const size of [0, 10, 12 << 20]) {
      const writer = await store.create(`${base}gone-${size}`, { expectedBytes: size, replace: false }, signal);
      if (size > 0) await writer.write(randomBytes(size));
      await writer.abort();
      await writer.abort();
      await assert.rejects(writer.write(bytes("x")), hasCode("ERR_ABORTED", 1));
      await assert.rejects(writer.finish(), hasCode("ERR_ABORTED", 1));
    }
    assert.deepEqual(await store.list(base, signal), []);
    assert.deepEqual(await leftovers(), []);
  });

  it("refuses a taken name unless it may replace", async () => {
    const { store, base, leftovers } = await subject();
    const uri = `${base}taken`;
    const early = await store.create(uri, { expectedBytes: 4, replace: false }, signal);
    await early.write(bytes("late"));
    await store.put(uri, bytes("here"), signal);
    await assert.rejects(
      store.create(uri, { expectedBytes: 4, replace: false }, signal),
      hasCode("ERR_EXISTS", 2, /already there; .*--replace/),
    );
    await assert.rejects(early.finish(), hasCode("ERR_EXISTS", 2));
    await early.abort();
    const writer = await store.create(uri, { expectedBytes: 4, replace: true }, signal);
    await writer.write(bytes("new"));
    const object = await writer.finish();
    assert.equal(new TextDecoder().decode(await store.read(object, whole(object), signal)), "new");
    assert.deepEqual(await leftovers(), []);
  });

  it("lets exactly one of several conditional creations win", async () => {
    const { store, base, leftovers } = await subject();
    const bodies = ["one", "two", "three", "four"];
    const won = await Promise.all(bodies.map((body) => store.putIfAbsent(`${base}race`, bytes(body), signal)));
    assert.equal(won.filter(Boolean).length, 1);
    const object = await store.head(`${base}race`, signal);
    assert.ok(object);
    const content = new TextDecoder().decode(await store.read(object, whole(object), signal));
    assert.equal(content, bodies[won.indexOf(true)]);
    assert.equal(await store.putIfAbsent(`${base}race`, bytes("late"), signal), false);
    assert.deepEqual(await store.head(`${base}race`, signal), object);
    assert.deepEqual(await leftovers(), []);
  });

  it("removes an object, and one that is not there", async () => {
    const { store, base } = await filled(["a", "b"]);
    await store.remove(`${base}a`, signal);
    await store.remove(`${base}a`, signal);
    await store.remove(`${base}none/here`, signal);
    assert.deepEqual((await store.list(base, signal)).length, 1);
  });

  it("ends with the signal's reason, and its writer leaves nothing", async () => {
    const { store, base, leftovers } = await filled(["a"]);
    const object = await store.head(`${base}a`, signal);
    assert.ok(object);
    const stop = new AbortController();
    const writer = await store.create(`${base}w`, { expectedBytes: 1, replace: false }, stop.signal);
    await writer.write(bytes("x"));
    const reason = new Error(`stop ${randomUUID()}`);
    stop.abort(reason);
    const isReason = (error: unknown): boolean => error === reason;
    await assert.rejects(writer.write(bytes("x")), isReason);
    await assert.rejects(writer.finish(), isReason);
    await writer.abort();
    await assert.rejects(store.list(base, stop.signal), isReason);
    await assert.rejects(store.head(object.uri, stop.signal), isReason);
    await assert.rejects(store.read(object, whole(object), stop.signal), isReason);
    await assert.rejects(store.create(`${base}w`, { expectedBytes: 1, replace: true }, stop.signal), isReason);
    await assert.rejects(store.put(`${base}w`, bytes("x"), stop.signal), isReason);
    await assert.rejects(store.putIfAbsent(`${base}w`, bytes("x"), stop.signal), isReason);
    await assert.rejects(store.remove(object.uri, stop.signal), isReason);
    assert.deepEqual(await store.list(base, signal), [object]);
    assert.deepEqual(await leftovers(), []);
  });
}
