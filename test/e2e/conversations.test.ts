/**
 * Conversations of the analytics API from the staging area to masked output: nothing of a person is left in any place where
 * the vendor's facts say that one stands; what nobody knows yet pauses; every file has one schema.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { CONVERSATION_FIELDS } from "../../src/genesys/conversation-schema.ts";
import { maskAndCommit } from "../../src/masking.ts";
import { configure, type Prepared, prepare } from "../../src/prepare.ts";
import { KEY, Workspace } from "../support/cli.ts";

const surroundings = (directory: string) => ({
  env: { MASKLINE_KEY: KEY },
  directory,
  version: "0",
  cores: 2,
  signal: new AbortController().signal,
});

const observer = {
  ...{ storeRetried() {}, workerRestarted() {}, planned() {}, committing() {}, leftOut() {} },
  ...{ partRead() {}, partWritten() {}, batchWritten() {}, chunkWritten() {}, inFlight() {} },
};

/** Staged conversations, a file for each list of them. */
async function staged(t: TestContext, ...files: readonly (readonly object[])[]): Promise<Workspace> {
  const work = await Workspace.make(t);
  for (const [index, lines] of files.entries()) {
    const text = lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
    await work.write(`staging/conversations-00000${index + 1}.jsonl.gz`, gzipSync(text));
  }
  await work.config({ input: ["./staging/"], policy: { presets: ["genesys-analytics"] } });
  return work;
}

async function prepared(t: TestContext, work: Workspace, isDeclared = true): Promise<Prepared> {
  const at = surroundings(work.path);
  const base = `${pathToFileURL(work.join("staging")).href}/`;
  const declared = isDeclared ? [{ base, fields: CONVERSATION_FIELDS }] : [];
  const one = await prepare(await configure(work.join("maskline.yaml"), {}, at), observer, at, { declared });
  t.after(() => one[Symbol.asyncDispose]());
  return one;
}

async function masked(t: TestContext, work: Workspace, isDeclared = true): Promise<string[]> {
  const one = await prepared(t, work, isDeclared);
  await maskAndCommit(one, { dryRun: false, replace: false }, observer, surroundings(work.path));
  const names = await work.outputs();
  return await Promise.all(names.map((name) => readFile(work.join("out", name), "utf8")));
}

/** Makes values that are found nowhere by chance, each of them once. */
class Marked {
  readonly markers: string[] = [];

  text(): string {
    return this.#add(`Zyx${this.#serial()}wvu`);
  }
  email(): string {
    return `${this.#add(`zyx${this.#serial()}wvu`)}@customers.example`;
  }
  phone(): string {
    return `tel:+1${this.#add(`415555${String(1000 + this.markers.length)}`)}`;
  }
  id(): string {
    return this.#add(`5a5a5a5a-0000-4000-8000-${this.#serial().padStart(12, "0")}`);
  }
  /** What the detectors must find within words. */
  prose(): string {
    return `asked that ${this.email()} or ${this.phone()} be called`;
  }

  #serial(): string {
    return String(7_000_000 + this.markers.length);
  }
  #add(marker: string): string {
    this.markers.push(marker);
    return marker;
  }
}

/** Every place of a person in an AnalyticsConversation, filled. */
function conversation(m: Marked): Record<string, unknown> {
  const ids = (...names: string[]) => Object.fromEntries(names.map((name) => [name, m.id()]));
  return {
    ...ids("conversationId", "associatedConversationId"),
    consultationConversationIds: [m.id(), m.id()],
    externalTag: m.text(),
    conversationStart: "2026-11-16T08:00:00.000Z",
    evaluations: [ids("userId", "assigneeId", "evaluatorId")],
    surveys: [ids("userId")],
    resolutions: [ids("userId")],
    participants: [
      {
        ...ids("externalContactId", "externalOrganizationId", "participantId", "userId", "teamId"),
        participantName: m.text(),
        attributes: {
          customerName: m.text(),
          "Last 4 of SSN": m.text(),
          [m.email()]: m.text(),
          [`callback ${m.phone()}`]: m.text(),
          plan: m.text(),
        },
        sessions: [
          {
            ...{ ani: m.phone(), dnis: m.phone(), sessionDnis: m.phone(), callbackNumbers: [m.phone(), m.phone()] },
            ...{ addressFrom: m.email(), addressTo: m.email(), addressSelf: m.phone(), addressOther: m.text() },
            ...{ remote: m.text(), remoteNameDisplayable: m.text(), callbackUserName: m.text() },
            ...{ cc: [m.email()], bcc: [m.email(), m.email()], destinationAddresses: [m.phone(), m.email()] },
            ...{ videoAddressSelf: m.email(), screenShareAddressSelf: m.email(), errorCodeDescription: m.prose() },
            ...ids("journeyCustomerId", "journeyCustomerSessionId", "outboundContactId", "protocolCallId", "peerId"),
            ...ids("sessionId", "roomId", "cobrowseRoomId", "screenShareRoomId", "videoRoomId", "mediaBridgeId"),
            ...ids("monitoredParticipantId", "coachedParticipantId", "bargedParticipantId"),
            ...ids("assignerId", "selectedAgentId", "screenMonitoredUserId"),
            proposedAgents: [ids("proposedAgentId")],
            mediaType: "voice",
            metrics: [{ name: "tTalk", value: 1 }],
            flow: {
              ...{ entryReason: m.phone(), transferTargetAddress: m.phone(), transferTargetName: m.text() },
              ...{ exitReason: m.prose(), recognitionFailureReason: m.prose() },
              outcomes: [{ flowOutcome: m.prose(), flowOutcomeValue: m.prose() }],
            },
            segments: [
              {
                ...{ subject: m.prose(), wrapUpNote: m.prose(), wrapUpTags: [m.prose(), m.email()] },
                ...ids("destinationConversationId", "sourceConversationId", "destinationSessionId", "sourceSessionId"),
                ...{ requestedRoutingUserIds: [m.id()], scoredAgents: [ids("scoredAgentId")] },
                properties: [{ property: m.email(), value: m.text() }],
              },
            ],
          },
          // Two more of what `remote` may be.
          { remote: m.phone() },
          { remote: m.email() },
        ],
      },
    ],
  };
}

describe("staged conversations", () => {
  it("lose every value that is a person's, keys that are such values too", async (t) => {
    const m = new Marked();
    const work = await staged(t, [conversation(m), conversation(m)], [conversation(m)]);
    const outputs = await masked(t, work);
    assert.equal(outputs.length, 2);
    const written = outputs.join("");
    assert.equal(m.markers.length % 3, 0);
    assert.ok(m.markers.length > 250);
    for (const marker of m.markers) assert.ok(!written.toLowerCase().includes(marker.toLowerCase()), marker);
    const records = (await work.files()).filter((name) => name.startsWith("_maskline/"));
    const said = (await Promise.all(records.map((name) => work.text(`out/${name}`)))).join("");
    for (const marker of m.markers) assert.ok(!said.includes(marker), marker);
    const [row] = written.split("\n").map((line) => JSON.parse(line || "{}"));
    assert.deepEqual(Object.keys(row.participants[0].attributes), [
      ...["customerName", "Last 4 of SSN", "[NAME 1]", "[NAME 2]", "plan"],
    ]);
    assert.equal(row.participants[0].sessions[0].mediaType, "voice");
    assert.equal(row.conversationStart, "2026-11-16T08:00:00.000Z");
  });

  it("have all declared fields in every file, null where the API left them out, and the same bytes each time", async (t) => {
    const lines = [
      [{ conversationId: "a", participants: [{ sessions: [{}] }] }],
      [{ conversationId: "b", selfServed: true }],
    ];
    const [first, again] = await Promise.all([
      masked(t, await staged(t, ...lines)),
      masked(t, await staged(t, ...lines)),
    ]);
    assert.deepEqual(first, again);
    const [a, b] = first.map((text) => JSON.parse(text));
    const names = CONVERSATION_FIELDS.map(({ name }) => name);
    assert.deepEqual([Object.keys(a), Object.keys(b)], [names, names]);
    assert.deepEqual([a.selfServed, b.selfServed, b.participants], [null, true, null]);
    assert.deepEqual([a.participants[0].attributes, a.participants[0].sessions[0].flow], [null, null]);
  });

  it("keep numbers to the last digit, and text in any language", async (t) => {
    const line = `{"conversationId":"a","mediaStatsMinConversationMos":4.900,"participants":[{"purpose":"顧客 😀 \\u00e9",
      "sessions":[{"metrics":[{"name":"nBig","value":12345678901234567890},{"value":1.5E3}],"mediaCount":9007199254740993}]}]}`;
    const work = await staged(t, [line.replaceAll("\n", "") as unknown as object]);
    const [output] = await masked(t, work);
    for (const piece of ["4.900", '"value":12345678901234567890', "1.5E3", "9007199254740993", "顧客 😀 é"]) {
      assert.ok(output!.includes(piece), piece);
    }
  });

  it("pause where a member that nobody knows looks sensitive, and take up others after the declared ones", async (t) => {
    const known = { conversationId: "a", participants: [{ purpose: "customer" }] };
    const late = { conversationId: "b", brandNew: 1, participants: [{ customerPassportNumber: "X1234567" }] };
    const work = await staged(t, [known], [late]);
    const { plan } = await prepared(t, work);
    assert.deepEqual(
      plan.paused.map(({ path }) => path),
      ["participants[].customerPassportNumber", "participants[].customerPassportNumber"],
    );
    const [one, two] = plan.objects;
    assert.deepEqual(one!.spec.fields, two!.spec.fields);
    assert.equal(one!.spec.fields.at(-1)!.name, "brandNew");
    await assert.rejects(masked(t, work), { exit: 3 });
    assert.deepEqual(await work.outputs(), []);
  });

  it("of somebody else's export are read without declared fields too, and lose as much", async (t) => {
    const m = new Marked();
    const whole = conversation(m);
    const [participant] = whole.participants as [{ attributes: Record<string, string> }];
    // Keys are columns there: data for keys is refused.
    participant.attributes = { customerName: m.text(), "Last 4 of SSN": m.text(), plan: m.text() };
    const outputs = await masked(t, await staged(t, [whole]), false);
    for (const marker of m.markers) assert.ok(!outputs.join("").includes(marker), marker);
    const work = await staged(t, [conversation(new Marked())]);
    await assert.rejects(masked(t, work, false), { code: "ERR_BAD_INPUT", message: /data for keys/ });
  });
});
