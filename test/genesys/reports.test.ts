/** Report jobs of the target: what is paused is resumed, or said. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pauseReports, resumeReports } from "../../src/genesys/reports.ts";
import { hasCode } from "../store/contract.ts";
import { JobsApi } from "./jobs-api.ts";
import { journalIn, signal, temporary } from "./settings.ts";

const report = (name: string) => ({ name, pause: `/reports/${name}/pause`, resume: `/reports/${name}/resume` });
const both = [report("daily"), report("weekly")];

async function paused() {
  const place = await temporary();
  const api = new JobsApi(() => []);
  const journal = () => journalIn(place);
  await pauseReports(api, both, await journal(), signal);
  assert.deepEqual([...api.paused], ["daily", "weekly"]);
  return { api, journal, names: async () => (await journal()).state.paused?.map(({ name }) => name) };
}

describe("report jobs", () => {
  it("are paused, and resumed by whichever start comes next", async () => {
    const { api, journal, names } = await paused();
    assert.deepEqual(await names(), ["daily", "weekly"]);
    await pauseReports(api, both, await journal(), signal);
    assert.deepEqual(await names(), ["daily", "weekly"]);
    await resumeReports(api, both, await journal(), signal);
    assert.deepEqual([[...api.paused], await names()], [[], []]);
    const calls = api.calls.length;
    await resumeReports(api, both, await journal(), signal);
    assert.equal(api.calls.length, calls);
    assert.ok(api.calls.every(({ idempotent }) => idempotent));
  });

  it("stand in the journal before they are paused, where the reply is lost too", async () => {
    for (const moment of ["before", "after"] as const) {
      const place = await temporary();
      const api = new JobsApi(() => []);
      api.harm = (now, { path }) => {
        if (now === moment && path.includes("weekly")) throw new Error("reset");
      };
      await assert.rejects(pauseReports(api, both, await journalIn(place), signal), /reset/);
      const { state } = await journalIn(place);
      assert.deepEqual(
        state.paused?.map(({ name }) => name),
        ["daily", "weekly"],
      );
    }
  });

  it("that cannot be resumed are named when all were tried, and stay in the journal", async () => {
    const { api, journal, names } = await paused();
    api.harm = (_, { path }) => {
      if (path.includes("daily")) throw new Error("HTTP 503");
    };
    const { uri } = await journal();
    await assert.rejects(resumeReports(api, both, await journal(), signal), (error: Error) => {
      hasCode("ERR_FAILURE", 1, /^resuming report jobs: "daily" \(HTTP 503\); start again.*by hand/)(error);
      assert.ok(error.message.includes(new URL(uri).pathname));
      return true;
    });
    assert.deepEqual([[...api.paused], await names()], [["daily"], ["daily"]]);
    api.harm = () => {};
    await resumeReports(api, both, await journal(), signal);
    assert.deepEqual([[...api.paused], await names()], [[], []]);
  });

  it("that are configured no more are resumed all the same, or said", async () => {
    const { api, journal, names } = await paused();
    api.harm = (_, { path }) => {
      if (path.includes("weekly")) throw new Error("HTTP 404");
    };
    const gone = /"weekly", which genesys\.import\.reports has no more \(HTTP 404\)/;
    await assert.rejects(resumeReports(api, [], await journal(), signal), hasCode("ERR_FAILURE", 1, gone));
    assert.deepEqual([[...api.paused], await names()], [["weekly"], ["weekly"]]);
  });

  it("whose path was wrong are resumed by the one that is configured now", async () => {
    const { api, journal } = await paused();
    const moved = [{ ...report("daily"), resume: "/reports/weekly/resume" }, { ...report("weekly") }];
    await resumeReports(api, moved, await journal(), signal);
    assert.deepEqual([...api.paused], ["daily"]);
  });

  it("stay in the journal where that cannot be written", async () => {
    const { api, journal, names } = await paused();
    const stuck = await journal();
    const broken = {
      ...stuck,
      uri: stuck.uri,
      state: stuck.state,
      update: () => Promise.reject(new Error("disk full")),
    };
    await assert.rejects(resumeReports(api, both, broken, signal), /disk full/);
    assert.deepEqual(await names(), ["daily", "weekly"]);
  });
});
