/** What hooks are told, in each format: complete, within the receivers' limits, and nothing that they would take for more. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { eventId, shortened } from "../../../src/observe/webhooks/event.ts";
import { jsonMessage } from "../../../src/observe/webhooks/json.ts";
import { pagerDutyMessage } from "../../../src/observe/webhooks/pagerduty.ts";
import { signature } from "../../../src/observe/webhooks/signature.ts";
import { slackMessage } from "../../../src/observe/webhooks/slack.ts";
import { ALERT, alertWith, COMMITTED } from "./events.ts";

/** Texts of any length with what Slack's markup is made of. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("<", "&", ">", "`", "😀", "a", "\n", "!here", "<!channel>"),
    maxLength: 2_000,
    size: "max",
  }),
);
const texts = fc.array(text, { maxLength: 80, size: "max" });

describe("the json format", () => {
  it("is the event with id, version and time", () => {
    const { finishedAt, ...event } = COMMITTED;
    assert.deepEqual(jsonMessage(COMMITTED), { ...event, id: eventId(COMMITTED), version: 1, occurredAt: finishedAt });
    assert.deepEqual(jsonMessage(ALERT), { ...ALERT, id: eventId(ALERT), version: 1 });
  });

  it("has of a finding what it is declared to have, and no more", () => {
    const drift = { ...ALERT.findings[0]!, stops: true, inputs: ["s3://in/x"], value: "123-45-6789" };
    assert.deepEqual(jsonMessage({ ...ALERT, findings: [drift] }), jsonMessage(ALERT));
    for (const message of [slackMessage, (one: typeof ALERT) => pagerDutyMessage(one, "k")]) {
      assert.ok(!JSON.stringify(message({ ...ALERT, findings: [drift] })).includes("123-45"));
    }
  });

  it("is bounded, and says how much is left out", () => {
    const outputs = new Array(1_003).fill(COMMITTED.outputs[0]);
    const message = jsonMessage({ ...COMMITTED, outputs }) as { outputs: unknown[]; omitted: number };
    assert.deepEqual([message.outputs.length, message.omitted], [1_000, 3]);
    const long = jsonMessage(alertWith(new Array(2_000).fill("x".repeat(5_000))));
    assert.ok(JSON.stringify(long).length < 7_000_000);
  });
});

describe("an event's id", () => {
  it("is the same for the same run and import, and for the same alert of a day, whenever and with whatever counts, and no other's", () => {
    assert.match(eventId(COMMITTED), /^[0-9a-f]{32}$/);
    assert.equal(eventId({ ...COMMITTED, finishedAt: "2027-01-01T00:00:00Z", rows: 1 }), eventId(COMMITTED));
    assert.equal(eventId({ ...ALERT, occurredAt: "2026-11-24T23:59:59Z" }), eventId(ALERT));
    const others = [
      COMMITTED,
      { ...COMMITTED, runId: "f" },
      { ...COMMITTED, imported: { ...COMMITTED.imported!, jobId: "job-2" } },
      { ...COMMITTED, environment: "sandbox-02" },
      ALERT,
      { ...ALERT, kind: "leak" as const },
      { ...ALERT, summary: "2 of the columns need a person's decision" },
      { ...ALERT, findings: [] },
      // The next day it is told again.
      { ...ALERT, occurredAt: "2026-11-25T00:00:00Z" },
    ].map(eventId);
    assert.equal(new Set(others).size, others.length);
  });
});

interface SlackText {
  readonly type: string;
  readonly text: string;
  readonly verbatim: boolean;
}
interface Slack {
  readonly text: string;
  readonly blocks: readonly {
    readonly type: string;
    readonly text?: SlackText;
    readonly elements?: readonly SlackText[];
  }[];
}

describe("the Slack format", () => {
  const shown = (message: object) => {
    const { text, blocks } = message as Slack;
    return [
      text,
      ...blocks.flatMap((block) => [block.text, ...(block.elements ?? [])]).flatMap((one) => one?.text ?? []),
    ];
  };

  it("is a line for notifications, and blocks for the channel", () => {
    const line =
      "maskline, sandbox-01: 1,234,567 rows committed in 2 objects; imported 1,234,000 of 1,234,567, there already 560, failed 7";
    assert.deepEqual(slackMessage(COMMITTED), {
      text: line,
      blocks: [
        { type: "section", text: { type: "mrkdwn", text: line, verbatim: true } },
        {
          type: "context",
          elements: [
            {
              type: "mrkdwn",
              text: "run `0123456789abcdef` · manifest `s3://masked/v2/_maskline/0123456789abcdef/manifest.json` · 2026-11-24T02:00:00.000Z",
              verbatim: true,
            },
          ],
        },
      ],
    });
    assert.equal(
      shown(slackMessage(ALERT))[2],
      "`participants[].attributes{*ssn*}` sensitive-looking: new, utf8, looks like a government number: pause by " +
        'unmatched.sensitive\nadd a rule to policy.rules: { path: "…", mask: … }',
    );
  });

  it("escapes everything, and stays within Slack's limits, whatever names there are", () => {
    fc.assert(
      fc.property(texts, (names) => {
        const message = slackMessage(alertWith(names)) as Slack;
        assert.ok(message.blocks.length <= 50);
        for (const one of shown(message)) {
          assert.ok(one.length > 0 && one.length <= 3_000);
          // No control sequence, no entity that is not whole, no character in halves.
          assert.ok(!/[<>]|&(?!(?:amp|lt|gt);)/.test(one));
          assert.ok(one.isWellFormed());
        }
        for (const { text } of message.blocks) assert.ok(text === undefined || text.verbatim);
      }),
      { numRuns: 50 },
    );
  });

  it("shows a name as it is, in a span that it cannot end", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", "&", ">", "`", "é", "_", "*", "@"), minLength: 1, maxLength: 50 }),
        (name) => {
          const [, , finding = ""] = shown(slackMessage(alertWith([name])));
          const [, span = ""] = /^`([^`]*)` added: /.exec(finding) ?? [];
          const read = span.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
          assert.equal(read, name.replaceAll("`", "'"));
        },
      ),
    );
  });

  it("says how many findings it does not show", () => {
    const message = slackMessage(alertWith(new Array(23).fill("x"))) as Slack;
    assert.equal(message.blocks.length, 1 + 20 + 1 + 1);
    assert.equal(message.blocks.at(-2)?.text?.text, "and 3 more");
  });
});

interface PagerDuty {
  readonly routing_key: string;
  readonly dedup_key: string;
  readonly payload: { readonly summary: string; readonly source: string; readonly severity: string };
}

describe("the PagerDuty format", () => {
  it("is a trigger of the Events API v2, one alert however often it is sent", () => {
    const alert = { ...ALERT, kind: "leak" as const };
    assert.deepEqual(pagerDutyMessage(alert, "R".repeat(32)), {
      routing_key: "R".repeat(32),
      event_action: "trigger",
      dedup_key: eventId(alert),
      payload: {
        summary: "maskline, sandbox-01: leak: 1 of the columns needs a person's decision",
        source: "maskline/sandbox-01",
        severity: "critical",
        timestamp: "2026-11-24T01:00:00.000Z",
        component: "maskline",
        class: "leak",
        custom_details: { environment: "sandbox-01", findings: ALERT.findings },
      },
    });
    const { payload } = pagerDutyMessage(COMMITTED, "") as PagerDuty;
    assert.equal(payload.severity, "info");
    assert.equal((pagerDutyMessage(ALERT, "") as PagerDuty).payload.severity, "error");
  });

  it("stays within PagerDuty's limits, whatever names there are", () => {
    fc.assert(
      fc.property(texts, (names) => {
        const message = pagerDutyMessage(alertWith(names), "k") as PagerDuty;
        const { summary, source, severity } = message.payload;
        assert.ok(summary.length > 0 && summary.length <= 1_024 && source.length > 0);
        assert.ok(["critical", "error", "warning", "info"].includes(severity));
        assert.ok(message.dedup_key.length <= 255);
        assert.ok(Buffer.byteLength(JSON.stringify(message)) < 512 * 1024);
      }),
      { numRuns: 50 },
    );
  });
});

it("what is shortened is a beginning, whole characters, and says so", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (whole, most) => {
      const short = shortened(whole, most);
      assert.ok(short.length <= most && short.isWellFormed());
      if (whole.length <= most) assert.equal(short, whole.toWellFormed());
      else assert.ok(short.endsWith("…") && whole.toWellFormed().startsWith(short.slice(0, -1)));
    }),
  );
});

it("a signature is the HMAC of time and body", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ unit: "grapheme" }), fc.nat(4e12), (secret, body, at) => {
      const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature(secret, body, at)) ?? [];
      assert.equal(Number(t), (at - (at % 1000)) / 1000);
      assert.equal(
        createHmac("sha256", secret)
          .update(Buffer.from(`${t}.${body}`))
          .digest("hex"),
        v1,
      );
    }),
  );
  // Made with: printf %s '1732413600.{"a":1}' | openssl dgst -sha256 -hmac whsec
  assert.equal(
    signature("whsec", '{"a":1}', 1_732_413_600_999),
    "t=1732413600,v1=8c02b88005795a03f5471c5ff5a785c0f8260834fecdeee119c9df7458c3b6ab",
  );
});

it("a receiver verifies it as docs/operations.md shows", async () => {
  const docs = await readFile(join(import.meta.dirname, "../../../docs/operations.md"), "utf8");
  const code = /```js\n(import[^`]*(?:`[^`\n]*`[^`]*)*?)```\n/.exec(docs)?.[1] ?? "";
  const { isGenuine } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    isGenuine(header: string | undefined, body: Buffer, secret: string, now?: number): boolean;
  };
  const body = Buffer.from(JSON.stringify(jsonMessage(ALERT)));
  const at = Date.parse("2026-11-24T01:00:00Z");
  const header = signature("whsec", body.toString(), at);
  assert.equal(isGenuine(header, body, "whsec", at + 299_000), true);
  assert.equal(isGenuine(header, body, "whsec", at + 301_000), false);
  assert.equal(isGenuine(header, body, "other", at), false);
  assert.equal(isGenuine(header, Buffer.concat([body, Buffer.from(" ")]), "whsec", at), false);
  assert.equal(
    isGenuine(
      header.replace(/t=\d+/, (t) => `${t.slice(0, -1)}9`),
      body,
      "whsec",
      at,
    ),
    false,
  );
  assert.equal(isGenuine(undefined, body, "whsec", at), false);
});
