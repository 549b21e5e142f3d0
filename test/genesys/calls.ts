/** Calls that the tests make, and what must hold of every error. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { ApiError } from "../../src/genesys/api-error.ts";
import type { ApiRequest } from "../../src/genesys/types.ts";
import { CLIENT, VALUE } from "./organization.ts";

export const LIVE = new AbortController().signal;
export const GET: ApiRequest = { method: "GET", path: "/api/v2/jobs/1", endpoint: "jobs.get" };
export const POST: ApiRequest = { method: "POST", path: "/api/v2/jobs", endpoint: "jobs.create", body: {} };

/** The error of a call that must fail; nothing of it, as a debugger shows it, is secret or a value. */
export async function failed(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => assert.fail("it did not fail"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ApiError, inspect(error));
  const basic = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString("base64");
  const shown = inspect(error, { depth: null, showHidden: true });
  for (const hidden of [CLIENT.id, CLIENT.secret, basic, "token-1", VALUE, "Rosalindah", "4155550100"]) {
    assert.ok(!shown.includes(hidden), `${hidden} in ${shown}`);
  }
  return error;
}
