/** The stand-in for Genesys Cloud keeps to the contract, and does wrong only what it is told. What needs S3: fake-s3.test.ts. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Ask, ask, asker, DETAILS, EXPORT, followed, IMPORT, login, started, WEEK } from "./ask.ts";
import type { Fault } from "./fake/faults.ts";
import type { FakeOptions } from "./fake/options.ts";

const QUERY = { interval: WEEK, order: "asc", orderBy: "conversationStart" };
const PAYLOAD = {
  entityType: "interaction",
  dateRange: { type: "INTERVAL", interval: WEEK },
  destination: { type: "AWS_S3", bucketName: "staging", region: "us-east-1", keyPrefix: "in/" },
};
const IMPORTED = {
  environmentId: "sandbox-01",
  entityType: "interaction",
  format: "JSON_LINES",
  sourceLocation: { type: "AWS_S3", bucketName: "masked", region: "us-east-1" },
  options: { overwriteExisting: false, skipDuplicates: true },
};

describe("access", () => {
  it("gives a token to a client with its secret only", async (t) => {
    const fake = await started(t, { expiresIn: 600 });
    const { status, body } = await login(fake);
    assert.deepEqual([status, body.token_type, body.expires_in], [200, "bearer", 600]);
    const wrong = await login(fake, "wrong");
    assert.deepEqual([wrong.status, wrong.body.error], [401, "invalid_client"]);
  });

  it("answers 401 without a token, with an unknown and with an expired one, in the body of an error", async (t) => {
    const fake = await started(t, { expiresIn: 0 });
    const expired = (await asker(fake))("GET", `${EXPORT}/schemas`);
    const none = await ask(fake, "GET", `${EXPORT}/schemas`);
    const unknown = await ask(fake, "GET", `${EXPORT}/schemas`, undefined, { authorization: "Bearer x" });
    assert.deepEqual(
      [none, unknown, await expired].map(({ status, body }) => [status, body.code]),
      [
        [401, "authentication.required"],
        [401, "bad.credentials"],
        [401, "credentials.expired"],
      ],
    );
    const members = "code contextId details errors message messageParams messageWithParams status";
    assert.equal(Object.keys(none.body).toSorted().join(" "), members);
    assert.equal(none.headers.get("inin-correlation-id"), none.body.contextId);
  });

  it("counts the calls of a token and refuses those that are too many until the window ends", async (t) => {
    const fake = await started(t, { rateLimit: { allowed: 2, window: 1_000 } });
    const one = await asker(fake);
    const other = await asker(fake);
    const answers = [];
    for (let call = 0; call < 3; call++) answers.push(await one("GET", `${EXPORT}/schemas`));
    assert.deepEqual(
      answers.map(({ status, headers }) => [status, headers.get("inin-ratelimit-count")]),
      [
        [200, "1"],
        [200, "2"],
        [429, "3"],
      ],
    );
    const { headers, body } = answers[2]!;
    assert.deepEqual(
      [headers.get("inin-ratelimit-allowed"), headers.get("retry-after"), body.limit.value],
      ["2", headers.get("inin-ratelimit-reset"), 2],
    );
    assert.equal((await other("GET", `${EXPORT}/schemas`)).status, 200);
    await sleep(1_100);
    assert.equal((await one("GET", `${EXPORT}/schemas`)).status, 200);
  });
});

describe("payloads", () => {
  const wrong: readonly [string, string, object][] = [
    ["an unknown member", EXPORT, { ...PAYLOAD, extra: 1 }],
    ["an unknown member inside", EXPORT, { ...PAYLOAD, destination: { ...PAYLOAD.destination, acl: "x" } }],
    ["a member that is not there", EXPORT, { ...PAYLOAD, dateRange: { type: "FIFO" } }],
    ["an interval that ends first", EXPORT, { ...PAYLOAD, dateRange: { type: "INTERVAL", interval: swapped(WEEK) } }],
    [
      "a prefix with a leading slash",
      EXPORT,
      { ...PAYLOAD, destination: { ...PAYLOAD.destination, keyPrefix: "/a/" } },
    ],
    ["a filter on no field", EXPORT, { ...PAYLOAD, filters: [{ field: "no", operator: "EQ", value: "x" }] }],
    ["an operator nobody knows", EXPORT, { ...PAYLOAD, filters: [{ field: "direction", operator: "IS", value: "x" }] }],
    ["a field that cannot be excluded", EXPORT, { ...PAYLOAD, excludeFields: ["firstName"] }],
    ["another format", IMPORT, { ...IMPORTED, format: "CSV" }],
    ["options that are not there", IMPORT, { ...IMPORTED, options: { skipDuplicates: true } }],
    ["no interval", DETAILS, { order: "asc" }],
    [
      "a direction outside of a predicate",
      DETAILS,
      { ...QUERY, segmentFilters: [{ type: "and", direction: "inbound" }] },
    ],
    ["a filter of nothing", DETAILS, { ...QUERY, segmentFilters: [{ type: "or", predicates: [] }] }],
  ];
  for (const [name, path, body] of wrong) {
    it(`refuses ${name}`, async (t) => {
      const fake = await started(t);
      const answer = await (await asker(fake))("POST", path, body);
      assert.deepEqual([answer.status, answer.body.code], [400, "invalid.value"]);
      assert.ok(answer.body.details.length > 0);
      assert.deepEqual(fake.state().jobs, []);
    });
  }
});

function swapped(interval: string): string {
  return interval.split("/").toReversed().join("/");
}

describe("conversation details", () => {
  it("come in pages once the job is done, each conversation once, in the interval and before the data ends", async (t) => {
    const fake = await started(t, { rows: 250, now: "2026-11-20T00:00:00.000Z" });
    const call = await asker(fake);
    const { body } = await call("POST", DETAILS, QUERY);
    assert.equal((await call("GET", `${DETAILS}/${body.jobId}/results`)).status, 404);
    assert.deepEqual((await followed(call, `${DETAILS}/${body.jobId}`)).states, ["PENDING", "FULFILLED"]);
    const { sizes, all } = await pages(call, body.jobId, 100);
    assert.ok(all.length > 100 && all.length < 250);
    assert.deepEqual(sizes, [100, all.length - 100]);
    assert.equal(new Set(all.map(({ conversationId }) => conversationId)).size, all.length);
    for (const { conversationStart } of all) {
      assert.ok(conversationStart >= "2026-11-16" && conversationStart < "2026-11-20");
    }
    assert.equal((await call("GET", `${DETAILS}/${body.jobId}/results?pageSize=1001`)).status, 400);
    assert.equal((await call("GET", `${DETAILS}/availability`)).body.dataAvailabilityDate, "2026-11-20T00:00:00.000Z");
    assert.equal((await call("DELETE", `${DETAILS}/${body.jobId}`)).status, 204);
    assert.equal((await call("GET", `${DETAILS}/${body.jobId}`)).status, 404);
  });

  it("are the same for the same interval and seed, and others otherwise", async (t) => {
    const first = await allOf(t, {}, QUERY);
    assert.deepEqual(await allOf(t, {}, QUERY), first);
    assert.notDeepEqual(await allOf(t, { seed: 1 }, QUERY), first);
    const before = { ...QUERY, interval: WEEK.replaceAll("2026-11-16", "2026-11-09") };
    assert.notDeepEqual(await allOf(t, {}, before), first);
  });

  it("have people in every place that the facts name, and no nulls", async (t) => {
    const text = JSON.stringify(await allOf(t, {}, QUERY));
    assert.ok(!text.includes(":null"));
    const places = `participantName ani dnis sessionDnis addressFrom addressTo addressSelf addressOther remote
      remoteNameDisplayable callbackNumbers callbackUserName cc bcc destinationAddresses videoAddressSelf
      screenShareAddressSelf entryReason transferTargetAddress transferTargetName attributes subject wrapUpNote wrapUpTags
      property value errorCodeDescription externalTag flowOutcome flowOutcomeValue exitReason recognitionFailureReason
      externalContactId externalOrganizationId participantId journeyCustomerId journeyCustomerSessionId outboundContactId
      protocolCallId peerId sessionId roomId associatedConversationId consultationConversationIds userId teamId assignerId
      selectedAgentId assigneeId evaluatorId callbackScheduledTime eventTime segmentStart segmentEnd`;
    for (const name of places.split(/\s+/)) assert.ok(text.includes(`"${name}":`), name);
  });

  it("have keys that are data only where that was asked for, and nothing else changes", async (t) => {
    const plain = JSON.stringify(await allOf(t, {}, QUERY));
    const keys = JSON.stringify(await allOf(t, { dataKeys: true }, QUERY));
    const odd = /"callback \+\d{10,}":"yes",/g;
    assert.ok(!odd.test(plain) && odd.test(keys));
    assert.equal(keys.replace(odd, ""), plain);
  });

  it("are those that filters, limit and order ask for", async (t) => {
    const outbound = { type: "dimension", dimension: "originatingDirection", operator: "matches", value: "outbound" };
    const all = await allOf(t, {}, QUERY);
    const wanted = all.filter(({ originatingDirection }) => originatingDirection === "outbound");
    assert.ok(wanted.length > 0 && wanted.length < all.length);
    const conversationFilters = [{ type: "and", predicates: [outbound] }];
    assert.deepEqual(await allOf(t, {}, { ...QUERY, conversationFilters }), wanted);
    const clauses = [{ type: "and", predicates: [{ ...outbound, dimension: "direction" }] }];
    assert.deepEqual(await allOf(t, {}, { ...QUERY, segmentFilters: [{ type: "or", clauses }] }), wanted);
    const latest = all.toReversed().slice(0, 5);
    assert.deepEqual(await allOf(t, {}, { ...QUERY, order: "desc", limit: 5 }), latest);
  });
});

interface Conversation {
  readonly conversationId: string;
  readonly conversationStart: string;
  readonly originatingDirection: string;
}

async function pages(call: Ask, id: string, pageSize: number): Promise<{ sizes: number[]; all: Conversation[] }> {
  const sizes: number[] = [];
  const all: Conversation[] = [];
  for (let cursor = ""; ; ) {
    const { status, body } = await call("GET", `${DETAILS}/${id}/results?pageSize=${pageSize}${cursor}`);
    assert.equal(status, 200, JSON.stringify(body));
    sizes.push(body.conversations.length);
    all.push(...body.conversations);
    if (body.cursor === undefined) return { sizes, all };
    cursor = `&cursor=${body.cursor}`;
  }
}

async function allOf(t: TestContext, options: Partial<FakeOptions>, query: object): Promise<Conversation[]> {
  const call = await asker(await started(t, { rows: 200, jobs: { polls: 0, ms: 0 }, ...options }));
  const { body } = await call("POST", DETAILS, query);
  return (await pages(call, body.jobId, 1000)).all;
}

describe("jobs", () => {
  it("stay in a state for so many looks", async (t) => {
    const call = await asker(await started(t, { jobs: { polls: 2, ms: 0 } }));
    const { body } = await call("POST", DETAILS, QUERY);
    const { states } = await followed(call, `${DETAILS}/${body.jobId}`);
    assert.deepEqual(states, ["QUEUED", "PENDING", "PENDING", "FULFILLED"]);
  });

  it("leave a state no sooner than after so many milliseconds", async (t) => {
    const call = await asker(await started(t, { jobs: { polls: 0, ms: 300 } }));
    const { body } = await call("POST", DETAILS, QUERY);
    assert.equal((await call("GET", `${DETAILS}/${body.jobId}`)).body.state, "QUEUED");
    await sleep(700);
    assert.equal((await call("GET", `${DETAILS}/${body.jobId}`)).body.state, "FULFILLED");
  });

  it("are asked for once for an Idempotency-Key", async (t) => {
    const fake = await started(t);
    const call = await asker(fake);
    const first = await call("POST", EXPORT, PAYLOAD, { "idempotency-key": "k-1" });
    const again = await call("POST", EXPORT, PAYLOAD, { "idempotency-key": "k-1" });
    const other = await call("POST", EXPORT, PAYLOAD, { "idempotency-key": "k-2" });
    assert.equal(first.status, 202);
    assert.deepEqual(Object.keys(first.body), ["id", "state", "selfUri"]);
    assert.equal(again.body.id, first.body.id);
    assert.notEqual(other.body.id, first.body.id);
    assert.deepEqual(
      fake.state().jobs.map(({ asked }) => asked),
      [2, 1],
    );
    const changed = { ...PAYLOAD, excludeFields: ["transcript"] };
    assert.equal((await call("POST", EXPORT, changed, { "idempotency-key": "k-1" })).status, 409);
  });
});

describe("faults", () => {
  const post = { method: "POST", path: DETAILS };
  const jobs = async (t: TestContext, fault: Fault, match: object = post, options: Partial<FakeOptions> = {}) => {
    const fake = await started(t, options);
    const call = await asker(fake);
    fake.fault({ match, fault });
    return { fake, call, count: () => fake.state().jobs.length };
  };

  for (const [status, retryAfter] of [[429, 1], [429, 61], [500], [503], [504]] as const) {
    it(`${status}${retryAfter ? `, retry after ${retryAfter} s` : ""}: once, nothing took effect`, async (t) => {
      const fault: Fault = { kind: "status", status, ...(retryAfter ? { retryAfter } : {}) };
      const { call, count } = await jobs(t, fault);
      const answer = await call("POST", DETAILS, QUERY);
      assert.deepEqual([answer.status, answer.body.status], [status, status]);
      assert.equal(answer.headers.get("retry-after"), retryAfter ? String(retryAfter) : null);
      assert.equal(count(), 0);
      assert.equal((await call("POST", DETAILS, QUERY)).status, 202);
    });
  }

  for (const [when, effects] of [
    ["before", 0],
    ["after", 1],
  ] as const) {
    it(`a reply lost ${when} the call took effect`, async (t) => {
      const { fake, call, count } = await jobs(t, { kind: "lost", when });
      await assert.rejects(call("POST", DETAILS, QUERY), TypeError);
      assert.equal(count(), effects);
      assert.deepEqual(fake.state().seen.at(-1), { endpoint: `POST ${DETAILS}`, path: DETAILS, answer: "lost" });
    });

    it(`a call that is held ${when} it takes effect, until it is released`, async (t) => {
      const { fake, call, count } = await jobs(t, { kind: "hold", when });
      const held = call("POST", DETAILS, QUERY);
      await fake.untilHeld();
      assert.equal(count(), effects);
      assert.deepEqual(fake.state().held, [`POST ${DETAILS}`]);
      assert.equal((await ask(fake, "POST", "/__control/release")).status, 204);
      assert.equal((await held).status, 202);
      assert.deepEqual([count(), fake.state().held], [1, []]);
    });
  }

  it("half of the JSON", async (t) => {
    const { call } = await jobs(t, { kind: "malformed" });
    await assert.rejects(call("POST", DETAILS, QUERY), SyntaxError);
  });

  it("a slow answer", async (t) => {
    const { call } = await jobs(t, { kind: "slow", ms: 200 });
    const [first] = await Promise.race([
      call("POST", DETAILS, QUERY).then(() => ["slow"]),
      call("GET", `${EXPORT}/schemas`).then(() => ["other"]),
    ]);
    assert.equal(first, "other");
  });

  it("a token that expires in the middle", async (t) => {
    const { fake, call } = await jobs(t, { kind: "expireToken" });
    for (const _ of [1, 2]) {
      assert.equal((await call("POST", DETAILS, QUERY)).body.code, "credentials.expired");
    }
    assert.equal((await (await asker(fake))("POST", DETAILS, QUERY)).status, 202);
  });

  it("a state that nobody knows, in one answer", async (t) => {
    const { call } = await jobs(t, { kind: "state", state: "HIBERNATING" }, { method: "GET" });
    const { body } = await call("POST", DETAILS, QUERY);
    const path = `${DETAILS}/${body.jobId}`;
    assert.equal((await call("GET", path)).body.state, "HIBERNATING");
    assert.equal((await call("GET", path)).body.state, "FULFILLED");
  });

  for (const state of ["FAILED", "CANCELLED", "EXPIRED"]) {
    it(`a job that is ${state} from its second look on`, async (t) => {
      const match = { endpoint: `GET ${DETAILS}/{id}`, after: 1 };
      const { call } = await jobs(t, { kind: "state", state, errorMessage: "as ordered" }, match);
      const { body } = await call("POST", DETAILS, QUERY);
      const { states, answer } = await followed(call, `${DETAILS}/${body.jobId}`);
      assert.deepEqual(states, ["PENDING", state]);
      assert.equal(answer.body.errorMessage, "as ordered");
      assert.equal((await call("GET", `${DETAILS}/${body.jobId}`)).body.state, state);
    });
  }

  it("a job that expires while its pages are read", async (t) => {
    const match = { path: `${DETAILS}/*/results`, after: 1 };
    const { call } = await jobs(t, { kind: "state", state: "EXPIRED" }, match, { jobs: { polls: 0, ms: 0 } });
    const { body } = await call("POST", DETAILS, QUERY);
    const page = await call("GET", `${DETAILS}/${body.jobId}/results?pageSize=10`);
    const next = `${DETAILS}/${body.jobId}/results?pageSize=10&cursor=${page.body.cursor}`;
    assert.deepEqual([page.status, (await call("GET", next)).status], [200, 404]);
    assert.equal((await call("GET", `${DETAILS}/${body.jobId}`)).body.state, "EXPIRED");
  });

  it("a page that comes twice, behind another cursor", async (t) => {
    const match = { path: `${DETAILS}/*/results`, after: 1 };
    const options = { rows: 30, jobs: { polls: 0, ms: 0 } };
    const { call } = await jobs(t, { kind: "duplicatePage" }, match, options);
    const { body } = await call("POST", DETAILS, QUERY);
    const { sizes, all } = await pages(call, body.jobId, 10);
    assert.deepEqual(sizes, [10, 10, 10, 10]);
    assert.deepEqual(all.slice(10, 20), all.slice(20, 30));
    assert.equal(new Set(all.map(({ conversationId }) => conversationId)).size, 30);
  });

  it("a field more in schemas and conversations, and one by another name", async (t) => {
    const { fake, call } = await jobs(t, { kind: "addField", name: "customerPhoneAlt" });
    const before = await interactionSchema(call);
    const { body } = await call("POST", DETAILS, QUERY);
    const added = await interactionSchema(call);
    const own = before.fields.length;
    assert.deepEqual(added.fields.slice(own), [{ path: "customerPhoneAlt", type: "string" }]);
    assert.notEqual(added.version, before.version);
    await followed(call, `${DETAILS}/${body.jobId}`);
    assert.match(JSON.stringify((await pages(call, body.jobId, 1000)).all), /"customerPhoneAlt":"[^"]*\d/);

    fake.fault({ fault: { kind: "renameField", from: "cardNumber", to: "paymentCard" } });
    const renamed = await interactionSchema(call);
    const names = renamed.fields.map(({ path }) => path);
    assert.ok(names.includes("paymentCard") && !names.includes("cardNumber"));
  });

  it("comes so often, on calls that match, after so many of them", async (t) => {
    const fake = await started(t);
    const order = { match: { path: "/hooks/a", after: 1 }, fault: { kind: "status", status: 500 }, times: 2 };
    assert.equal((await ask(fake, "POST", "/__control/faults", order)).status, 204);
    const statuses = [];
    for (const name of ["a", "b", "a", "a", "b", "a"])
      statuses.push((await ask(fake, "POST", `/hooks/${name}`)).status);
    assert.deepEqual(statuses, [200, 200, 500, 500, 200, 200]);
    assert.equal((await ask(fake, "POST", "/__control/faults", { fault: { kind: "no such" } })).status, 400);
  });
});

interface EntitySchema {
  readonly name: string;
  readonly version: string;
  readonly fields: readonly { readonly path: string; readonly type: string }[];
}

/** Behind as many pages as it takes. */
async function interactionSchema(call: Ask): Promise<EntitySchema> {
  for (let uri: string | undefined = `${EXPORT}/schemas`; uri; ) {
    const { body } = (await call("GET", uri)) as { body: { entities: EntitySchema[]; nextUri?: string } };
    const found = body.entities.find(({ name }) => name === "interaction");
    if (found) return found;
    uri = body.nextUri;
  }
  throw new Error("there is no entity interaction");
}

describe("what was seen", () => {
  it("is hooks with their headers and bytes, reports, calls; a reset forgets it", async (t) => {
    const fake = await started(t, { reports: ["daily"] });
    const call = await asker(fake);
    await ask(fake, "POST", "/hooks/alert", { text: "Zoë" }, { "x-signature": "abc" });
    assert.equal((await call("POST", "/api/v2/analytics/reporting/schedules/weekly/pause")).status, 204);
    const { body } = await ask(fake, "GET", "/__control/state");
    assert.deepEqual(body, JSON.parse(JSON.stringify(fake.state())));
    const [hook] = body.hooks;
    assert.deepEqual([hook.name, hook.headers["x-signature"], hook.text], ["alert", "abc", '{"text":"Zoë"}']);
    assert.deepEqual(body.reports, { daily: "running", weekly: "paused" });
    assert.equal(body.calls["POST /api/v2/analytics/reporting/schedules/{name}/pause"], 1);
    assert.equal(body.seen.length, 3);
    await ask(fake, "POST", "/__control/reset");
    const { hooks, seen, reports } = fake.state();
    assert.deepEqual({ hooks, seen, reports }, { hooks: [], seen: [], reports: { daily: "running" } });
    assert.equal((await call("GET", `${EXPORT}/schemas`)).status, 401);
  });

  it("runs as a process that says where it is and stops at SIGTERM", async () => {
    const args = [join(import.meta.dirname, "fake/main.ts"), "--client", "one:two", "--report", "daily"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
      const { api, control, clientId } = JSON.parse(line) as Record<string, string>;
      assert.equal(clientId, "one");
      const state = (await (await fetch(`${control}state`)).json()) as { reports: object };
      assert.deepEqual(state.reports, { daily: "running" });
      assert.equal((await fetch(`${api}/api/v2/nothing`)).status, 404);
      child.kill("SIGTERM");
      assert.deepEqual(await once(child, "exit"), [0, null]);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
