/** Tokens: asked for once, renewed in time, and what is said when the client is refused. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { failed, GET, LIVE, POST } from "./calls.ts";
import { type Answer, CLIENT, errorBody, hangUp, json, Organization, silence, VALUE } from "./organization.ts";

const logins = ({ asked }: Organization) => asked.filter(({ url }) => url === "/oauth/token");

it("a token is asked for with the client's credentials, and kept", async (t) => {
  const there = await Organization.start(t);
  const api = there.open(t);
  for (let call = 0; call < 3; call++) await api.call(GET, LIVE);
  assert.equal(logins(there).length, 1);
  const [{ method, headers, body }] = logins(there) as [ReturnType<typeof logins>[number]];
  assert.deepEqual([method, body], ["POST", "grant_type=client_credentials"]);
  assert.equal(headers["content-type"], "application/x-www-form-urlencoded");
  const [scheme, credentials] = headers.authorization!.split(" ");
  assert.deepEqual(
    [scheme, Buffer.from(credentials!, "base64").toString()],
    ["Basic", `${CLIENT.id}:${CLIENT.secret}`],
  );
});

it("calls at once share one request for a token", async (t) => {
  const there = await Organization.start(t);
  const api = there.open(t);
  await Promise.all(Array.from({ length: 20 }, () => api.call(GET, LIVE)));
  assert.equal(logins(there).length, 1);
  assert.equal(there.calls.length, 20);
});

it("a token is renewed before it expires", async (t) => {
  const there = await Organization.start(t);
  const lived = async (life: number | undefined, pause: number) => {
    there.logins = [there.token(life)];
    const api = there.open(t);
    const before = logins(there).length;
    await api.call(GET, LIVE);
    await setTimeout(pause);
    await api.call(GET, LIVE);
    return logins(there).length - before;
  };
  // A tenth before its end: after 900 of 1000 ms.
  assert.equal(await lived(1, 905), 2);
  assert.equal(await lived(0, 0), 2);
  assert.equal(await lived(3600, 0), 1);
  assert.equal(await lived(-1, 0), 1, "a life that cannot be is five minutes");
});

it("a call that is refused for its token gets another one, once", async (t) => {
  for (const code of ["credentials.expired", "authentication.required", "bad.credentials"]) {
    const there = await Organization.start(t);
    there.answers = [errorBody(401, code), json(200, { ok: true })];
    assert.deepEqual(await there.open(t).call(POST, LIVE), { ok: true });
    assert.deepEqual(
      there.calls.map(({ headers }) => headers.authorization),
      ["Bearer token-1", "Bearer token-2"],
    );
    assert.deepEqual(there.observed.retried, ["jobs.create"]);
  }
});

it("a token that is never accepted is no loop", async (t) => {
  const there = await Organization.start(t);
  there.answers = [errorBody(401, "bad.credentials")];
  const error = await failed(there.open(t).call(GET, LIVE));
  assert.match(error.message, /^jobs\.get: 401 bad\.credentials .*; the API does not accept the client's token/);
  assert.deepEqual([error.exit, error.retryable, error.lost], [2, false, false]);
  assert.deepEqual([logins(there).length, there.calls.length], [2, 2]);
});

it("calls at once that are refused for the same token share the next one", async (t) => {
  const there = await Organization.start(t);
  there.answers = [
    (response, request) =>
      (request.headers.authorization === "Bearer token-1" ? errorBody(401, "credentials.expired") : json(200, 1))(
        response,
        request,
      ),
  ];
  const api = there.open(t);
  assert.deepEqual(await Promise.all(Array.from({ length: 8 }, () => api.call(GET, LIVE))), Array(8).fill(1));
  assert.equal(logins(there).length, 2);
});

it("a client that is refused is an error of the configuration that names neither id nor secret", async (t) => {
  const refusals: readonly [Answer, string][] = [
    [json(400, { error: "invalid_client", description: `authentication failed ${CLIENT.id}` }), "400 invalid_client"],
    [json(401, { error: "invalid_client", error_description: CLIENT.secret }), "401 invalid_client"],
    [json(401, { error: CLIENT.secret, message: VALUE }), "401"],
    [errorBody(401, "bad.credentials"), "401 bad.credentials"],
    [json(403), "403"],
  ];
  for (const [login, said] of refusals) {
    const there = await Organization.start(t);
    there.logins = [login];
    const error = await failed(there.open(t).call(GET, LIVE));
    assert.ok(error.message.startsWith(`token: ${said}`), error.message);
    assert.match(error.message, /; the OAuth client is refused; check client\.id, client\.secret/);
    assert.deepEqual([error.exit, error.retryable, error.stage], [2, false, "configure"]);
    assert.deepEqual([logins(there).length, there.calls.length], [1, 0]);
  }
});

it("a login without a token in its reply is not the login", async (t) => {
  const there = await Organization.start(t);
  for (const body of [undefined, {}, [], "text", { access_token: 7 }, { access_token: "two\r\nlines" }]) {
    there.logins = [json(200, body)];
    const error = await failed(there.open(t).call(GET, LIVE));
    assert.match(error.message, /^token at http:\S+: its reply holds no token; check region and login/);
    assert.equal(error.exit, 2);
  }
});

it("a login that is down is asked again, also without a reply", async (t) => {
  const there = await Organization.start(t);
  there.logins = [json(503), hangUp, json(429, undefined, { "retry-after": "0" }), there.token()];
  assert.deepEqual(await there.open(t).call(POST, LIVE), { ok: true });
  assert.deepEqual(there.observed.retried, ["token", "token", "token"]);
  there.logins = [json(500)];
  const error = await failed(there.open(t).call(POST, LIVE));
  assert.deepEqual([error.exit, error.retryable, error.lost], [1, true, false]);
});

it("a login that does not answer takes no longer than the call may", async (t) => {
  const there = await Organization.start(t);
  there.logins = [silence];
  const error = await failed(there.open(t, { timeout: 50 }).call(POST, LIVE));
  assert.match(error.message, /no reply within the timeout of 0\.05 s/);
  assert.deepEqual([error.exit, error.retryable, error.lost], [1, true, false]);
});

it("after a failure, the next call asks for a token anew", async (t) => {
  const there = await Organization.start(t);
  there.logins = [json(401), there.token()];
  const api = there.open(t);
  await failed(api.call(GET, LIVE));
  assert.deepEqual(await api.call(GET, LIVE), { ok: true });
});
