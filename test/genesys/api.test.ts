/** The client of an organization's API against real servers: what it sends, what it makes of replies, how it ends. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { failed, GET, LIVE, POST } from "./calls.ts";
import { CONTEXT, CORRELATION, errorBody, json, Organization, silence } from "./organization.ts";

it("sends JSON with token, accept and user agent to the path beneath the base URL", async (t) => {
  const there = await Organization.start(t);
  const api = there.open(t, { api: `${there.url}/gateway/` });
  const query = { pageSize: 100, cursor: "a b&c", none: undefined };
  const headers = { "idempotency-key": "k-1" };
  assert.deepEqual(await api.call({ ...POST, path: "/api/v2/jobs?x=1", query, headers, body: { a: "ü" } }, LIVE), {
    ok: true,
  });
  const [asked] = there.calls;
  assert.equal(asked?.method, "POST");
  const { pathname, searchParams } = new URL(asked!.url, there.url);
  assert.equal(pathname, "/gateway/api/v2/jobs");
  assert.deepEqual(Object.fromEntries(searchParams), { x: "1", pageSize: "100", cursor: "a b&c" });
  assert.deepEqual(JSON.parse(asked!.body), { a: "ü" });
  assert.equal(asked?.headers.authorization, "Bearer token-1");
  assert.equal(asked?.headers.accept, "application/json");
  assert.equal(asked?.headers["content-type"], "application/json");
  assert.equal(asked?.headers["user-agent"], "maskline/1.2.3");
  assert.equal(asked?.headers["idempotency-key"], "k-1");
  assert.deepEqual(there.observed, { calls: ["token 200", "jobs.create 200"], retried: [], waited: [] });
});

it("a reply without a body is undefined", async (t) => {
  const there = await Organization.start(t);
  there.answers = [json(204)];
  assert.equal(await there.open(t).call({ ...GET, method: "DELETE" }, LIVE), undefined);
  assert.equal(there.calls[0]?.headers["content-type"], undefined);
});

it("gives a reply's bytes as they came, none where there is no body, and fails as it does otherwise", async (t) => {
  const there = await Organization.start(t);
  const bytes = Buffer.from('\ufeff{"n": 12345678901234567890.10, "half');
  there.answers = [(response) => response.end(bytes), json(204), errorBody(404, "not.found")];
  const api = there.open(t);
  assert.deepEqual(Buffer.from(await api.callBytes(GET, LIVE)), bytes);
  assert.equal((await api.callBytes(GET, LIVE)).length, 0);
  const error = await failed(api.callBytes(GET, LIVE));
  assert.deepEqual([error.status, error.apiCode], [404, "not.found"]);
});

it("an error names the endpoint, the code and the ids, and nothing that the vendor quotes", async (t) => {
  const there = await Organization.start(t);
  for (const [status, code, exit, retryable] of [
    [400, "bad.request", 2, false],
    [403, "missing.permissions", 2, false],
    [404, "not.found", 2, false],
    [409, "conflict", 2, false],
    [500, "internal.server.error", 1, true],
    [503, "service.unavailable", 1, true],
  ] as const) {
    there.answers = [errorBody(status, code)];
    const error = await failed(there.open(t).call(GET, LIVE));
    assert.deepEqual([error.code, error.exit, error.retryable, error.stage], ["ERR_API", exit, retryable, "export"]);
    assert.deepEqual([error.status, error.apiCode, error.lost], [status, code, false]);
    assert.deepEqual([error.contextId, error.correlationId], [CONTEXT, CORRELATION]);
    const said = `jobs.get: ${status} ${code} (interval invalid.value, context id ${CONTEXT}, correlation id ${CORRELATION}); `;
    assert.ok(error.message.startsWith(said), error.message);
  }
});

it("what only looks like a code or an id is not shown", async (t) => {
  const there = await Organization.start(t);
  for (const value of [
    "4111111111111111",
    "4111-1111-1111-1111",
    "John Smith",
    "a@example.com",
    "123-45-6789",
    "x".repeat(99),
  ]) {
    const body = { code: value, contextId: value, error: value, details: [null, 1, { fieldName: value }] };
    there.answers = [json(400, body, { "inin-correlation-id": value })];
    const error = await failed(there.open(t).call(GET, LIVE));
    assert.match(error.message, /^jobs\.get: 400; the API does not take the request/);
    assert.deepEqual([error.apiCode, error.contextId, error.correlationId], [undefined, undefined, undefined]);
  }
});

it("an error without a body, or with a page in it, is told by its status", async (t) => {
  const there = await Organization.start(t);
  for (const body of ["", "<html>Bad Gateway</html>", "null", "7", '{"code":']) {
    there.answers = [(response) => response.writeHead(403).end(body)];
    assert.match((await failed(there.open(t).call(GET, LIVE))).message, /^jobs\.get: 403; /);
  }
});

it("redirects are not followed: the token stays here", async (t) => {
  const [there, elsewhere] = [await Organization.start(t), await Organization.start(t)];
  there.answers = [json(307, undefined, { location: `${elsewhere.url}/` })];
  const error = await failed(there.open(t).call(GET, LIVE));
  assert.match(error.message, /^jobs\.get: 307; redirects are not followed/);
  assert.deepEqual([error.exit, there.calls.length, elsewhere.asked.length], [2, 1, 0]);
});

it("a reply longer than is taken is refused, and not asked for again", async (t) => {
  const there = await Organization.start(t);
  there.answers = [json(200, { text: "x".repeat(200_000) })];
  const error = await failed(there.open(t, { maxBytes: 100_000 }).call(GET, LIVE));
  assert.match(error.message, /^jobs\.get at http:\S+: its reply is longer than is taken/);
  assert.deepEqual([error.exit, error.retryable, there.calls.length], [1, false, 1]);
  assert.ok(await there.open(t, { maxBytes: 300_000 }).call(GET, LIVE));
});

it("a call that the caller aborts ends with the caller's reason, wherever it is", async (t) => {
  const there = await Organization.start(t);
  const reason = new Error("enough");
  const aborted = async (api: ReturnType<Organization["open"]>, request = GET) => {
    const controller = new AbortController();
    const call = api.call(request, controller.signal);
    await setTimeout(30);
    controller.abort(reason);
    await assert.rejects(call, (error) => error === reason);
  };
  there.logins = [silence, there.token()];
  await aborted(there.open(t));
  there.answers = [silence];
  await aborted(there.open(t));
  await aborted(there.open(t), POST);
  there.answers = [json(503)];
  await aborted(there.open(t, { pace: { first: 1e6, longest: 1e6, margin: 1, attempts: 9 }, timeout: 1e7 }));
  there.answers = [json(429, undefined, { "retry-after": "5" })];
  await aborted(there.open(t));
  there.answers = [json(200)];
  await assert.rejects(there.open(t).call(GET, AbortSignal.abort(reason)), (error) => error === reason);
});

it("a caller that gives up does not take the token from the others", async (t) => {
  const there = await Organization.start(t);
  const api = there.open(t);
  there.logins = [
    async (response, request) => {
      await setTimeout(50);
      there.token()(response, request);
    },
  ];
  const controller = new AbortController();
  const first = api.call(GET, controller.signal);
  const second = api.call(GET, LIVE);
  controller.abort(new Error("enough"));
  await assert.rejects(first, /enough/);
  assert.deepEqual(await second, { ok: true });
});

it("close ends connections and what is under way", async (t) => {
  const there = await Organization.start(t);
  const api = there.open(t);
  await api.call(GET, LIVE);
  assert.ok(there.sockets.size > 0);
  there.answers = [silence];
  const call = failed(api.call(GET, LIVE));
  while (there.calls.length < 2) await setTimeout(5);
  await api.close();
  assert.match((await call).message, /^jobs\.get at http:\S+: it was closed before a reply came/);
  while (there.sockets.size > 0) await setTimeout(5);
  assert.equal(there.calls.length, 2);
});
