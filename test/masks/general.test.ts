/** Masks that generalise: age, zip, ip, number. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { maskNamed } from "../../src/masks/index.ts";
import { ALONE, byRow, columns, compiled, textColumnOf, throughColumn, type Values } from "./columns.ts";
import { ageTwin, ipTwin, numberTwin, zipTwin } from "./twin/general.ts";
import { context, drawOf } from "./twin/keyed.ts";

type Options = Readonly<Record<string, unknown>>;

function masked(name: string, options: Options, values: Values, beside?: Values): Values {
  return throughColumn(
    compiled(name, options, context),
    values,
    "garbage 1",
    beside && (() => ({ ...ALONE, text: () => textColumnOf(beside) })),
  );
}

/** Columns of these values, of any text, and of few that repeat. */
function of(value: fc.Arbitrary<string>): fc.Arbitrary<Values> {
  const some = fc.array(fc.option(value, { freq: 8 }), { maxLength: 40, size: "max" });
  const repeated = fc
    .array(value, { minLength: 3, maxLength: 3 })
    .chain((few) => fc.array(fc.constantFrom(...few, "", null), { minLength: 260, maxLength: 300, size: "max" }));
  return fc.oneof(
    { weight: 2, arbitrary: columns },
    { weight: 4, arbitrary: some },
    { weight: 1, arbitrary: repeated },
  );
}

function giveTwins(
  name: string,
  options: Options,
  values: fc.Arbitrary<Values>,
  twin: (value: string) => string,
): void {
  it(`${name} ${JSON.stringify(options)} gives what its row-by-row twin gives`, () => {
    fc.assert(
      fc.property(values, (column) => assert.deepEqual(masked(name, options, column), byRow(column, twin))),
      { numRuns: 200 },
    );
  });
}

const glued = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(""));
const below = (max: number) => fc.integer({ min: 0, max }).map(String);
const space = fc.constantFrom("", "", "", " ", "  ", "\n");

describe("age", () => {
  const unit = fc.constantFrom(
    "",
    "",
    " years",
    "y",
    "yo",
    " y/o",
    " months",
    "mos",
    " weeks old",
    "days",
    "+",
    " x",
    ".5",
    ".",
  );
  const ages = of(glued(space, fc.constantFrom("", "", "", ">", "over ", "-"), below(1200), unit, space));
  for (const options of [{}, { top: 65 }]) giveTwins("age", options, ages, (value) => ageTwin(value, options));

  it("is one category from 90 on", () => {
    const ages = ["0", "89", "89.99", "90", "117", "999", "90+", "over 89", "1090", "2", "18 months", "ninety"];
    const expected = ["0", "89", "89", "90+", "90+", "90+", "90+", "90+", "[AGE]", "2", "1", "[AGE]"];
    assert.deepEqual(masked("age", {}, ages), expected);
  });
});

describe("zip", () => {
  const digit = fc.constantFrom(..."0123456789");
  const letter = fc.constantFrom(..."ABDKOXYZab");
  const codes = of(
    fc.oneof(
      glued(
        space,
        fc.constantFrom("036", "205", "063", "369", "941", "021"),
        below(99),
        fc.constantFrom("", "-1234", " 12", "-"),
        space,
      ),
      fc.string({ unit: digit, maxLength: 11 }),
      glued(letter, digit, letter, space, digit, letter, digit),
      glued(
        letter,
        fc.oneof(letter, fc.constant("")),
        digit,
        fc.oneof(letter, digit, fc.constant("")),
        space,
        digit,
        letter,
        letter,
      ),
    ),
  );
  for (const census of ["union", "2000", "2010"] as const) {
    giveTwins("zip", { census }, codes, (value) => zipTwin(value, { census }));
  }

  it("keeps three digits of large areas only, whatever a code looks like", () => {
    const codes = [
      "94107",
      "94107-1234",
      "941071234",
      "03601",
      "36010000",
      "2139",
      "20500",
      "06301",
      "K1A 0B6",
      "sw1a 1aa",
      "1010 Wien",
    ];
    const expected = ["941", "941", "941", "000", "000", "021", "000", "000", "K", "SW", "000"];
    assert.deepEqual(masked("zip", {}, codes), expected);
    assert.deepEqual(masked("zip", { census: "2000" }, ["20500", "06301"]), ["205", "000"]);
    assert.deepEqual(masked("zip", { census: "2010" }, ["20500", "06301"]), ["000", "063"]);
  });
});

describe("ip", () => {
  const group = fc.constantFrom("0", "1", "db8", "2001", "2002", "ffff", "FFFF", "00ab", "12345", "c000");
  const byte = fc.constantFrom("0", "1", "10", "192", "255", "256", "007", "0001");
  const dotted = glued(byte, fc.constant("."), byte, fc.constant("."), byte, fc.constant("."), byte);
  const grouped = fc
    .tuple(fc.array(group, { maxLength: 9 }), fc.array(group, { maxLength: 4 }), fc.constantFrom("::", ":", ""))
    .map(([head, tail, between]) => head.join(":") + between + tail.join(":"));
  const mixed = glued(fc.constantFrom("::ffff:", "::", "64:ff9b::", "1:2:3:4:5:6:", "::ffff:0:"), dotted);
  const address = fc.oneof(dotted, dotted, grouped, grouped, mixed);
  const around = fc.oneof(
    address,
    glued(space, address, space),
    glued(address, fc.constantFrom(":5060", "/24", "%eth0", "%eth0/64", " x", ":", "%")),
    glued(fc.constant("["), address, fc.constantFrom("]", "]:80", "", "%1]", "]x")),
    fc.array(address, { minLength: 2, maxLength: 4 }).map((list) => list.join(", ")),
  );
  for (const to of ["truncate", "documentation"] as const) {
    giveTwins("ip", { to }, of(around), (value) => ipTwin(value, { to }));
  }

  it("is cut to a network, and to no more of an address that holds another one", () => {
    const addresses = [
      "203.0.113.77",
      "2001:db8:1:2::3",
      "::ffff:203.0.113.77",
      "2002:cb00:714d::1",
      "[::1]:80",
      "3405803853",
    ];
    const expected = ["203.0.113.0", "2001:db8:1::", "::ffff:203.0.113.0", "2002:cb00:7100::", "::", "[IP]"];
    assert.deepEqual(masked("ip", {}, addresses), expected);
  });

  it("is of a documentation range, the same for all spellings", () => {
    const spellings = ["10.1.2.3", "010.001.002.003", "10.1.2.3:5060", " 10.1.2.3/8"];
    const [one, ...others] = masked("ip", { to: "documentation" }, [...spellings, "::ffff:10.1.2.3"]);
    assert.match(one!, /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
    assert.deepEqual(others, [one, one, one, `::ffff:${one}`]);
    const six = masked("ip", { to: "documentation" }, ["fe80::1", "FE80:0::0001%eth0", "fe80::2"]);
    assert.ok(six.every((address) => address!.startsWith("2001:db8:")) && six[0] === six[1] && six[0] !== six[2]);
  });
});

describe("number", () => {
  const numbers = of(
    glued(
      fc.constantFrom("", "", "", "-", "+", " "),
      fc.oneof(
        below(200),
        below(2 ** 31),
        fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String),
        fc.constantFrom("", "00012"),
      ),
      fc.oneof(fc.constant(""), glued(fc.constant("."), below(99_999)), fc.constant(".")),
      fc.constantFrom("", "", "", "", "e2", "E+20", "e-3", "x"),
    ),
  );
  for (const options of [
    {},
    { step: 1 },
    { step: 0.25 },
    { to: "bucket", step: 7 },
    { to: "bucket", step: 0.1, min: -5, max: 99.95 },
    { to: "round", step: 1e6, max: 2_500_000 },
    { to: "bounds", min: 0 },
    { to: "bounds", min: -3.5, max: 1e12 },
  ] as const) {
    giveTwins("number", options, numbers, (value) => numberTwin(value, options));
  }

  it("has noise that is keyed by the number, however it is written, or by who stands beside it", () => {
    const noise = { to: "noise", within: 50 };
    const values = Array.from({ length: 400 }, (_, i) => String(1000 + i));
    const expected = values.map((value) => {
      const by = Math.trunc(50 * (Number(drawOf("number-noise", value)) / 2 ** 47 - 1));
      return String(Number(value) + by);
    });
    const out = masked("number", noise, values);
    // Where nothing would be added, a unit is.
    for (const [i, value] of out.entries()) if (expected[i] !== values[i]) assert.equal(value, expected[i]);
    assert.deepEqual(
      masked(
        "number",
        noise,
        values.map((value) => ` +${value}.000`),
      ).map((one) => Number(one) - (Number(one) % 1)),
      masked("number", noise, values).map((_, i) =>
        Math.trunc(Number(values[i]) + 50 * (Number(drawOf("number-noise", values[i]!)) / 2 ** 47 - 1)),
      ),
    );
    const differences = masked(
      "number",
      { ...noise, by: "id" },
      values,
      values.map((_, i) => `E-${i % 2}`),
    ).map((one, i) => Number(one) - Number(values[i]));
    assert.equal(new Set(differences).size, 2);
    assert.deepEqual(
      masked("number", { ...noise, by: "id" }, ["1000", "1000"], [null, ""]),
      masked("number", noise, ["1000", "1000"]),
    );
  });

  it("never stays by noise, never passes zero, and goes no further than it may", () => {
    const size = fc.oneof(
      fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
      below(100),
      glued(below(100), fc.constant("."), below(999)),
    );
    const share = fc.constantFrom<number | string>("10%", "0.5%", "150%", 1, 0.01, 1e6);
    fc.assert(
      fc.property(fc.array(glued(fc.constantFrom("", "-"), size), { minLength: 1 }), share, (values, within) => {
        for (const [i, out] of masked("number", { to: "noise", within }, values).entries()) {
          const [before, after] = [Number(values[i]), Number(out)];
          assert.notEqual(numberTwin(out!, { to: "bounds" }), numberTwin(values[i]!, { to: "bounds" }));
          assert.ok(before < 0 || before === 0 ? true : after >= 0, `${values[i]} → ${out}`);
          const most = typeof within === "string" ? (Math.abs(before) * Number.parseFloat(within)) / 100 : within;
          assert.ok(
            Math.abs(after - before) <= Math.max(most, 1) * (1 + 1e-9) + Math.abs(before) * 1e-9,
            `${values[i]} → ${out}`,
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it("makes a number in JSON's syntax of every one", () => {
    const odd = [
      "1e400",
      "-1e400",
      "1e-400",
      "1e999999999",
      "-0",
      "-0.0",
      "9".repeat(100_000),
      `0.${"0".repeat(400)}1`,
      "5e-324",
      "1.7976931348623157e308",
    ];
    for (const options of [
      {},
      { to: "bucket", step: 0.001 },
      { to: "noise" },
      { to: "noise", within: 1e15 },
      { to: "bounds", max: 5 },
    ]) {
      for (const out of masked("number", options, odd))
        assert.match(out!, /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/);
    }
  });

  it("refuses options that say nothing", () => {
    const { problem } = maskNamed("number");
    assert.match(problem!({ to: "bounds" } as never)!, /min or max/);
    assert.match(problem!({ to: "round", min: 2, max: 1 } as never)!, /above/);
    assert.match(problem!({ to: "round", by: "id" } as never)!, /noise/);
    assert.equal(problem!({ to: "noise", by: "id" } as never), undefined);
  });
});
