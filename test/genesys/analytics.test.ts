/** Conversations are staged once each, whatever happens between. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { exportConversations } from "../../src/genesys/analytics.ts";
import type { Exported, Journal, JournalState } from "../../src/genesys/types.ts";
import { type Asked, ScriptedJobs } from "./scripted-jobs.ts";
import { exporting, journalIn, signal, Told, temporary } from "./settings.ts";

const INTERVAL = "2026-11-16T00:00:00.000Z/2026-11-23T00:00:00.000Z";
/** So that every page ends an object. */
const SMALL = 1;

const conversation = (id: string, more = ""): string =>
  `{"conversationId":"${id}","participants":[{"participantName":"Jürgen 😀 \\u00e9","attributes":{"a b":"${id}"}}],"n":12345678901234567890.10${more}}`;

const pagesOf = (pages: number, rows: number): string[][] =>
  Array.from({ length: pages }, (_, page) =>
    Array.from({ length: rows }, (_, row) => conversation(`c-${page}-${row}`)),
  );

/** The last of three pages of the first job fails as often as one start asks for it. */
const failsAtFirst = ({ job, cursor, time }: Asked) =>
  job === "job-1" && cursor === "page-2" && time <= 2 ? { status: 500 } : undefined;

class Bench {
  readonly jobs: ScriptedJobs;
  readonly place: Awaited<ReturnType<typeof temporary>>;
  journal: Journal;
  readonly told = new Told();
  settings = exporting({ dialect: "analytics", interval: INTERVAL });
  own = signal;

  constructor(jobs: ScriptedJobs, place: Bench["place"], journal: Journal) {
    this.jobs = jobs;
    this.place = place;
    this.journal = journal;
  }

  static async of(pages: string[][]): Promise<Bench> {
    const jobs = await ScriptedJobs.start();
    jobs.pages = pages;
    const place = await temporary();
    return new Bench(jobs, place, await journalIn(place));
  }

  get staging(): string {
    return `${this.place.uri}staging/`;
  }

  async export(objectBytes = SMALL): Promise<Exported> {
    const settings = { ...this.settings, staging: this.staging };
    const { api } = this.jobs;
    return await exportConversations(api, settings, this.journal, this.place.store, this.told, this.own, objectBytes);
  }

  async staged(): Promise<string[]> {
    return (await this.place.store.list(this.staging, signal)).map(({ uri }) => uri.slice(this.staging.length));
  }

  /** Lines of the files, which are what they are said to be, and all that is staged. */
  async lines({ files }: Exported): Promise<string[]> {
    assert.deepEqual(
      await this.staged(),
      files.map(({ uri }) => uri.slice(this.staging.length)),
    );
    const all = await Promise.all(
      files.map(async ({ uri, size, sha256, rows }) => {
        const bytes = await readFile(fileURLToPath(uri));
        assert.deepEqual([bytes.length, createHash("sha256").update(bytes).digest("hex")], [size, sha256]);
        const lines = gunzipSync(bytes).toString().split("\n");
        assert.equal(lines.pop(), "");
        assert.equal(lines.length, rows);
        return lines;
      }),
    );
    return all.flat();
  }
}

describe("conversations of the analytics API", () => {
  it("are staged as they came, to the last digit, in their order", async () => {
    const bench = await Bench.of(pagesOf(3, 4));
    const exported = await bench.export(2 * Buffer.byteLength(bench.jobs.pages[0]!.join("\n")));
    assert.deepEqual(await bench.lines(exported), bench.jobs.pages.flat());
    assert.equal(exported.jobId, "job-1");
    assert.deepEqual(
      exported.files.map(({ uri }) => uri.slice(bench.staging.length)),
      ["000001", "000002"]
        .map((n) => `${bench.journal.state.id}/1/conversations-${n}.jsonl.gz`)
        .slice(0, exported.files.length),
    );
    assert.deepEqual(bench.jobs.bodies, [{ interval: INTERVAL, order: "asc", orderBy: "conversationStart" }]);
    assert.deepEqual(bench.jobs.calls, [
      "GET /availability",
      "POST ",
      "GET /job-1",
      "GET /job-1",
      "GET /job-1/results?pageSize=1000",
      "GET /job-1/results?pageSize=1000&cursor=page-1",
      "GET /job-1/results?pageSize=1000&cursor=page-2",
      "DELETE /job-1",
    ]);
    assert.deepEqual(bench.told.states, ["conversations QUEUED", "conversations FULFILLED"]);
    assert.deepEqual(bench.journal.state.exported, exported);
    assert.deepEqual(await bench.export(), exported, "a second time it is what it was");
    assert.equal(bench.jobs.calls.length, 8);
  });

  it("are asked for with the filters as they are configured", async () => {
    const bench = await Bench.of(pagesOf(1, 1));
    const filter = { type: "or", predicates: [{ dimension: "direction", value: "inbound" }] };
    bench.settings = { ...bench.settings, segmentFilters: [filter], conversationFilters: [{ type: "and" }] };
    await bench.export();
    assert.deepEqual(bench.jobs.bodies, [
      {
        ...{ interval: INTERVAL, order: "asc", orderBy: "conversationStart" },
        ...{ conversationFilters: [{ type: "and" }], segmentFilters: [filter] },
      },
    ]);
  });

  it("may be none", async () => {
    const bench = await Bench.of([[]]);
    assert.deepEqual(await bench.export(), { jobId: "job-1", files: [] });
    assert.deepEqual(await bench.staged(), []);
  });

  it("may be a page of a thousand large ones", async () => {
    const text = "Größe ".repeat(4_000);
    const rows = Array.from({ length: 1_000 }, (_, row) => conversation(`c-${row}`, `,"t":"${text}"`));
    const bench = await Bench.of([rows, [conversation("last")]]);
    const exported = await bench.export(64 << 20);
    const lines = await bench.lines(exported);
    assert.equal(exported.files.length, 1);
    assert.ok(lines.length === 1_001 && lines.every((line, row) => line === (rows[row] ?? conversation("last"))));
  });
});

describe("the interval of conversations", () => {
  it("ends where the data does, and is kept whenever it is started again", async () => {
    const bench = await Bench.of(pagesOf(1, 1));
    bench.settings = exporting({ dialect: "analytics", window: "2d" });
    bench.jobs.available = "2026-03-09T12:34:56.789+0000";
    bench.jobs.states = ["FAILED"];
    await assert.rejects(bench.export(), /job job-1 ended as FAILED/);
    bench.jobs.available = "2026-03-10T00:00:00.000Z";
    bench.jobs.states = ["FULFILLED"];
    await bench.export();
    const interval = "2026-03-07T12:34:56.789Z/2026-03-09T12:34:56.789Z";
    assert.deepEqual(
      bench.jobs.bodies.map((body) => (body as { interval: string }).interval),
      [interval, interval],
    );
    assert.equal(bench.journal.state.interval, interval);
  });

  it("never reaches into the future", async () => {
    const bench = await Bench.of(pagesOf(1, 1));
    bench.settings = exporting({ dialect: "analytics", window: "1h" });
    bench.jobs.available = "2999-01-01T00:00:00Z";
    const before = Date.now();
    await bench.export();
    const [from, to] = bench.journal.state.interval!.split("/").map((time) => Date.parse(time));
    assert.ok(to! >= before && to! <= Date.now());
    assert.equal(to! - from!, 3_600_000);
  });

  it("is refused, and nothing is asked for, while the data does not reach its end", async () => {
    const bench = await Bench.of(pagesOf(1, 1));
    bench.jobs.available = "2026-11-22T23:59:59.999Z";
    await assert.rejects(bench.export(), {
      code: "ERR_FAILURE",
      retryable: true,
      message: /there is data until 2026-11-22T23:59:59\.999Z only; start again later/,
    });
    assert.deepEqual(bench.jobs.bodies, []);
    assert.equal(bench.journal.state.export, undefined);
  });
});

describe("a conversations job that comes to nothing", () => {
  it("is followed by another one where it expired while it was paged through, and nothing of it stays", async () => {
    for (const status of [404, 410]) {
      const bench = await Bench.of(pagesOf(3, 2));
      bench.jobs.onResults = ({ job, cursor }) =>
        job === "job-1" && cursor === "page-2" ? { status, text: "{}" } : undefined;
      const exported = await bench.export();
      assert.deepEqual(await bench.lines(exported), bench.jobs.pages.flat());
      assert.equal(exported.jobId, "job-2");
      assert.ok(exported.files.every(({ uri }) => uri.includes(`${bench.journal.state.id}/2/`)));
    }
  });

  it("is followed by another one where it expired between two starts", async () => {
    const bench = await Bench.of(pagesOf(3, 2));
    bench.jobs.onResults = failsAtFirst;
    await assert.rejects(bench.export(), { code: "ERR_API" });
    assert.equal((await bench.staged()).length, 2);
    bench.jobs.onState = (job) => (job === "job-1" ? { text: '{"state":"EXPIRED"}' } : undefined);
    const exported = await bench.export();
    assert.equal(exported.jobId, "job-2");
    assert.deepEqual(await bench.lines(exported), bench.jobs.pages.flat());
  });

  it("is given up where job after job expires; nothing stays staged, and the next start asks anew", async () => {
    const bench = await Bench.of(pagesOf(2, 2));
    bench.jobs.onResults = ({ cursor }) => (cursor === "page-1" ? { status: 410, text: "{}" } : undefined);
    await assert.rejects(bench.export(), {
      code: "ERR_FAILURE",
      retryable: true,
      message: /job-3 is gone, as 2 before/,
    });
    assert.deepEqual(await bench.staged(), []);
    bench.jobs.onResults = () => undefined;
    const exported = await bench.export();
    assert.equal(exported.jobId, "job-4");
    assert.deepEqual(await bench.lines(exported), bench.jobs.pages.flat());
  });

  it("is not followed by another one in the same start where it failed or was cancelled", async () => {
    for (const state of ["FAILED", "CANCELLED"]) {
      const bench = await Bench.of(pagesOf(1, 2));
      bench.jobs.states = [state];
      await assert.rejects(bench.export(), { code: "ERR_FAILURE", message: new RegExp(`job-1 ended as ${state}`) });
      assert.equal(bench.jobs.bodies.length, 1);
      bench.jobs.states = ["FULFILLED"];
      assert.equal((await bench.export()).jobId, "job-2");
    }
  });

  it("is waited for in states that nobody knows", async () => {
    const bench = await Bench.of(pagesOf(1, 2));
    bench.jobs.states = ["PENDING", "REHYDRATING", "FULFILLED"];
    assert.deepEqual(await bench.lines(await bench.export()), bench.jobs.pages.flat());
  });

  it("is left to expire where it cannot be removed", async () => {
    const bench = await Bench.of(pagesOf(1, 2));
    bench.jobs.onDelete = () => ({ status: 500, text: "{}" });
    assert.deepEqual(await bench.lines(await bench.export()), bench.jobs.pages.flat());
  });

  it("may be one whose reply to the POST says nothing", async () => {
    const bench = await Bench.of(pagesOf(1, 2));
    bench.jobs.onJob = () => ({ status: 202, text: '{"jobId":"../x"}' });
    await assert.rejects(bench.export(), /asking for conversations: the reply has no jobId that can be read/);
  });
});

describe("pages that come wrongly", () => {
  it("double nothing and lose nothing where one comes in the place of the next, once", async () => {
    for (const objectBytes of [SMALL, 64 << 20]) {
      const bench = await Bench.of(pagesOf(4, 3));
      bench.jobs.onResults = ({ cursor, time }) =>
        cursor === "page-2" && time === 1 ? { text: bench.jobs.page(1, "page-3") } : undefined;
      assert.deepEqual(await bench.lines(await bench.export(objectBytes)), bench.jobs.pages.flat());
    }
  });

  it("double nothing and lose nothing where one comes again with a cursor of its own", async () => {
    const bench = await Bench.of(pagesOf(4, 3));
    // After page-1 there is page-1 once more, then page-2.
    bench.jobs.onResults = ({ cursor }) => {
      if (cursor === "page-1") return { text: bench.jobs.page(1, "again-1") };
      return cursor === "again-1" ? { text: bench.jobs.page(1, "page-2") } : undefined;
    };
    assert.deepEqual(await bench.lines(await bench.export()), bench.jobs.pages.flat());
  });

  it("double nothing where a page overlaps with the one before, or with itself", async () => {
    const pages = pagesOf(3, 3);
    const bench = await Bench.of([pages[0]!, [pages[0]![2]!, ...pages[1]!], [...pages[2]!, ...pages[2]!]]);
    assert.deepEqual(await bench.lines(await bench.export()), pages.flat());
  });

  it("end in a failure where the same cursor comes forever, with the same page or with others", async () => {
    for (const index of [() => 1, (time: number) => time]) {
      const bench = await Bench.of(pagesOf(30, 2));
      bench.jobs.onResults = ({ cursor, time }) =>
        cursor === "page-1" ? { text: bench.jobs.page(index(time), "page-1") } : undefined;
      await assert.rejects(bench.export(), { code: "ERR_FAILURE", retryable: true, message: /a cursor led back/ });
    }
  });

  it("end in a failure where cursors go in a circle, or nothing new comes under ever new ones", async () => {
    const circle = await Bench.of(pagesOf(30, 2));
    circle.jobs.onResults = ({ cursor }) =>
      cursor === "page-25" ? { text: circle.jobs.page(25, "page-1") } : undefined;
    await assert.rejects(circle.export(), /a cursor led back/);
    let serial = 0;
    for (const page of [[conversation("c")], []]) {
      const bench = await Bench.of([page]);
      bench.jobs.onResults = () => ({ text: bench.jobs.page(0, `page-0${++serial}`) });
      await assert.rejects(bench.export(), /came again and again|was empty/);
      assert.ok(bench.jobs.calls.length < 30);
    }
  });

  it("are passed over where they are empty", async () => {
    const [first, last] = pagesOf(2, 2);
    const bench = await Bench.of([[], first!, [], [], last!, []]);
    assert.deepEqual(await bench.lines(await bench.export()), [...first!, ...last!]);
  });

  it("are asked for again where they are damaged, and end in a failure where they stay so", async () => {
    const bench = await Bench.of(pagesOf(3, 2));
    const half = ({ usual }: { readonly usual: string }) => ({ text: usual.slice(0, usual.length / 2) });
    bench.jobs.onResults = (asked) => (asked.cursor === "page-1" && asked.time < 3 ? half(asked) : undefined);
    assert.deepEqual(await bench.lines(await bench.export()), bench.jobs.pages.flat());
    const broken = await Bench.of(pagesOf(3, 2));
    broken.jobs.onResults = (asked) => (asked.cursor === "page-1" ? half(asked) : undefined);
    await assert.rejects(broken.export(), (error: Error) => {
      assert.match(error.message, /^paging through the conversations: reading a page of conversations: /);
      assert.ok(!error.message.includes("c-1-0") && !error.message.includes("Jürgen"));
      return true;
    });
    assert.equal((await broken.staged()).length, 1);
  });
});

describe("a start that ends in between", () => {
  /** Ends at the nth update of the journal, before or after it is stored. */
  class Dying implements Journal {
    readonly uri: string;
    readonly #journal: Journal;
    readonly #at: number;
    readonly #stores: boolean;
    #updates = 0;

    constructor(journal: Journal, at: number, stores: boolean) {
      this.uri = journal.uri;
      this.#journal = journal;
      this.#at = at;
      this.#stores = stores;
    }

    get state(): JournalState {
      return this.#journal.state;
    }

    async update(change: Partial<JournalState>, own: AbortSignal): Promise<void> {
      const dies = ++this.#updates === this.#at;
      if (!dies || this.#stores) await this.#journal.update(change, own);
      if (dies) throw new Error("the host went down");
    }
  }

  it("is gone on with: after any update of the journal, before or after it is stored, each conversation is there once", async () => {
    const expected = pagesOf(4, 2);
    let deaths = 0;
    for (const stores of [true, false]) {
      for (let at = 1; ; at++) {
        const bench = await Bench.of(expected);
        // The first page after a new start repeats what is in the last object.
        bench.jobs.onResults = ({ cursor, time }) =>
          cursor !== null && time === 2 ? { text: bench.jobs.page(Number(cursor.at(-1)) - 1, "page-9") } : undefined;
        bench.journal = new Dying(bench.journal, at, stores);
        const ended = await bench.export().then(
          () => false,
          (error: Error) => error.message === "the host went down",
        );
        bench.journal = await journalIn(bench.place);
        assert.deepEqual(await bench.lines(await bench.export()), expected.flat(), `death at ${at}`);
        if (!ended) break;
        deaths++;
        assert.ok(bench.jobs.bodies.length <= 2);
      }
    }
    assert.ok(deaths >= 14);
  });

  it("does not ask anew for what is staged", async () => {
    const bench = await Bench.of(pagesOf(3, 2));
    bench.jobs.onResults = failsAtFirst;
    await assert.rejects(bench.export(), { code: "ERR_API" });
    bench.jobs.calls.length = 0;
    assert.deepEqual(await bench.lines(await bench.export()), bench.jobs.pages.flat());
    const results = bench.jobs.calls.filter((call) => call.includes("results"));
    assert.deepEqual(results, ["GET /job-1/results?pageSize=1000&cursor=page-2"]);
    assert.ok(!bench.jobs.calls.some((call) => call.startsWith("POST")));
  });

  it("begins anew where what was staged is gone", async () => {
    const bench = await Bench.of(pagesOf(3, 2));
    bench.jobs.onResults = failsAtFirst;
    await assert.rejects(bench.export(), { code: "ERR_API" });
    await rm(fileURLToPath(bench.journal.state.pages!.files[0]!.uri));
    const exported = await bench.export();
    assert.equal(exported.jobId, "job-2");
    assert.deepEqual(await bench.lines(exported), bench.jobs.pages.flat());
  });

  it("ends with the signal's reason, and leaves no object that is not whole", async () => {
    const bench = await Bench.of(pagesOf(3, 2));
    const controller = new AbortController();
    bench.own = controller.signal;
    bench.jobs.onResults = async ({ cursor }) => {
      if (cursor === "page-1") controller.abort(new Error("stop"));
      return undefined;
    };
    await assert.rejects(bench.export(64 << 20), /^Error: stop$/);
    assert.deepEqual(await bench.staged(), []);
  });
});
