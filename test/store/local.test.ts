import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  type link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { DIRECT_FROM } from "../../src/store/local-sink.ts";
import { createLocal } from "../../src/store/local-writer.ts";
import { openStore } from "../../src/store/store.ts";
import { formatUri, relativeTo } from "../../src/store/uri.ts";
import { bytes, contract, hasCode, type Subject, signal, whole } from "./contract.ts";

const root = await mkdtemp(join(tmpdir(), "maskline-store-"));
after(() => rm(root, { recursive: true, force: true }));

async function subject(): Promise<Subject & { readonly directory: string }> {
  const directory = await mkdtemp(join(root, "t-"));
  return {
    store: openStore(directory),
    base: `${directory}/`,
    directory,
    leftovers: async () => (await readdir(directory, { recursive: true })).filter((name) => name.endsWith(".tmp")),
  };
}

describe("local store", () => {
  contract(subject);

  it("gives files mode 0600 and made directories 0700", async () => {
    const { store, directory } = await subject();
    await store.put(`${directory}/deep/er/o`, bytes("x"), signal);
    assert.equal((await stat(join(directory, "deep/er/o"))).mode & 0o777, 0o600);
    assert.equal((await stat(join(directory, "deep"))).mode & 0o777, 0o700);
  });

  it("keeps files that are being written out of listings", async () => {
    const { store, base, leftovers } = await subject();
    const writer = await store.create(`${base}o`, { expectedBytes: 1, replace: false }, signal);
    assert.equal((await leftovers()).length, 1);
    assert.deepEqual(await store.list(base, signal), []);
    assert.deepEqual(await store.list(`${base}**`, signal), []);
    await writer.abort();
  });

  /** What a process left that made a writer, is there still or was killed. */
  async function leave(path: string, how: "killed" | "alive"): Promise<ChildProcess> {
    const module = JSON.stringify(new URL("../../src/store/store.ts", import.meta.url).href);
    const script = `
      const { openStore } = await import(${module});
      const uri = ${JSON.stringify(path)};
      const writer = await openStore(uri).create(uri, { expectedBytes: 9, replace: true }, new AbortController().signal);
      await writer.write(Buffer.from("masked"));
      console.log("written");
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    if (how === "alive") return child;
    child.kill("SIGKILL");
    await once(child, "exit");
    return child;
  }

  it("removes what killed writers of an object left, and nothing that may be somebody's", async () => {
    const { store, directory, leftovers } = await subject();
    const path = join(directory, "calls.jsonl");
    const child = await leave(path, "alive");
    const own = await store.create(path, { expectedBytes: 1, replace: true }, signal);
    const before = await leftovers();
    await leave(path, "killed");
    const left = (await leftovers()).find((name) => !before.includes(name))!;
    const [, pid] = /-(\d+)-[\da-f]{8}-[\da-f]{8}\.tmp$/.exec(left)!;
    // What a process of this one's id left that was before it; of other objects; of a writer elsewhere, who may be at it.
    const earlier = left.replace(`-${pid}-`, `-${process.pid}-`);
    const elsewhere = left.replace(/maskline-[\da-f]{8}/, "maskline-deadbeef");
    const old = elsewhere.replace(/[\da-f]{8}\.tmp$/, "00000000.tmp");
    const others = [
      left.replace(".calls.jsonl", ".calls.jsonl.gz"),
      left.replace(".calls", ".other-calls"),
      "calls.tmp",
    ];
    for (const name of [earlier, elsewhere, old, ...others]) await writeFile(join(directory, name), "masked");
    const longAgo = Date.now() / 1000 - 25 * 3600;
    for (const name of [old, ...others]) await utimes(join(directory, name), longAgo, longAgo);
    await store.removeAbandoned([path, join(directory, "none/there")], signal);
    assert.deepEqual((await leftovers()).toSorted(), [...before, elsewhere, ...others].toSorted());
    child.kill("SIGKILL");
    await once(child, "exit");
    await own.write(bytes("x"));
    await own.finish();
    assert.equal((await readFile(path)).toString(), "x");
  });

  it("writes a name of 255 bytes", async () => {
    const { store, base } = await subject();
    const name = `${"ü".repeat(125)}.json`;
    await store.put(base + name, bytes("x"), signal);
    const [object] = await store.list(base, signal);
    assert.equal(relativeTo(base, object!.uri), name);
  });

  it("reads a path and a file URI as the same object", async () => {
    const { store, directory } = await subject();
    const path = join(directory, "a b#%25?.csv");
    await writeFile(path, "x");
    const uri = formatUri({ scheme: "file", path });
    assert.match(uri, /a%20b%23%2525%3F\.csv$/);
    assert.deepEqual(await store.head(uri, signal), await store.head(path, signal));
    assert.equal((await store.list(uri, signal))[0]?.uri, uri);
  });

  it("notices a rewrite in place of the same size", async () => {
    const { store, directory } = await subject();
    const path = join(directory, "o");
    await writeFile(path, "one");
    const object = await store.head(path, signal);
    await writeFile(path, "two");
    await utimes(path, 1, 2);
    await assert.rejects(store.read(object!, whole(object!), signal), hasCode("ERR_CHANGED", 1));
    await writeFile(path, "");
    await assert.rejects(store.read(object!, whole(object!), signal), hasCode("ERR_CHANGED", 1));
  });

  it("follows links, ends at circles, and refuses a link that leads nowhere", async () => {
    const { store, base, directory } = await subject();
    await mkdir(join(directory, "d"));
    await writeFile(join(directory, "d/x"), "x");
    await symlink("..", join(directory, "d/up"));
    await symlink("d", join(directory, "e"));
    const names = (await store.list(base, signal)).map((object) => relativeTo(base, object.uri));
    assert.deepEqual(names, ["d/x", "e/x"]);
    await symlink("nowhere", join(directory, "f"));
    await assert.rejects(store.list(base, signal), hasCode("ERR_BAD_INPUT", 5));
  });

  it("says what to do about a directory, a device, and a name beneath a file", async () => {
    const { store, base, directory } = await subject();
    await writeFile(join(directory, "file"), "x");
    await assert.rejects(store.list(directory, signal), hasCode("ERR_BAD_INPUT", 5, /a directory; end it with "\/"/));
    await assert.rejects(store.list("/dev/null", signal), hasCode("ERR_BAD_INPUT", 5, /no regular file/));
    await assert.rejects(store.put(`${base}file/x`, bytes("x"), signal), hasCode("ERR_USAGE", 2, /is a file; /));
    await assert.rejects(store.put(directory, bytes("x"), signal), hasCode("ERR_USAGE", 2, /a directory of that name/));
    await assert.rejects(store.put(base, bytes("x"), signal), hasCode("ERR_USAGE", 2));
  });

  it("says disk full", { skip: process.platform === "linux" ? false : "needs /dev/full" }, async () => {
    const { directory } = await subject();
    await symlink("/dev/full", join(directory, "full"));
    const { localError } = await import("../../src/store/local-errors.ts");
    const failed = await writeFile(join(directory, "full"), "x").catch((error: unknown) => error);
    hasCode("ERR_FAILURE", 1, /^writing x: disk full; /)(localError(failed, "writing x", "output"));
  });

  it("names what it has no permission for", {
    skip: process.getuid?.() === 0 ? "root may do all" : false,
  }, async () => {
    const { store, base, directory } = await subject();
    await writeFile(join(directory, "o"), "x", { mode: 0 });
    await mkdir(join(directory, "closed"), { mode: 0 });
    const object = await store.head(`${base}o`, signal);
    await assert.rejects(store.read(object!, whole(object!), signal), hasCode("ERR_BAD_INPUT", 5, /no permission/));
    await assert.rejects(store.list(base, signal), hasCode("ERR_BAD_INPUT", 5, /no permission/));
    await assert.rejects(store.put(`${base}closed/o`, bytes("x"), signal), hasCode("ERR_USAGE", 2, /no permission/));
    await chmod(join(directory, "closed"), 0o700);
  });

  it("does without hard links where the file system has none", async () => {
    const { directory, leftovers } = await subject();
    const none = (async () => {
      throw Object.assign(new Error("EPERM"), { code: "EPERM" });
    }) as typeof link;
    const write = async (): Promise<void> => {
      const writer = await createLocal(join(directory, "o"), { replace: false, expectedBytes: 1 }, signal, none);
      await writer.write(bytes("x"));
      await writer.finish();
    };
    await write();
    await assert.rejects(write(), hasCode("ERR_EXISTS", 2));
    assert.deepEqual(await readdir(directory), ["o"]);
    assert.deepEqual(await leftovers(), []);
  });

  it("writes large files past the cache, whatever the pieces, and where the file system cannot, through it", async (t) => {
    const { directory } = await subject();
    // In memory, where direct writes may be refused.
    const inMemory = await mkdtemp("/dev/shm/maskline-").catch(() => undefined);
    if (inMemory) t.after(() => rm(inMemory, { recursive: true }));
    const content = Buffer.alloc(7_000_001, "0123456789abcdefg");
    for (const place of [directory, ...(inMemory ? [inMemory] : [])]) {
      for (const size of [1, 65_537, 2 ** 21, 2 ** 21 + 1, 7_000_001]) {
        const path = join(place, `large-${size}`);
        const writer = await createLocal(path, { replace: false, expectedBytes: DIRECT_FROM }, signal);
        const whole = size === 1 ? content.subarray(0, 5000) : content;
        for (let at = 0; at < whole.length; at += size) {
          const piece = Buffer.from(whole.subarray(at, at + size));
          await writer.write(piece);
          // Written or copied by now.
          piece.fill(0);
        }
        assert.equal((await writer.finish()).size, whole.length);
        assert.ok((await readFile(path)).equals(whole), `${place}, pieces of ${size}`);
      }
    }
    const writer = await createLocal(join(directory, "gone"), { replace: false, expectedBytes: DIRECT_FROM }, signal);
    await writer.write(content);
    await writer.abort();
    assert.ok((await readdir(directory)).every((name) => name.startsWith("large-")));
  });

  it("says disk full of a large file too", async (t) => {
    const { directory } = await subject();
    const disk = join(directory, "disk");
    await mkdir(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=5m", "tmpfs", disk], { stdio: "pipe" });
    } catch {
      return t.skip("mounting a small disk is not permitted here");
    }
    try {
      const writer = await createLocal(join(disk, "o"), { replace: false, expectedBytes: DIRECT_FROM }, signal);
      const write = async () => {
        for (let i = 0; i < 8; i++) await writer.write(Buffer.alloc(1_000_000));
        await writer.finish();
      };
      await assert.rejects(write(), hasCode("ERR_FAILURE", 1, /disk full/));
      await writer.abort();
      assert.deepEqual(await readdir(disk), []);
    } finally {
      execFileSync("umount", [disk]);
    }
  });
});
