/**
 * Whatever is done to a file, the run ends as it promises: the damage is named, what is good is committed, nothing
 * hangs and nobody sees a stack trace.
 */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { Workspace } from "../support/cli.ts";
import { CDR_RULES, writeCalls } from "./data.ts";

/** A flipped bit may put another column's values into a text, which verification would find: they are read, and dropped. */
const DROPPED = [
  { field: "note", mask: "drop" },
  { path: "participants*", mask: "drop" },
];
const POLICY = { ...CDR_RULES, rules: [...CDR_RULES.rules, ...DROPPED] };

const FIXTURES = join(import.meta.dirname, "../../fixtures");
const VARIANTS = 60;

/** Seeded 32-bit random numbers (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One of several ways to damage a file. */
function damaged(file: Buffer, next: (below: number) => number): Buffer {
  const copy = Buffer.from(file);
  const footer = copy.readUInt32LE(copy.length - 8) + 8;
  const spot = () => (next(3) === 0 ? copy.length - 1 - next(footer) : next(copy.length));
  switch (next(5)) {
    case 0:
      for (let flips = 1 + next(4); flips > 0; flips--) copy[spot()]! ^= 1 << next(8);
      return copy;
    case 1:
      for (let bytes = 1 + next(30); bytes > 0; bytes--) copy[spot()] = next(256);
      return copy;
    case 2: {
      const start = spot();
      copy.fill(next(2) === 0 ? 0 : 0xff, start, Math.min(copy.length, start + 1 + next(200)));
      return copy;
    }
    case 3: {
      // A piece is lost, all behind it moves.
      const start = next(copy.length - footer);
      return Buffer.concat([copy.subarray(0, start), copy.subarray(start + 1 + next(50))]);
    }
    default: {
      const [from, to] = [spot(), spot()];
      copy.copyWithin(to, from, from + 1 + next(100));
      return copy;
    }
  }
}

describe("damaged Parquet", () => {
  const originals: { name: string; bytes: Buffer }[] = [];
  before(async () => {
    const directory = await mkdtemp(join(tmpdir(), "maskline-e2e-"));
    await writeCalls(join(directory, "calls.parquet"), 300, 100);
    originals.push({ name: "calls", bytes: await readFile(join(directory, "calls.parquet")) });
    await rm(directory, { recursive: true });
    for (const name of await readdir(FIXTURES)) {
      const bytes = await readFile(join(FIXTURES, name, "input.parquet")).catch(() => undefined);
      if (bytes && bytes.length < 30_000) originals.push({ name, bytes });
    }
    assert.ok(originals.length > 5);
  });

  it(`${VARIANTS} damaged files beside whole ones`, async (t) => {
    const work = await Workspace.make(t);
    const next = random(1);
    for (let index = 0; index < VARIANTS; index++) {
      const { name, bytes } = originals[next(originals.length)]!;
      await work.write(`in/${index}-${name}.parquet`, damaged(bytes, next));
    }
    for (const { name, bytes } of originals) await work.write(`in/whole-${name}.parquet`, bytes);
    await work.config({ policy: POLICY, runtime: { onBadInput: "skip", workers: 2 } });
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /^ +at /m);
    const manifest = await work.manifest();
    // Nothing is lost without a word: every input is written or named.
    assert.equal(manifest.inputs.length + manifest.quarantined.length, VARIANTS + originals.length);
    assert.ok(manifest.quarantined.length > VARIANTS / 4, `${manifest.quarantined.length} are found damaged`);
    for (const { uri } of manifest.quarantined) assert.doesNotMatch(uri, /whole-/);
    assert.deepEqual(
      await work.outputs(),
      manifest.outputs.map(({ uri }) => decodeURIComponent(uri.split("/").at(-1)!)).sort(),
    );
    // The whole ones are as they are without bad company: threads that die take nothing else with them.
    const alone = await Workspace.make(t);
    for (const { name, bytes } of originals) await alone.write(`in/whole-${name}.parquet`, bytes);
    await alone.config({ policy: POLICY, runtime: { workers: 1 } });
    assert.equal((await alone.run()).code, 0);
    for (const name of await alone.outputs()) {
      assert.ok((await work.read(`out/${name}`)).equals(await alone.read(`out/${name}`)), name);
    }
  });

  it("each damaged file alone ends with 0 or 5", async (t) => {
    const next = random(3);
    for (let index = 0; index < 8; index++) {
      const work = await Workspace.make(t);
      const { name, bytes } = originals[next(originals.length)]!;
      await work.write(`in/${name}.parquet`, damaged(bytes, next));
      await work.config({ policy: POLICY });
      const { code, stderr } = await work.run();
      assert.ok(code === 0 || code === 5, `${code}: ${stderr}`);
      assert.doesNotMatch(stderr, /^ +at /m);
      const files = await work.files();
      if (code === 0) assert.equal((await work.manifests()).length, 1);
      else
        assert.deepEqual(
          files.filter((one) => !one.endsWith("claim.json")),
          [],
        );
    }
  });
});
