/** Hooks against real receivers that fail in every way; nothing here asserts how long something took. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { eventId } from "../../../src/observe/webhooks/event.ts";
import { jsonMessage } from "../../../src/observe/webhooks/json.ts";
import { slackMessage } from "../../../src/observe/webhooks/slack.ts";
import { type Hook, tell } from "../../../src/observe/webhooks/tell.ts";
import { ALERT, COMMITTED } from "./events.ts";

interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

type Answer = (response: ServerResponse, nth: number) => void;

/** A receiver that answers each request by its number, from 0, and keeps what came. */
async function receiver(t: TestContext, answer: Answer) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join("");
    received.push({ method: request.method, path: request.url, headers: request.headers, body });
    answer(response, received.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { received, url: `http://127.0.0.1:${port}/services/T0/B0/secret-path`, host: `127.0.0.1:${port}` };
}

const status =
  (...codes: readonly number[]): Answer =>
  (response, nth) =>
    void response.writeHead(codes[Math.min(nth, codes.length - 1)]!).end("ok");

function hook(url: string, more: Partial<Hook> = {}): Hook {
  return { url, format: "json", timeout: 60_000, ...more };
}

const run = () => AbortSignal.timeout(120_000);

/** The error's message, for its parts. */
async function failed(telling: Promise<void>): Promise<string> {
  let message = "";
  await assert.rejects(telling, (error: Error & { exit?: number; retryable?: boolean }) => {
    assert.equal(error.exit, 1);
    assert.equal(error.retryable, true);
    message = error.message;
    return true;
  });
  assert.ok(!/secret-path|services/.test(message), "the path of a webhook is a secret");
  return message;
}

describe("a webhook", { concurrency: 4 }, () => {
  it("gets the event as it is configured: one POST with its id, signed where there is a secret", async (t) => {
    const { received, url } = await receiver(t, status(200));
    await tell([hook(url)], COMMITTED, run());
    await tell([hook(url, { format: "slack" })], ALERT, run());
    await tell([hook(url, { secret: "whsec" })], COMMITTED, run());
    await tell([hook(url, { format: "slack", secret: "whsec" })], ALERT, run());
    await tell([hook(url, { format: "pagerduty", secret: "R" })], ALERT, run());
    const [json, slack, signed, slackSigned, pagerduty] = received;
    assert.deepEqual([json!.method, json!.path], ["POST", "/services/T0/B0/secret-path"]);
    assert.equal(json!.headers["content-type"], "application/json");
    assert.deepEqual(JSON.parse(json!.body), jsonMessage(COMMITTED));
    assert.deepEqual(JSON.parse(slack!.body), slackMessage(ALERT));
    assert.equal((JSON.parse(pagerduty!.body) as { routing_key: string }).routing_key, "R");
    for (const one of [json, slack, pagerduty]) assert.equal(one!.headers["x-maskline-signature"], undefined);
    assert.deepEqual(
      received.map(({ headers }) => headers["idempotency-key"]),
      [COMMITTED, ALERT, COMMITTED, ALERT, ALERT].map(eventId),
    );
    for (const one of [signed!, slackSigned!]) {
      const said = String(one.headers["x-maskline-signature"]);
      const [, at, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(said) ?? [];
      assert.equal(v1, createHmac("sha256", "whsec").update(`${at}.${one.body}`).digest("hex"));
      assert.ok(Math.abs(Number(at) - Date.now() / 1000) < 120);
      assert.ok(!JSON.stringify(one).includes("whsec"));
    }
  });

  it("is told again after what passes, with the same body and id", async (t) => {
    for (const code of [408, 425, 429, 500, 502, 503, 504]) {
      const { received, url } = await receiver(t, status(code, 204));
      await tell([hook(url)], COMMITTED, run());
      const [first, second, ...others] = received;
      assert.deepEqual(others, [], String(code));
      assert.equal(first!.body, second!.body);
      assert.equal(first!.headers["idempotency-key"], second!.headers["idempotency-key"]);
    }
  });

  it("is told again after a connection that broke", async (t) => {
    const { received, url } = await receiver(t, (response, nth) => (nth === 0 ? response.destroy() : response.end()));
    await tell([hook(url)], COMMITTED, run());
    assert.equal(received.length, 2);
  });

  it("is not told again after what stays wrong; a redirect is not followed", async (t) => {
    const elsewhere = await receiver(t, status(200));
    for (const code of [301, 302, 307, 308, 400, 401, 403, 404, 410]) {
      const { received, url, host } = await receiver(t, (response) =>
        response.writeHead(code, { location: elsewhere.url }).end(),
      );
      assert.match(await failed(tell([hook(url)], ALERT, run())), new RegExp(`\\n {2}${host}: ${code}\\n`));
      assert.equal(received.length, 1);
    }
    assert.deepEqual(elsewhere.received, []);
  });

  it("is waited for as it asks", async (t) => {
    for (const ask of ["1", () => new Date(Date.now() + 2_000).toUTCString()]) {
      let [answered, again] = [0, 0];
      const { url } = await receiver(t, (response, nth) => {
        if (nth > 0) again = Date.now();
        else {
          answered = Date.now();
          response.setHeader("retry-after", typeof ask === "string" ? ask : ask());
        }
        response.writeHead(nth > 0 ? 200 : 429).end();
      });
      await tell([hook(url)], COMMITTED, run());
      // It never comes early: that is no measure of speed. A date has no fractions.
      assert.ok(again - answered >= 990, String(again - answered));
    }
  });

  it("that asks for more time than there is, is given up at once", async (t) => {
    for (const ask of ["3600", "Fri, 31 Dec 2100 23:59:59 GMT", "9".repeat(400)]) {
      const { received, url, host } = await receiver(t, (response) =>
        response.writeHead(503, { "retry-after": ask }).end(),
      );
      assert.match(await failed(tell([hook(url)], COMMITTED, run())), new RegExp(`${host}: 503\\n`));
      assert.equal(received.length, 1);
    }
  });

  it("that asks for no time or nonsense is told again all the same", async (t) => {
    for (const ask of ["0", "-1", "soon", "Thu, 01 Jan 1970 00:00:00 GMT"]) {
      const { received, url } = await receiver(t, (response, nth) =>
        response.writeHead(nth > 0 ? 200 : 503, { "retry-after": ask }).end(),
      );
      await tell([hook(url)], COMMITTED, run());
      assert.equal(received.length, 2, ask);
    }
  });

  it("has one deadline over all attempts: one that always fails, one that says nothing, one that is not there", async (t) => {
    const failing = await receiver(t, status(503));
    const silent = await receiver(t, () => {});
    const gone = createTcpServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const urls = [failing.url, silent.url, `http://127.0.0.1:${port}/secret-path`];
    const message = await failed(
      tell(
        urls.map((url) => hook(url, { timeout: 3_000 })),
        COMMITTED,
        run(),
      ),
    );
    assert.match(message, /^telling the webhooks of what was committed: 3 of 3 did not take it\n/);
    assert.match(message, new RegExp(`${failing.host}: 503(?: within 3 s)?, \\d attempts\\n`));
    assert.match(message, new RegExp(`${silent.host}: no reply within 3 s\\n`));
    assert.match(
      message,
      new RegExp(`127\\.0\\.0\\.1:${port}: no reply \\(ECONNREFUSED\\)(?: within 3 s)?, \\d attempts\\n`),
    );
    assert.ok(failing.received.length > 1);
    assert.equal(silent.received.length, 1);
  });

  it("took it once it said so, however long or large its reply is", async (t) => {
    const slow = await receiver(t, (response) => void response.writeHead(200, { "content-length": 1_000 }).write("."));
    let sent = 0;
    const huge = await receiver(t, (response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    const announced = await receiver(
      t,
      (response) => void response.writeHead(202, { "content-length": 1e12 }).write("."),
    );
    await tell(
      [slow, huge, announced].map(({ url }) => hook(url)),
      COMMITTED,
      run(),
    );
    for (const { received } of [slow, huge, announced]) assert.equal(received.length, 1);
    // What the sockets' buffers took; not for ever.
    assert.ok(sent < 64 * 2 ** 20, String(sent));
  });

  it("that speaks no HTTP, or with endless headers, is an error and not the end", async (t) => {
    const talk = (say: (socket: Socket) => void) =>
      new Promise<string>((resolve) => {
        const server = createTcpServer((socket) => say(socket.on("error", () => {})));
        t.after(() => server.close());
        server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x`));
      });
    const urls = await Promise.all([
      talk((socket) => void socket.end("SSH-2.0-x\r\n")),
      talk((socket) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}`)),
    ]);
    const message = await failed(
      tell(
        urls.map((url) => hook(url, { timeout: 800 })),
        COMMITTED,
        run(),
      ),
    );
    assert.match(message, /2 of 2/);
  });

  it("does not keep the others from being told when it fails", async (t) => {
    const bad = await receiver(t, status(404));
    const good = await Promise.all(Array.from({ length: 10 }, () => receiver(t, status(200))));
    const keyless = hook("http://127.0.0.1:1/x", { format: "pagerduty" });
    const hooks = [hook(bad.url), keyless, ...good.map(({ url }) => hook(url))];
    const message = await failed(tell(hooks, ALERT, run()));
    assert.match(message, /^telling the webhooks of the alert \(drift\): 2 of 12 did not take it\n/);
    assert.match(message, /127\.0\.0\.1:1: it has no routing key; set secret\n/);
    for (const { received } of good) assert.equal(received.length, 1);
  });

  it("is given up when the run is ended", async (t) => {
    const ending = new AbortController();
    const reason = new Error("ended");
    const { received, url } = await receiver(t, () => ending.abort(reason));
    await assert.rejects(tell([hook(url)], COMMITTED, ending.signal), reason);
    await assert.rejects(tell([hook(url)], COMMITTED, ending.signal), reason);
    assert.equal(received.length, 1);
    const waiting = new AbortController();
    const busy = await receiver(t, (response) => {
      response.writeHead(503, { "retry-after": "30" }).end();
      setTimeout(() => waiting.abort(reason), 50);
    });
    await assert.rejects(tell([hook(busy.url)], COMMITTED, waiting.signal), reason);
  });

  it("is none: nothing happens", async () => {
    await tell([], COMMITTED, run());
  });
});
