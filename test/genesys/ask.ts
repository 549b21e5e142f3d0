/** Plain fetch against the stand-in, for its own tests. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { FakeOptions } from "./fake/options.ts";
import { type FakeGenesys, startFakeGenesys } from "./fake/server.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came.
  readonly body: any;
}

export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

export const EXPORT = "/api/v2/data/export";
export const IMPORT = "/api/v2/data/import";
export const DETAILS = "/api/v2/analytics/conversations/details/jobs";
export const WEEK = "2026-11-16T00:00:00.000Z/2026-11-23T00:00:00.000Z";

/** A stand-in for one test. */
export async function started(t: TestContext, options: Partial<FakeOptions> = {}): Promise<FakeGenesys> {
  const fake = await startFakeGenesys(options);
  t.after(() => fake.stop());
  return fake;
}

export async function login({ url, client }: FakeGenesys, secret = client.secret): Promise<Answer> {
  return answered(
    await fetch(`${url}/oauth/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${client.id}:${secret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    }),
  );
}

/** Asks with a token of its own. */
export async function asker(fake: FakeGenesys): Promise<Ask> {
  const { body } = await login(fake);
  return (method, path, sent, headers = {}) =>
    ask(fake, method, path, sent, { authorization: `Bearer ${body.access_token}`, ...headers });
}

export async function ask(
  { url }: FakeGenesys,
  method: string,
  path: string,
  sent?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const text = sent === undefined ? {} : { body: JSON.stringify(sent) };
  return answered(
    await fetch(`${url}${path}`, { method, headers: { "content-type": "application/json", ...headers }, ...text }),
  );
}

async function answered(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

/** Looks at a job until it has ended; gives every state it said, and its last answer. */
export async function followed(ask: Ask, path: string): Promise<{ states: readonly string[]; answer: Answer }> {
  const states: string[] = [];
  for (let look = 0; look < 50; look++) {
    const answer = await ask("GET", path);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    states.push(answer.body.state);
    if (!["QUEUED", "PENDING", "RUNNING"].includes(answer.body.state)) return { states, answer };
  }
  throw new Error(`${path} has not ended: ${states.join(" ")}`);
}
