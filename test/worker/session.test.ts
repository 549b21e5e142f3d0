/** What counts as a worker's silence: that it gives no answer although it was asked and has what it needs. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { setImmediate as immediate } from "node:timers/promises";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { PartReply, PartRequest } from "../../src/worker/messages.ts";
import { PartSession, type Supply } from "../../src/worker/session.ts";

const PATIENCE = 100;
const END: PartReply = { type: "end", rows: 0 };
const ports: MessagePort[] = [];

/** A session, and the worker's end of its port. */
function opened(supply: Supply = async () => null) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const session = new PartSession(port1, supply, PATIENCE, new Map(), () => 0);
  const requests: PartRequest[] = [];
  port2.on("message", (request: PartRequest) => requests.push(request));
  return { session, requests, say: (reply: PartReply) => port2.postMessage(reply) };
}

/** Time that passes by the clock of the session alone; messages take their own. */
async function pass(milliseconds: number): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await immediate();
  mock.timers.tick(milliseconds);
}

describe("a part's session", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => {
    mock.timers.reset();
    for (const port of ports.splice(0)) port.close();
  });

  it("waits for ever while nobody asks: a slow store holds back those that do", async () => {
    const { session, say } = opened();
    for (let round = 0; round < 2; round++) {
      await pass(10 * PATIENCE);
      const batch = session.next(false);
      say(END);
      assert.deepEqual(await batch, END);
    }
  });

  it("does not take the time that its input takes for a worker's silence", async () => {
    const arrived = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
    const { session, requests, say } = opened(() => arrived.promise);
    const first = session.next(false);
    say({ type: "want" });
    await pass(PATIENCE / 2);
    const second = session.next(false);
    await pass(10 * PATIENCE);
    arrived.resolve(new Uint8Array(1));
    await pass(PATIENCE / 2);
    assert.equal(requests.at(-1)?.type, "bytes");
    say(END);
    say(END);
    assert.deepEqual(await Promise.all([first, second]), [END, END]);
  });

  it("gives a worker up that was asked, has its input and says nothing", async () => {
    const { session, say } = opened(async () => new Uint8Array(1));
    const refused = assert.rejects(session.next(false), {
      exit: 1,
      retryable: true,
      message: /gave no answer for 0.1 s/,
    });
    say({ type: "want" });
    await pass(PATIENCE);
    await refused;
  });

  it("counts from the last answer, not from the last question", async () => {
    const { session, say } = opened();
    const asked = Array.from({ length: 4 }, () => session.next(false));
    while (asked.length > 1) {
      await pass(PATIENCE - 1);
      say(END);
      assert.deepEqual(await asked.shift(), END);
    }
    const refused = assert.rejects(asked[0]!, { message: /gave no answer/ });
    await pass(PATIENCE / 2);
    session.next(false).catch(() => {});
    await pass(PATIENCE / 2);
    await refused;
  });
});
