/** Waiting for jobs: how often, how long, and for which states. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { pauses, poll } from "../../src/genesys/poll.ts";
import { hasCode } from "../store/contract.ts";
import { signal, Told } from "./settings.ts";

const quick = { every: 1, atMost: 2, deadline: 60_000 };
const states = { running: ["QUEUED", "PENDING"], ended: ["FULFILLED", "FAILED"] };

function looking(sequence: readonly string[]) {
  let looks = 0;
  const look = async () => ({ state: sequence[Math.min(looks++, sequence.length - 1)]! });
  return { job: "export", id: "job-1", look, ...states } as const;
}

describe("pauses", () => {
  it("double up to the longest, and are never more nor less than half of that", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1, maxLength: 80 }),
        (every, atMost, numbers) => {
          let calls = 0;
          const each = pauses({ every, atMost }, () => numbers[calls++]!);
          for (const index of numbers.keys()) {
            const pause = each.next().value;
            const whole = Math.min(every * 2 ** index, atMost, 2 ** 31 - 1);
            assert.ok(pause <= Math.max(1, whole) && pause >= Math.max(1, whole / 2), `${pause} of ${whole}`);
          }
        },
      ),
    );
  });

  it("are different ones for processes that start together", () => {
    const of = () =>
      Array.from(
        { length: 5 },
        (
          (each) => () =>
            each.next().value
        )(pauses({ every: 1e4, atMost: 1e5 })),
      );
    assert.notDeepEqual(of(), of());
  });
});

describe("polling", () => {
  it("looks until the job has ended, and tells each state", async () => {
    const told = new Told();
    const end = await poll(looking(["QUEUED", "PENDING", "PENDING", "FAILED"]), quick, told, signal);
    assert.equal(end.state, "FAILED");
    assert.deepEqual(told.states, ["export QUEUED", "export PENDING", "export PENDING", "export FAILED"]);
  });

  it("waits out states that it does not know, and tells them once, without their names", async () => {
    const told = new Told();
    const strange = ["HIBERNATING", "QUEUED", "COMPLETED_SOMEHOW", "HIBERNATING", "fulfilled", "FULFILLED"];
    assert.equal((await poll(looking(strange), quick, told, signal)).state, "FULFILLED");
    assert.deepEqual(told.states, ["export unknown", "export QUEUED", "export FULFILLED"]);
  });

  it("gives a job up at the deadline, also while a look hangs", async () => {
    const late = hasCode("ERR_FAILURE", 1, /^waiting for the export job job-1: .*start again/);
    await assert.rejects(poll(looking(["PENDING"]), { ...quick, deadline: 20 }, new Told(), signal), late);
    const hanging = {
      ...looking([]),
      look: (until: AbortSignal) =>
        new Promise<never>((_, reject) => until.addEventListener("abort", () => reject(new Error("cut off")))),
    };
    await assert.rejects(poll(hanging, { ...quick, deadline: 20 }, new Told(), signal), late);
  });

  it("has no deadline of zero where a deadline is longer than timers can be", async () => {
    const end = await poll(
      looking(["QUEUED", "FULFILLED"]),
      { ...quick, deadline: 90 * 86_400_000 },
      new Told(),
      signal,
    );
    assert.equal(end.state, "FULFILLED");
  });

  it("ends with the signal's reason, while it looks and while it pauses", async () => {
    for (const at of ["look", "pause"]) {
      const controller = new AbortController();
      const reason = new Error("SIGTERM");
      const watched = looking(["PENDING"]);
      const look = async () => {
        if (at === "look") controller.abort(reason);
        else setTimeout(() => controller.abort(reason), 5);
        return await watched.look();
      };
      const long = { every: 1e6, atMost: 1e6, deadline: 1e9 };
      await assert.rejects(poll({ ...watched, look }, long, new Told(), controller.signal), reason);
    }
  });

  it("passes on why a look failed", async () => {
    const look = () => Promise.reject(new Error("HTTP 403"));
    await assert.rejects(poll({ ...looking([]), look }, quick, new Told(), signal), /HTTP 403/);
  });
});
