/** Reports and manifest: in which order they are written, and what is left where that fails. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { failure } from "../../src/errors.ts";
import { commit } from "../../src/output/claim.ts";
import type { Manifest } from "../../src/output/manifest.ts";
import { openStore, type Store } from "../../src/store/store.ts";

const reports = { "report.json": "{}\n", "report.html": "<p>" };
const { signal } = new AbortController();

describe("committing", () => {
  let directory: string;
  let output: string;
  let runs = 0;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "maskline-claim-"));
    output = `${pathToFileURL(directory).href}/`;
  });
  after(() => rm(directory, { recursive: true }));

  /** A store that fails when asked for one of these, and notes what it wrote. */
  function store(fails: (operation: "put" | "head", name: string) => boolean, wrote: string[] = []): Store {
    const real = openStore(output);
    const check = (operation: "put" | "head", uri: string) => {
      const name = uri.split("/").at(-1)!;
      if (fails(operation, name)) throw failure(`${operation} ${name}`);
      if (operation === "put") wrote.push(name);
    };
    return {
      ...({ list: real.list.bind(real), read: real.read.bind(real), create: real.create.bind(real) } as Store),
      put: real.put.bind(real),
      remove: real.remove.bind(real),
      head: async (uri, own) => {
        check("head", uri);
        return await real.head(uri, own);
      },
      putIfAbsent: async (uri, body, own) => {
        check("put", uri);
        return await real.putIfAbsent(uri, body, own);
      },
    };
  }

  const manifest = (more: object = {}) => ({ runId: `run${runs++}`, outputs: [], ...more }) as unknown as Manifest;
  const left = async ({ runId }: Manifest) =>
    (await readdir(join(directory, "_maskline", runId)).catch(() => [])).toSorted();

  it("writes the reports first and the manifest last", async () => {
    const wrote: string[] = [];
    const own = manifest();
    await commit(
      store(() => false, wrote),
      output,
      own,
      reports,
      signal,
    );
    assert.deepEqual(wrote, ["report.html", "report.json", "manifest.json"]);
    assert.deepEqual(await left(own), ["manifest.json", "report.html", "report.json"]);
  });

  for (const failing of ["report.html", "report.json", "manifest.json"]) {
    it(`leaves nothing where ${failing} cannot be written`, async () => {
      const own = manifest();
      const broken = store((operation, name) => operation === "put" && name === failing);
      await assert.rejects(commit(broken, output, own, reports, signal), new RegExp(`put ${failing}`));
      assert.deepEqual(await left(own), []);
    });
  }

  it("leaves the reports where nobody knows whether the manifest is there", async () => {
    const own = manifest();
    const broken = store((_, name) => name === "manifest.json");
    await assert.rejects(commit(broken, output, own, reports, signal), /put manifest\.json/);
    assert.deepEqual(await left(own), ["report.html", "report.json"]);
  });

  it("of two of the same run, the reports are those of one, and stay", async () => {
    const own = manifest();
    await commit(
      store(() => false),
      output,
      own,
      reports,
      signal,
    );
    const others = { "report.json": "other", "report.html": "other" };
    await commit(
      store(() => false),
      output,
      own,
      others,
      signal,
    );
    const different = { ...own, outputs: [{}] } as unknown as Manifest;
    await assert.rejects(
      commit(
        store(() => false),
        output,
        different,
        others,
        signal,
      ),
      /committed this run with other outputs/,
    );
    assert.deepEqual(await left(own), ["manifest.json", "report.html", "report.json"]);
    assert.equal(await readFile(join(directory, "_maskline", own.runId, "report.json"), "utf8"), "{}\n");
  });
});
