import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readSchema } from "../../src/genesys/schemas.ts";
import type { Api, ApiRequest } from "../../src/genesys/types.ts";

const SETTINGS = { entityType: "interaction", paths: { export: "/x", schemas: "/v2/schemas" } };
const FIELDS = [
  { path: "id", type: "string" },
  { path: "participants[].attributes{}", type: "string" },
  { path: "a{}[].b.c[][]", type: "long" },
];
const OWN = { name: "interaction", version: "7", fields: FIELDS };
const OTHER = { name: "queue", version: 1, fields: "of no interest" };

/** An API that answers by path, and what it was asked. */
function answering(answers: Readonly<Record<string, unknown>> | ((path: string) => unknown)) {
  const asked: ApiRequest[] = [];
  const api: Api = {
    call: async (request, signal) => {
      signal.throwIfAborted();
      asked.push(request);
      return typeof answers === "function" ? answers(request.path) : answers[request.path];
    },
    close: async () => {},
  };
  const read = () => readSchema(api, SETTINGS, AbortSignal.timeout(5_000));
  return { asked, read };
}

async function refused(body: unknown, message: RegExp): Promise<void> {
  const { read } = answering({ "/v2/schemas": body });
  await assert.rejects(read(), { code: "ERR_FAILURE", exit: 1, stage: "drift", retryable: false, message });
}

describe("the vendor's schema", () => {
  it("is the entity of the export's type; what else is there does not matter", async () => {
    const more = { ...OWN, retired: false, fields: FIELDS.map((one) => ({ ...one, description: "x" })) };
    const { asked, read } = answering({
      "/v2/schemas": { entities: [OTHER, more], total: 2, nextUri: "/v2/schemas?p=2" },
    });
    assert.deepEqual(await read(), { version: "7", fields: FIELDS });
    assert.deepEqual(asked, [{ method: "GET", path: "/v2/schemas", endpoint: "schemas" }]);
  });

  it("may have no version, or a number", async () => {
    for (const [version, as] of [
      [undefined, undefined],
      [null, undefined],
      [12, "12"],
    ]) {
      const { read } = answering({ "/v2/schemas": { entities: [{ ...OWN, version }], nextUri: null } });
      assert.equal((await read()).version, as);
    }
  });

  it("is looked for on the pages that follow", async () => {
    const { asked, read } = answering({
      "/v2/schemas": { entities: [], nextUri: "/v2/schemas?cursor=a%2Fb&x=1" },
      "/v2/schemas?cursor=a%2Fb&x=1": { entities: [OTHER], nextUri: "/other/place" },
      "/other/place": { entities: [OWN] },
    });
    assert.deepEqual(await read(), { version: "7", fields: FIELDS });
    assert.deepEqual(
      asked.map(({ path }) => path),
      ["/v2/schemas", "/v2/schemas?cursor=a%2Fb&x=1", "/other/place"],
    );
  });

  it("follows to no other host, in no circle, and not for ever", async () => {
    for (const nextUri of [
      "https://evil.example/v2/schemas",
      "//evil.example/x",
      "/\\evil.example/x",
      "v2/schemas?p=2",
      "/a b",
      "/a#b",
      "/a\r\nHost: b",
    ]) {
      const { asked, read } = answering({ "/v2/schemas": { entities: [OTHER], nextUri } });
      await assert.rejects(
        read(),
        /^MasklineError: reading the schema of interaction \(GET \/v2\/schemas\): nextUri is no path/,
      );
      assert.equal(asked.length, 1);
    }
    const circle = answering({
      "/v2/schemas": { entities: [], nextUri: "/b?cursor=secret" },
      "/b?cursor=secret": { entities: [], nextUri: "/v2/schemas" },
    });
    await assert.rejects(circle.read(), /\(GET \/b\): nextUri leads in a circle/);
    let page = 0;
    const endless = answering(() => ({ entities: [], nextUri: `/v2/schemas?p=${++page}` }));
    await assert.rejects(endless.read(), /there are more than 100 pages/);
    assert.equal(endless.asked.length, 100);
  });

  it("that is not there is a failure that says what to check", async () => {
    const message =
      /^reading the schema of interaction \(GET \/v2\/schemas\): the API names no such entity; check genesys\.export\.entityType$/;
    await refused({ entities: [OTHER] }, message);
    await refused({ entities: [], nextUri: "" }, message);
  });

  it("that cannot be understood is a failure, not half a schema", async () => {
    for (const [body, message] of [
      [undefined, /not a list of schemas: it: /],
      ["<html>", /not a list of schemas: it: /],
      [{}, /: entities: /],
      [{ entities: [{ fields: FIELDS }] }, /: entities\.0\.name: /],
      [{ entities: [OWN, OWN] }, /names interaction 2 times/],
      [{ entities: [{ name: "interaction" }] }, /: fields: /],
      [{ entities: [{ ...OWN, fields: [] }] }, /: fields: /],
      [{ entities: [{ ...OWN, fields: [{ path: "a" }] }] }, /: fields\.0\.type: /],
      [{ entities: [{ ...OWN, fields: [...FIELDS, { path: 1, type: "string" }] }] }, /: fields\.3\.path: /],
      [{ entities: [{ ...OWN, fields: new Array(10_001).fill(FIELDS[0]) }] }, /: fields: /],
      [{ entities: [OTHER], nextUri: 2 }, /: nextUri: /],
    ] as const) {
      await refused(body, message);
    }
    for (const path of [
      "",
      ".a",
      "a.",
      "a..b",
      "a[0]",
      "a{key}",
      "a[].",
      "a[]b",
      "[]",
      "a\nb",
      "a\u001b[2K",
      "a".repeat(1_001),
    ]) {
      await refused({ entities: [{ ...OWN, fields: [{ path, type: "string" }] }] }, /: fields\.0\.path: /);
    }
  });
});
