import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { csv } from "../../../src/worker/text/format.ts";
import { chunks, type Decoded, decode, drain, isBadInput, kernels } from "./support.ts";

async function rowsOf(content: string | Uint8Array, ...sizes: number[]): Promise<string[][]> {
  return table(await decode(csv, () => chunks(content, ...sizes)));
}

function table(decoded: Decoded): string[][] {
  return decoded.rows.map((row) => [...row.values()] as string[]);
}

const cell = fc.oneof(
  fc.constantFrom(
    "",
    '"',
    ",",
    "\n",
    "\r\n",
    '""',
    'say ""hi"", ok',
    "naïve",
    "日本語",
    "😀",
    " x ",
    "\ufeff",
    "a\u0000b",
  ),
  fc.string({ unit: "grapheme", maxLength: 40 }),
);

function write(text: string, quoteAlways: boolean): string {
  return quoteAlways || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

describe("CSV", () => {
  it("gives what a plain writer put in, whatever the quotes, line ends, chunks and batches", async () => {
    const tables = fc.integer({ min: 1, max: 5 }).chain((width) =>
      fc.record({
        rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 20 }),
        quoted: fc.boolean(),
        newline: fc.constantFrom("\n", "\r\n"),
        lastNewline: fc.boolean(),
        bom: fc.boolean(),
        sizes: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
        batchBytes: fc.integer({ min: 1, max: 300 }),
        width: fc.constant(width),
      }),
    );
    await fc.assert(
      fc.asyncProperty(tables, async ({ rows, quoted, newline, lastNewline, bom, sizes, batchBytes, width }) => {
        const header = Array.from({ length: width }, (_, i) => `c${i}`);
        const lines = [header, ...rows].map((row) => row.map((text) => write(text, quoted)).join(","));
        // One empty value in the last line cannot be told from no line, unless it is quoted.
        const ended = lastNewline || lines.at(-1) === "";
        const content = `${bom ? "\ufeff" : ""}${lines.join(newline)}${ended ? newline : ""}`;
        const whole = await decode(csv, () => chunks(content), batchBytes);
        assert.deepEqual(table(whole), rows);
        assert.equal(whole.invalidUtf8, 0);
        assert.deepEqual((await decode(csv, () => chunks(content, ...sizes), batchBytes)).batchRows, whole.batchRows);
      }),
      { numRuns: 150 },
    );
  });

  it("does not depend on where chunks end", async () => {
    const content = '\ufeffid,näme,"no\r\nte"\r\n1,"a ""b"" é","x\r\ny"\r\n\r\n2,,""\n3,😀,z';
    const expected = [
      ["1", 'a "b" é', "x\r\ny"],
      ["2", "", ""],
      ["3", "😀", "z"],
    ];
    for (let size = 1; size <= Buffer.byteLength(content); size++) {
      assert.deepEqual(await rowsOf(content, size, 1_000), expected);
      assert.deepEqual(await rowsOf(content, size), expected);
    }
  });

  it("makes every column text, in the order of the header", async () => {
    const { fields, rows } = await csv.describe(chunks("b,a\n1,2\n"));
    assert.deepEqual(fields, [
      { name: "b", kind: "utf8", children: [] },
      { name: "a", kind: "utf8", children: [] },
    ]);
    assert.equal(rows, 1);
  });

  it("has no rows under a header alone", async () => {
    for (const content of ["a,b", "a,b\n", "a,b\r\n", "a", '"a\nb",c\n']) assert.deepEqual(await rowsOf(content), []);
  });

  it("takes empty lines for rows only where there is one column", async () => {
    assert.deepEqual(await rowsOf("\r\n\na,b\n\n1,2\r\n\r\n\n"), [["1", "2"]]);
    assert.deepEqual(await rowsOf("\na\n\n1\r\n\r\n"), [[""], ["1"], [""]]);
    assert.deepEqual(await rowsOf('a\n""'), [[""]]);
  });

  it("puts U+FFFD where bytes are not UTF-8, and counts the values", async () => {
    const content = Buffer.from("a,b\n1\xff2,x\n\xc3,\xa9\nok,\xef\xbf\xbd\n", "latin1");
    const decoded = await decode(csv, () => chunks(content));
    assert.deepEqual(table(decoded), [
      ["1\ufffd2", "x"],
      ["\ufffd", "\ufffd"],
      ["ok", "\ufffd"],
    ]);
    assert.equal(decoded.invalidUtf8, 3);
  });

  it("cuts batches after the row that fills them", async () => {
    const content = `a,b\n${"123,56\n".repeat(10)}`;
    assert.deepEqual((await decode(csv, () => chunks(content), 20)).batchRows, [3, 3, 3, 1]);
    assert.deepEqual((await decode(csv, () => chunks(content), 14)).batchRows, [2, 2, 2, 2, 2]);
  });

  for (const content of ["", "\ufeff", "\n", "\r\n\r\n"]) {
    it(`refuses ${JSON.stringify(content)}: there is no header`, async () => {
      await assert.rejects(csv.describe(chunks(content)), isBadInput(/no header/));
    });
  }

  it("refuses a header with a name twice, or without one", async () => {
    await assert.rejects(csv.describe(chunks("a,b,a\n")), isBadInput(/names one column twice/));
    await assert.rejects(csv.describe(chunks("a,,c\n")), isBadInput(/column 2 has no name/));
    await assert.rejects(csv.describe(chunks('a,b,""')), isBadInput(/column 3 has no name/));
  });

  it("refuses UTF-16", async () => {
    await assert.rejects(csv.describe(chunks(Buffer.from("\ufeffa,b\n", "utf16le"))), isBadInput(/UTF-16/));
  });

  const bad: [string, string, RegExp][] = [
    ["too few fields", "id,name,ssn\n1,a,b\n2,s3cret\n", /row 2 has 2 fields and the header 3: the column ssn/],
    ["too many fields", "id,name\n1,a\n2,s3cret,x\n", /row 2 has 3 fields and the header 2/],
    ["an empty quoted line", 'id,name\n""\n', /row 1 has 1 fields/],
    ["a quote that is not closed", 'id,name\n1,a\n2,"s3cret\n3,c\n', /row 2, column name: a quote is opened/],
    ["text after a closing quote", 'id,name\n1,"s3cret"x\n', /row 1, column name: a closing quote/],
    ["a quote inside of a field", 'id,name\n1,s3cret"x"\n', /row 1, column name: a quote stands inside/],
  ];
  for (const [what, content, message] of bad) {
    it(`refuses ${what}, by row and column, without the value`, async () => {
      const fields = csv.describe(chunks(content.split("\n")[0]!));
      const all = async (size: number) => drain(csv.batches(chunks(content, size), (await fields).fields, 10, kernels));
      await assert.rejects(all(1_000), isBadInput(message));
      await assert.rejects(all(1), isBadInput(message));
    });
  }

  it("finds a quote that is not closed while describing", async () => {
    await assert.rejects(csv.describe(chunks('id,name\n1,"s3cret\n', 9)), isBadInput(/a quote is opened/));
    await assert.rejects(csv.describe(chunks('id,"s3cret\n')), isBadInput(/a quote is opened/));
  });

  it("refuses another header than the one described", async () => {
    const { fields } = await csv.describe(chunks("a,b\n"));
    const batches = csv.batches(chunks("b,a\n1,2\n"), fields, 10, kernels);
    await assert.rejects(drain(batches), isBadInput(/the file changed/));
  });

  it("passes on what the source throws", async () => {
    async function* failing() {
      yield Buffer.from("a,b\n1,2\n");
      throw new Error("the store is gone");
    }
    await assert.rejects(csv.describe(failing()), /the store is gone/);
    const { fields } = await csv.describe(chunks("a,b\n"));
    const batches = csv.batches(failing(), fields, 1_000, kernels);
    await assert.rejects(drain(batches), /the store is gone/);
  });
});
