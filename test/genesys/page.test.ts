import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readPage } from "../../src/genesys/page.ts";

const pageOf = (text: string) => readPage(Buffer.from(text));

describe("a page of conversations", () => {
  it("gives each conversation as it came, to the last digit", () => {
    const first =
      '{"conversationId":"c1","n":12345678901234567890.10,"e":1E400,"t":"\\u00e9\\"}ü 😀","deep":[{"a":[]}]}';
    const second = '{ "x": {"conversationId": "not this"}, "conversationId" : "c\\u0032" }';
    const { conversations, cursor } = pageOf(
      `{"cursor":"a\\u002fb=","conversations":[${first} , ${second}],"more":{}}`,
    );
    assert.equal(cursor, "a/b=");
    assert.deepEqual(
      conversations.map(({ id, json }) => [id, Buffer.from(json).toString()]),
      [
        ["c1", first],
        ["c2", second],
      ],
    );
  });

  it("is the last one without a cursor, and may be empty", () => {
    for (const text of ['{"conversations":[]}', "{}", '{"conversations":null,"cursor":null}', '{"cursor":""}']) {
      assert.deepEqual(pageOf(text), { conversations: [], cursor: undefined }, text);
    }
  });

  it("puts conversations that were written on several lines on one", () => {
    const page = { conversations: [{ conversationId: "a", l: [1, { t: "line\nend" }] }], cursor: "x" };
    const { conversations } = pageOf(JSON.stringify(page, null, 2).replaceAll("\n", "\r\n"));
    const line = Buffer.from(conversations[0]!.json).toString();
    assert.ok(!line.includes("\n"));
    assert.deepEqual(JSON.parse(line), page.conversations[0]);
  });

  it("is refused where it is not what it should be, without a word of what is in it", () => {
    const whole = '{"conversations":[{"conversationId":"s3cret","a":"s3cret"}],"cursor":"s3cret"}';
    const bad = [
      ...Array.from({ length: whole.length }, (_, end) => whole.slice(0, end)),
      `${whole}x`,
      `[${whole}]`,
      '{"conversations":["s3cret"]}',
      '{"conversations":[{"id":"s3cret"}]}',
      '{"conversations":[{"conversationId":7}]}',
      '{"conversations":[{"conversationId":"s3cret","conversationId":"b"}]}',
      '{"conversations":[{"conversationId":"a","t":"s3cret\n"}]}',
      "<html>s3cret</html>",
    ];
    for (const text of bad) {
      assert.throws(
        () => pageOf(text),
        (error: Error & { code?: string; cause?: unknown }) =>
          error.code === "ERR_FAILURE" && !error.message.includes("s3cret") && error.cause === undefined,
        text,
      );
    }
  });

  it("agrees with JSON.parse about any page", () => {
    const conversation = fc
      .record({ conversationId: fc.string({ minLength: 1 }), more: fc.jsonValue(), "": fc.string({ unit: "binary" }) })
      .map((one) => ({ ...one, conversationId: one.conversationId.toWellFormed() }));
    fc.assert(
      fc.property(fc.array(conversation), fc.option(fc.string({ minLength: 1 })), (conversations, cursor) => {
        const page = pageOf(JSON.stringify({ conversations, cursor }));
        assert.equal(page.cursor ?? null, cursor?.toWellFormed() ?? null);
        assert.deepEqual(
          page.conversations.map(({ id, json }) => ({ id, value: JSON.parse(Buffer.from(json).toString()) })),
          conversations.map((one) => ({ id: one.conversationId, value: JSON.parse(JSON.stringify(one)) })),
        );
      }),
    );
  });
});
