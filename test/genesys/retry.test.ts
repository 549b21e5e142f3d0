/** What is tried again and what is not; replies that are lost; the rate limit; the time of a call. */
import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { failed, GET, LIVE, POST } from "./calls.ts";
import { type Answer, errorBody, hangUp, json, Organization, silence } from "./organization.ts";

const OK = json(200, { ok: true });
const KEYED = { ...POST, idempotent: true };
/** Answers 2xx, and breaks off in the body. */
const halfway: Answer = (response) => {
  response.writeHead(200, { "content-length": "100" });
  response.write('{"ok":', () => response.socket!.destroy());
};
const malformed: Answer = (response) => response.writeHead(200).end('{"name": "Rosalindah" ');

describe("a call that is idempotent", () => {
  for (const [what, fault, status] of [
    ["500", json(500), "500"],
    ["502", json(502), "502"],
    ["503", errorBody(503, "service.unavailable"), "503"],
    ["504", errorBody(504, "request.timeout"), "504"],
    ["a connection that breaks", hangUp, "error"],
    ["a reply that breaks off", halfway, "error"],
    ["a reply that is no JSON", malformed, "200"],
  ] as const) {
    it(`is tried again after ${what}`, async (t) => {
      for (const request of [GET, KEYED, { ...GET, method: "PUT" as const }, { ...GET, method: "DELETE" as const }]) {
        const there = await Organization.start(t);
        there.answers = [fault, fault, OK];
        assert.deepEqual(await there.open(t).call(request, LIVE), { ok: true });
        const { endpoint } = request;
        assert.deepEqual(there.observed.calls.slice(1), [
          `${endpoint} ${status}`,
          `${endpoint} ${status}`,
          `${endpoint} 200`,
        ]);
        assert.deepEqual(there.observed.retried, [endpoint, endpoint]);
      }
    });

    it(`fails after ${what} each time, and may be run again`, async (t) => {
      const there = await Organization.start(t);
      there.answers = [fault];
      const error = await failed(there.open(t).call(KEYED, LIVE));
      assert.deepEqual([error.exit, error.retryable, error.lost], [1, true, false]);
      assert.match(error.message, /; (?:check region, api and login, or )?run again later$/);
      assert.equal(there.calls.length, 4);
    });
  }

  it("is not tried again after what a person must put right", async (t) => {
    for (const status of [400, 403, 404, 409, 501]) {
      const there = await Organization.start(t);
      there.answers = [json(status), OK];
      await failed(there.open(t).call(GET, LIVE));
      assert.equal(there.calls.length, 1);
    }
  });

  it("waits after a 503 for as long as that says, if there is the time", async (t) => {
    const there = await Organization.start(t);
    there.answers = [json(503, undefined, { "retry-after": "0.2" }), OK];
    await there.open(t).call(GET, LIVE);
    const [first, second] = there.calls;
    assert.ok(second!.at - first!.at >= 199);
    there.answers = [json(503, undefined, { "retry-after": "61" }), OK];
    assert.equal((await failed(there.open(t).call(GET, LIVE))).status, 503);
  });
});

describe("a call that is not", () => {
  for (const [what, fault, lost] of [
    ["503", errorBody(503, "service.unavailable"), false],
    ["500", json(500), true],
    ["504", json(504), true],
    ["a connection that breaks", hangUp, true],
    ["a reply that breaks off", halfway, true],
    ["a reply that is no JSON", malformed, true],
  ] as const) {
    it(`is not tried again after ${what}: ${lost ? "its reply is lost" : "it did not take effect"}`, async (t) => {
      for (const request of [POST, { ...POST, method: "PATCH" as const }, { ...GET, idempotent: false }]) {
        const there = await Organization.start(t);
        there.answers = [fault, OK];
        const error = await failed(there.open(t).call(request, LIVE));
        assert.deepEqual([error.lost, error.exit, error.retryable], [lost, 1, true]);
        assert.equal(/whether it took effect is not known/.test(error.message), lost);
        assert.equal(there.calls.length, 1);
        assert.deepEqual(there.observed.retried, []);
      }
    });
  }

  it("is lost when its time is over before a reply", async (t) => {
    const there = await Organization.start(t);
    there.answers = [OK, silence];
    const api = there.open(t, { timeout: 500 });
    await api.call(GET, LIVE);
    const error = await failed(api.call(POST, LIVE));
    assert.match(
      error.message,
      /^jobs\.create at http:\S+: no reply within the timeout of 0\.5 s; whether it took effect is not/,
    );
    assert.deepEqual([error.lost, error.status, error.retryable], [true, undefined, true]);
  });

  it("is tried again where there was no connection to send it over", async (t) => {
    const there = await Organization.start(t);
    const port = await freePort();
    const error = await failed(there.open(t, { api: `http://127.0.0.1:${port}` }).call(POST, LIVE));
    assert.match(
      error.message,
      /^jobs\.create at http:\S+: no reply \(ECONNREFUSED\); check region, api and login, or run again later/,
    );
    assert.deepEqual([error.lost, error.exit], [false, 1]);
    assert.equal(there.observed.retried.length, 3);
  });

  it("is tried again after a 429, which says that nothing was done", async (t) => {
    const there = await Organization.start(t);
    there.answers = [errorBody(429, "too.many.requests", { "retry-after": "0.01" }), OK];
    assert.deepEqual(await there.open(t).call(POST, LIVE), { ok: true });
    assert.deepEqual(there.observed.retried, ["jobs.create"]);
  });
});

describe("the rate limit", () => {
  const limit = (count: number, allowed: number, reset: number) => ({
    ...{ "inin-ratelimit-count": `${count}`, "inin-ratelimit-allowed": `${allowed}` },
    "inin-ratelimit-reset": `${reset}`,
  });
  const sum = (seconds: readonly number[]) => seconds.reduce((all, one) => all + one, 0);

  it("is waited for before it is reached, by all calls", async (t) => {
    const there = await Organization.start(t);
    there.answers = [json(200, 1, limit(290, 300, 0.3)), json(200, 2, limit(1, 300, 60))];
    const api = there.open(t);
    await api.call(GET, LIVE);
    assert.deepEqual(there.observed.waited, []);
    await Promise.all([api.call(GET, LIVE), api.call(POST, LIVE)]);
    const [first, ...others] = there.calls;
    for (const { at } of others) assert.ok(at - first!.at >= 295, "they came before the reset");
    assert.ok(sum(there.observed.waited) >= 0.55);
    assert.deepEqual(there.observed.retried, []);
    await api.call(GET, LIVE);
    assert.equal(there.calls.length, 4, "the new window is free");
  });

  it("is no matter while there is plenty of it", async (t) => {
    const there = await Organization.start(t);
    there.answers = [json(200, 1, limit(250, 300, 60))];
    const api = there.open(t);
    for (let call = 0; call < 5; call++) await api.call(GET, LIVE);
    assert.deepEqual(there.observed.waited, []);
  });

  it("a wait that is longer than the time of the call fails at once, and says so", async (t) => {
    const there = await Organization.start(t);
    there.answers = [json(200, 1, limit(300, 300, 60))];
    const api = there.open(t, { timeout: 5_000 });
    await api.call(GET, LIVE);
    const error = await failed(api.call(POST, LIVE));
    assert.match(
      error.message,
      /^jobs\.create at http:\S+: the rate limit is used up; .*for 60 s, .*timeout of 5 s .*genesys\.timeout/,
    );
    assert.deepEqual([error.exit, error.retryable, error.lost], [1, true, false]);
    assert.equal(there.calls.length, 1);
  });

  it("a 429 is waited for as long as it says, and somewhat more", async (t) => {
    const there = await Organization.start(t);
    there.answers = [errorBody(429, "too.many.requests", { "retry-after": "1" }), OK];
    const pace = { first: 1, longest: 1, margin: 100, attempts: 1 };
    assert.deepEqual(await there.open(t, { pace }).call(GET, LIVE), { ok: true });
    const [first, second] = there.calls;
    assert.ok(second!.at - first!.at >= 1099);
    assert.ok(sum(there.observed.waited) >= 1.09 && sum(there.observed.waited) < 2);
    assert.deepEqual(there.observed.calls, ["token 200", "jobs.get 429", "jobs.get 200"]);
  });

  it("a 429 holds for the calls after it, too", async (t) => {
    const there = await Organization.start(t);
    there.answers = [errorBody(429, "too.many.requests", { "retry-after": "0.3" }), OK];
    const api = there.open(t);
    const refused = api.call(GET, LIVE);
    while (there.observed.calls.length < 2) await setTimeout(5);
    await Promise.all([refused, api.call(POST, LIVE)]);
    const [first, ...others] = there.calls;
    for (const { at } of others) assert.ok(at - first!.at >= 299);
  });

  it("a 429 that asks for more than the time of the call fails at once, and says so", async (t) => {
    const there = await Organization.start(t);
    there.answers = [errorBody(429, "too.many.requests", { "retry-after": "61" }), OK];
    const error = await failed(there.open(t, { timeout: 5_000 }).call(GET, LIVE));
    assert.match(
      error.message,
      /^jobs\.get: 429 too\.many\.requests \(.*\); .* for 62 s, .*timeout of 5 s does not allow; run/,
    );
    assert.deepEqual([error.exit, error.retryable, error.status], [1, true, 429]);
    assert.equal(there.calls.length, 1);
    assert.deepEqual(there.observed.retried, []);
  });

  it("a 429 is tried again for as long as there is time, if that is what it asks for", async (t) => {
    const there = await Organization.start(t);
    there.answers = [...Array.from({ length: 12 }, () => json(429, undefined, { "retry-after": "0" })), OK];
    assert.deepEqual(await there.open(t).call(GET, LIVE), { ok: true });
    assert.equal(there.calls.length, 13);
  });

  it("a 429 may give a date, or no time at all", async (t) => {
    const there = await Organization.start(t);
    const date = new Date(Date.now() + 2_000).toUTCString();
    there.answers = [json(429, undefined, { "retry-after": date }), OK];
    await there.open(t).call(GET, LIVE);
    assert.ok(sum(there.observed.waited) > 0 && sum(there.observed.waited) < 3);
    there.answers = [json(429), OK];
    assert.deepEqual(await there.open(t).call(GET, LIVE), { ok: true });
  });
});

it("the time of a call is that of all its attempts", async (t) => {
  const there = await Organization.start(t);
  there.answers = [hangUp, json(503), silence];
  const error = await failed(there.open(t, { timeout: 900 }).call(GET, LIVE));
  assert.match(
    error.message,
    /^jobs\.get at http:\S+: no reply within the timeout of 0\.9 s; check region, api and login, or run again later/,
  );
  assert.equal(there.calls.length, 3);
});

it("an attempt that would begin after the time of the call is not waited for", async (t) => {
  const there = await Organization.start(t);
  there.answers = [errorBody(503, "service.unavailable", { "retry-after": "1" })];
  const error = await failed(there.open(t, { timeout: 900 }).call(GET, LIVE));
  assert.deepEqual([error.status, there.calls.length], [503, 1]);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
