import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { civilOf, daysOf, isDay } from "../../src/masks/civil.ts";
import { maskNamed } from "../../src/masks/index.ts";
import { ALONE, byRow, columns, compiled, textColumnOf, throughColumn, type Values } from "./columns.ts";
import { dateTwin } from "./twin/date.ts";
import { context } from "./twin/keyed.ts";

type Options = Parameters<typeof dateTwin>[1];

function masked(values: Values, options: Options & { by?: string }, beside?: Values): Values {
  const mask = compiled("date", { ...options }, context);
  return throughColumn(
    mask,
    values,
    "garbage 1984-03-05",
    beside && (() => ({ ...ALONE, text: () => textColumnOf(beside, "x") })),
  );
}

const number = (min: number, max: number) => fc.integer({ min, max }).map(String);
const year = fc.oneof(
  number(1900, 2060),
  number(1, 9999).map((text) => text.padStart(4, "0")),
  number(0, 99),
);
const month = fc.oneof(
  number(1, 12),
  number(1, 12).map((text) => text.padStart(2, "0")),
  number(0, 40),
);
const day = fc.oneof(
  number(1, 28),
  number(1, 31).map((text) => text.padStart(2, "0")),
  number(0, 40),
);
const clock = fc.constantFrom(
  ...[
    "",
    "",
    "",
    "T10:11:12Z",
    " 23:59:59.123456789+02:00",
    "T10:11",
    " 9:05 PM",
    ", 10:00:00 UTC",
    "T99:99",
    " 10:00 x",
  ],
);
const name = fc.constantFrom("Mar", "MARCH", "sept", "Sep.", "may", "Maybe", "Dec");
const separator = fc.constantFrom("-", "/", ".", "");
const dates = fc.oneof(
  fc.tuple(year, separator, month, separator, day, clock).map((parts) => parts.join("")),
  fc.tuple(year, separator, month, day, clock).map(([y, s, m, d, c]) => y + s + m + s + d + c),
  fc.tuple(month, separator, day, year, clock).map(([m, s, d, y, c]) => m + s + d + s + y + c),
  fc.tuple(year, month, day).map(([y, m, d]) => y + m.padStart(2, "0") + d.padStart(2, "0")),
  fc
    .tuple(fc.constantFrom("", "Mon, ", "Thursday "), day, name, year, clock)
    .map(([w, d, n, y, c]) => `${w}${d} ${n} ${y}${c}`),
  fc.tuple(name, day, year, clock).map(([n, d, y, c]) => `${n} ${d}, ${y}${c}`),
  fc.constantFrom("", " ", " 1984-03-05\n", "4155550100", "20240501123456", "x", "１９８４-03-05", "1984-03-05x"),
);
const values = fc.oneof(
  columns,
  fc.array(fc.option(dates, { freq: 8 }), { maxLength: 40, size: "max" }),
  // Enough that values are remembered.
  fc.array(fc.constantFrom("1984-03-05", "3/5/1984", "x", null, ""), { minLength: 300, maxLength: 400, size: "max" }),
);

describe("date", () => {
  for (const options of [{}, { to: "month" }, { to: "month", order: "dmy", asOf: 2010 }, { asOf: 1990 }] as Options[]) {
    it(`${JSON.stringify(options)} gives what its row-by-row twin gives`, () => {
      fc.assert(
        fc.property(values, (column) => {
          assert.deepEqual(
            masked(column, options),
            byRow(column, (value) => dateTwin(value, options)),
          );
        }),
        { numRuns: 150 },
      );
    });
  }

  for (const options of [{ days: 365 }, { days: 1, order: "dmy" }, { days: 36_500, asOf: 1990 }] as Options[]) {
    it(`shifted, ${JSON.stringify(options)}, gives what its row-by-row twin gives`, () => {
      const sibling = fc.constantFrom("C-1", "C-2", " C-1 ", "", null, "Zoe\u0308");
      const rows = values.chain((column) =>
        fc.tuple(fc.constant(column), fc.array(sibling, { minLength: column.length, maxLength: column.length })),
      );
      fc.assert(
        fc.property(rows, ([column, siblings]) => {
          const shift = { ...options, to: "shift" } as const;
          const expected = column.map((value, i) => (value ? dateTwin(value, shift, siblings[i]!) : value));
          assert.deepEqual(masked(column, { ...shift, by: "id" }, siblings), expected);
        }),
        { numRuns: 150 },
      );
    });
  }

  it("moves all dates of an entity alike, by no more than it may and never by nothing", () => {
    const entities = Array.from({ length: 500 }, (_, i) => `E-${i}`);
    const days = (text: string) => Date.parse(`${text}T00:00:00Z`) / 86_400_000;
    for (const most of [1, 3, 30]) {
      const shift = { to: "shift", by: "id", days: most } as const;
      const [first, second] = ["2001-01-01", "2019-12-31"].map((date) =>
        masked(
          entities.map(() => date),
          shift,
          entities,
        ).map((value) => days(value!) - days(date)),
      );
      assert.deepEqual(first, second);
      const used = new Set(first);
      assert.equal(used.size, 2 * most, "every shift is used");
      assert.ok(!used.has(0) && first!.every((by) => Math.abs(by) <= most));
    }
  });

  it("keeps the form, the time and the zone of what it shifts", () => {
    const dates = [
      "2001-02-03T04:05:06.789Z",
      "02/03/2001 04:05 PM",
      "2/3/2001",
      "03.02.2001",
      "20010203",
      "3 Feb 2001",
    ];
    const out = masked(
      dates,
      { to: "shift", by: "id" },
      dates.map(() => "one"),
    );
    const iso = out[0]!.slice(0, 10);
    const [y, m, d] = iso.split("-") as [string, string, string];
    const expected = [
      ...[`${iso}T04:05:06.789Z`, `${m}/${d}/${y} 04:05 PM`, `${+m}/${+d}/${y}`, `${d}.${m}.${y}`, y + m + d, iso],
    ];
    assert.deepEqual(out, expected);
  });

  it("says no year that shows an age above 89, shifted or not", () => {
    const dates = ["1934-12-31", "1935-01-01", "1/1/1934", "1934", "0001-01-01"];
    assert.deepEqual(masked(dates, { asOf: 2024 }), ["1934 or before", "1935", ...Array(3).fill("1934 or before")]);
    const entities = Array.from({ length: 300 }, (_, i) => `E-${i}`);
    const shifted = masked(
      entities.map(() => "1935-01-10"),
      { to: "shift", by: "id", asOf: 2024 },
      entities,
    );
    assert.ok(shifted.includes("1934 or before"));
    assert.ok(shifted.every((value) => value === "1934 or before" || value! > "1935"));
  });

  it("replaces what it cannot read, and shows no more than a year where nobody is known to belong to it", () => {
    const values = ["2/30/2024", "1984-03-05 call 415-555-0100", "415-555-0100", "3/5/84", "99999999", "1e9"];
    assert.deepEqual(masked(values, {}), Array(values.length).fill("[DATE]"));
    assert.deepEqual(masked(["1984-03-05", "1984"], { to: "shift", by: "id" }, [null, "a"]), ["1984", "1984"]);
  });

  it("refuses a shift by nobody, and takes dates and timestamps", () => {
    const { problem, reads, accepts } = maskNamed("date");
    assert.match(problem!({ to: "shift" } as never)!, /by/);
    assert.match(problem!({ to: "year", by: "id" } as never)!, /shift/);
    assert.equal(problem!({ to: "shift", by: "id" } as never), undefined);
    assert.deepEqual(reads!({ to: "shift", by: "id" } as never), ["id"]);
    for (const kind of ["date32", "date64", "timestamp", "utf8"] as const) assert.ok(accepts.has(kind));
  });
});

describe("days of the calendar", () => {
  it("are those of Date, both ways", () => {
    fc.assert(
      fc.property(fc.integer({ min: -800_000, max: 3_000_000 }), (days) => {
        const { year, month, day } = civilOf(days);
        const date = new Date(days * 86_400_000);
        assert.deepEqual([year, month, day], [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
        assert.equal(daysOf(year, month, day), days);
        assert.ok(isDay(year, month, day));
      }),
      { numRuns: 2000 },
    );
  });
});
