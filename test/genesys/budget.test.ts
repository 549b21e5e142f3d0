/** The rate limit's arithmetic, at times that are given. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { Budget } from "../../src/genesys/budget.ts";

const headers = (count: number, allowed: number, reset: number) => ({
  ...{ "inin-ratelimit-count": `${count}`, "inin-ratelimit-allowed": `${allowed}` },
  "inin-ratelimit-reset": `${reset}`,
});

/** A call that is answered at once. */
function called(budget: Budget, now: number, reply?: Record<string, string>): void {
  budget.sent();
  budget.ended(reply, now);
}

it("lets all calls pass until a reply tells the limit", () => {
  const budget = new Budget();
  for (let call = 0; call < 1000; call++) {
    assert.equal(budget.pause(call), 0);
    called(budget, call, call % 2 ? undefined : { "inin-ratelimit-count": "seven" });
  }
});

it("leaves a twentieth of the limit, and waits for the reset", () => {
  for (const [count, allowed, pause] of [
    [284, 300, 0],
    [285, 300, 12_000],
    [300, 300, 12_000],
    [4, 5, 0],
    [5, 5, 12_000],
    [0, 1, 0],
  ] as const) {
    const budget = new Budget();
    called(budget, 1_000, headers(count, allowed, 12));
    assert.equal(budget.pause(1_000), pause, `${count} of ${allowed}`);
    assert.equal(budget.pause(13_000), 0, "after the reset");
  }
});

it("counts what is under way", () => {
  const budget = new Budget();
  called(budget, 0, headers(280, 300, 10));
  for (let call = 0; call < 5; call++) {
    assert.equal(budget.pause(0), 0);
    budget.sent();
  }
  assert.equal(budget.pause(0), 10_000);
});

it("a reply that was overtaken does not give calls back", () => {
  const budget = new Budget();
  budget.sent();
  budget.sent();
  budget.ended(headers(286, 300, 10), 0);
  budget.ended(headers(100, 300, 10), 1);
  assert.equal(budget.pause(1), 10_000);
});

it("calls without a reply may have been counted", () => {
  const budget = new Budget();
  called(budget, 0, headers(0, 10, 60));
  for (let call = 0; call < 10; call++) {
    assert.equal(budget.pause(1), 0);
    called(budget, 1);
  }
  assert.equal(budget.pause(1), 59_999);
});

it("after a reset, a new window's calls are counted before a reply tells of it", () => {
  const budget = new Budget();
  called(budget, 0, headers(10, 10, 1));
  for (let call = 0; call < 10; call++) {
    assert.equal(budget.pause(1_000), 0);
    budget.sent();
  }
  assert.equal(budget.pause(1_000), 60_000);
  budget.ended(headers(1, 10, 5), 1_100);
  assert.equal(budget.pause(1_100), 5_000);
});

it("a refusal holds until its end, the longest of them", () => {
  const budget = new Budget();
  budget.refused(61_000, 0);
  budget.refused(1_000, 10);
  assert.equal(budget.pause(1_000), 60_000);
  assert.equal(budget.pause(61_000), 0);
});
