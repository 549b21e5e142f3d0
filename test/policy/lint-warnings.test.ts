import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Inspected } from "../../src/input/inspect.ts";
import { makePlan } from "../../src/input/plan.ts";
import { leavesOf } from "../../src/policy/leaves.ts";
import { lintHashLength } from "../../src/policy/lint.ts";
import { checkCards, lintCards, lintHashed } from "../../src/policy/lint-cards.ts";
import { lintPolicy } from "../../src/policy/lint-policy.ts";
import { lintSafeHarbor, lintUnused } from "../../src/policy/lint-rules.ts";
import type { Field, LeafSample } from "../../src/types.ts";
import { configOf, field, key, policyOf } from "./policies.ts";

/** Warnings of a policy by itself. */
function ofPolicy(rules: string, environment = "sandbox-01-prod-mirror") {
  return lintPolicy(configOf(rules).policy, environment);
}

/** What a policy decides of a schema. */
function decided(rules: string, schema: readonly Field[], more = "") {
  const decider = policyOf(rules, more);
  return { decider, leaves: leavesOf(schema).map((leaf) => ({ ...leaf, decision: decider.decide(leaf) })) };
}

function unused(rules: string, schema: readonly Field[]): string[] {
  const { decider, leaves } = decided(rules, schema);
  return lintUnused(decider, leaves).map(({ rule, message }) => `${rule} ${message}`);
}

const column = (name: string) => [field(name)];

describe("card authentication data", () => {
  it("PCI DSS 3.3.1: is refused where it is kept, hashed, tokenised or scanned, by rule or for want of one", () => {
    const check = (rules: string, schema: readonly Field[], more = "") => {
      const [leaf] = decided(rules, schema, more).leaves;
      checkCards(leaf!, leaf!.decision);
    };
    for (const mask of [
      "keep",
      "token",
      "salted-hash",
      "scan",
      "pan",
      "email",
      "phone",
      "regex, patterns: [{ match: a }]",
    ]) {
      assert.throws(() => check(`{ field: cvv, mask: ${mask} }`, column("cvv")), {
        code: "ERR_USAGE",
        exit: 2,
        message: /the column cvv: .*PCI DSS 3\.3\.1.*use drop/,
      });
    }
    for (const mask of ["drop", "'null'", "replace, with: x"]) check(`{ field: cvv, mask: ${mask} }`, column("cvv"));
    check("", column("cvv"));
    for (const action of ["keep", "scan"]) {
      assert.throws(() => check("", column("cvv"), `unmatched: { sensitive: ${action} }`), /PCI DSS 3\.3\.1/);
    }
    const map = [field("attributes", "map", key, field("value"))];
    assert.throws(() => check("{ path: 'attributes{*cvv*}', mask: token }", map), /attributes\{\}.*PCI DSS 3\.3\.1/);
    assert.throws(() => check("{ path: 'attributes{cardNumber}', mask: salted-hash }", map), /PCI DSS 3\.5\.1\.1/);
    check("{ path: 'attributes{*cvv*}', mask: drop }, { field: attributes, mask: token }", map);
  });

  it("is refused inside of JSON documents too", () => {
    const nested = (rule: string) => `{ field: payload, mask: json, rules: [${rule}] }`;
    assert.throws(() => ofPolicy(nested("{ field: cvv, mask: token }")), /rules\[0\]\.rules\[0\].*PCI DSS 3\.3\.1/);
    assert.throws(
      () => ofPolicy(nested("{ path: card.number, mask: salted-hash }, { path: a.cvc, mask: keep }")),
      /3\.3\.1/,
    );
    assert.deepEqual(ofPolicy(nested("{ field: cvv, mask: drop }")), []);
  });
});

describe("card numbers that only their content shows", () => {
  const sampleOf = (card: number, keys: Readonly<Record<string, LeafSample>> = {}): LeafSample => ({
    ...{ values: 100, prose: 0, whole: card > 0 ? { card } : {}, mentioned: {}, forms: {}, distinct: 100 },
    keys,
  });
  const lint = (rules: string, schema: readonly Field[], ...samples: readonly LeafSample[]) => {
    const { leaves } = decided(rules, schema);
    return lintHashed(leaves, new Map([[leaves[0]!.path, samples]]));
  };
  const HASHED = "{ field: reference, mask: salted-hash }";

  it("PCI DSS 3.5.1.1: hashed without a key they are refused, be it in one file of several", () => {
    assert.throws(() => lint(HASHED, column("reference"), sampleOf(0), sampleOf(1)), {
      exit: 2,
      message:
        /the column reference: salted-hash \(rule 1: field reference\).*content.*PCI DSS 3\.5\.1\.1.*use pan or token/,
    });
    assert.deepEqual(lint(HASHED, column("reference"), sampleOf(0)), []);
    assert.deepEqual(lint("{ field: reference, mask: token }", column("reference"), sampleOf(9)), []);
    assert.deepEqual(lint(HASHED, column("reference")), []);
  });

  it("in a map it counts under which keys they stand", () => {
    const map = [field("attributes", "map", key, field("value"))];
    const rules = "{ path: 'attributes{ref*}', mask: salted-hash }, { path: 'attributes{}', mask: token }";
    assert.throws(() => lint(rules, map, sampleOf(0, { refNo: sampleOf(2) })), /attributes\{\}.*3\.5\.1\.1/);
    assert.deepEqual(lint(rules, map, sampleOf(0, { other: sampleOf(2) })), []);
    const hashed = "{ path: 'attributes{ref*}', mask: pan }, { path: 'attributes{}', mask: salted-hash }";
    assert.deepEqual(lint(hashed, map, sampleOf(0, { refNo: sampleOf(2) })), []);
    assert.throws(() => lint(hashed, map, sampleOf(0, { other: sampleOf(2) })), /3\.5\.1\.1/);
    assert.throws(() => lint(hashed, map, sampleOf(2)), /3\.5\.1\.1/);
  });

  it("where a value beside decides, it cannot be told: it is warned of", () => {
    const schema = [field("value"), field("property")];
    const rules =
      "{ field: value, when: { field: property, is: card }, mask: pan }, { field: value, mask: salted-hash }";
    const [warning, ...more] = lint(rules, schema, sampleOf(2));
    assert.deepEqual([warning?.column, warning?.clause, more], ["value", "PCI DSS 3.5.1.1", []]);
    assert.deepEqual(lint(rules, schema, sampleOf(0)), []);
  });
});

describe("one card number in several forms", () => {
  const schema = [field("cardNumber"), field("secondCardNumber"), field("cardLast4")];
  const lint = (rules: string, more = "") => {
    const { decider, leaves } = decided(rules, schema, more);
    return lintCards(leaves, decider.policy.presets);
  };
  const FIRST = "{ field: cardNumber, mask: ";
  const OTHER = "{ field: secondCardNumber, mask: ";
  const DROPPED = "{ field: '*', mask: drop }";

  it("PCI DSS 3.5.1: a code of it and its last four are warned of", () => {
    for (const mask of ["token", "salted-hash"]) {
      const [warning, ...more] = lint(`${FIRST}${mask} }, ${OTHER}pan, keep: last4 }, ${DROPPED}`);
      assert.deepEqual(more, []);
      assert.equal(warning?.column, "cardNumber");
      assert.equal(warning?.clause, "PCI DSS 3.5.1");
      assert.match(warning.message, new RegExp(`as ${mask}, and secondCardNumber one as last4`));
    }
    // Truncated where it comes from.
    assert.equal(lint(`${FIRST}token }, { field: cardLast4, mask: keep }, ${DROPPED}`)[0]?.clause, "PCI DSS 3.5.1");
  });

  it("PCI DSS 3.5.1, FAQ 1091: two ways of truncating it are warned of", () => {
    const warnings = lint(`${FIRST}pan, keep: last4 }, ${OTHER}pan, keep: bin+last4 }, ${DROPPED}`);
    assert.deepEqual(
      warnings.map(({ column, clause }) => [column, clause]),
      [["cardNumber", "PCI DSS 3.5.1, FAQ 1091"]],
    );
  });

  it("PCI DSS 3.5.1: encryption that keeps digits is a truncated form", () => {
    const [warning] = lint(`${FIRST}token }, ${OTHER}fpe, keepFirst: 6, keepLast: 4 }, ${DROPPED}`);
    assert.match(warning?.message ?? "", /as token, and secondCardNumber one as fpe that keeps 6 \+ 4 digits/);
    const [whole, ...more] = lint(`${FIRST}token }, ${OTHER}fpe }, ${DROPPED}`);
    assert.deepEqual([whole?.column, whole?.clause, more], ["secondCardNumber", "PCI DSS 6.5.5", []]);
  });

  it("one form, or none, is well", () => {
    assert.deepEqual(lint(`${FIRST}pan, keep: last4 }, { field: cardLast4, mask: keep }, ${DROPPED}`), []);
    assert.deepEqual(lint(`${FIRST}token }, ${OTHER}token }, ${DROPPED}`), []);
    assert.deepEqual(lint("", "presets: [pci-dss]"), []);
  });

  it("the preset pci-dss refuses it", () => {
    const rules = `${FIRST}token }, ${OTHER}pan, keep: last4 }`;
    assert.throws(() => lint(rules, "presets: [pci-dss]"), { exit: 2, message: /cardNumber.*PCI DSS 3\.5\.1/ });
  });
});

it("items of lists and maps count where a footer counts them", () => {
  const fields = [
    field("id"),
    field("attributes", "map", key, field("value")),
    field("contact", "struct", field("numbers", "list", field("item")), field("n", "int64")),
  ];
  const plan = (rule: string, values: readonly number[]) => {
    const rowGroup = { index: 0, rows: 10, uncompressed: 1, range: { start: 0, end: 1 }, dictionaries: [], values };
    const inputs = ["a", "b"].map((name) => ({
      object: { uri: `file:///${name}.parquet`, size: 1, etag: "" },
      name: `${name}.parquet`,
      format: { type: "parquet", gzip: false },
      fields,
      rows: 10,
      footer: { rows: 10, rowGroups: [rowGroup] },
    }));
    const options = { compression: "none", quoteInt64: false } as const;
    return makePlan(
      inputs as unknown as readonly Inspected[],
      policyOf(`${rule}, { field: '*', mask: drop }`),
      options,
    );
  };
  // In the order of the column chunks: id, attributes' keys and values, contact.numbers, contact.n. 32,768 twice is 65,536.
  const inNumbers = [10, 20, 20, 32_768, 10];
  const numbers = "{ path: 'contact.numbers[]', mask: token, length: 8 }";
  assert.throws(() => plan(numbers, inNumbers), /contact\.numbers\[\].*collide over 65536 values.*length: 9/);
  plan(numbers, [10, 20, 20, 32_767, 10]);
  plan("{ field: id, mask: token, length: 8 }", inNumbers);
  assert.throws(() => plan("{ field: attributes, mask: token, length: 8 }", [10, 9, 40_000, 10, 10]), /attributes\{\}/);
  // What does not fit the schema is not read by its order.
  plan(numbers, [99_999]);
});

it("hashes without a key that the birthday bound lets collide are warned of, with the number", () => {
  const [leaf] = decided("{ field: id, mask: salted-hash }", column("id")).leaves;
  assert.deepEqual(lintHashLength(leaf!.decision, 65_535), []);
  const [warning] = lintHashLength(leaf!.decision, 100_000);
  assert.match(warning!.message, /8 hex digits collide over 100000 values \(about 1\.2 pairs.*length: 9 or more/);
});

it("NIST SP 800-38G: encryption over fewer than a million values is refused", () => {
  for (const keep of ["keepFirst: 6, keepLast: 4, length: 15", "length: 5", "keepFirst: 8, keepLast: 4, length: 16"]) {
    assert.throws(
      () => configOf(`{ field: cardNumber, mask: fpe, ${keep} }`),
      /is below 1000000.*NIST SP 800-38G/s,
      keep,
    );
  }
  configOf("{ field: cardNumber, mask: fpe, keepFirst: 6, keepLast: 4, length: 16 }");
});

describe("what a rule writes", () => {
  it("PCI DSS 6.5.5: a card number that may be somebody's is refused", () => {
    for (const rule of [
      "{ field: a, mask: replace, with: 'card 4000 0012 3456 7899' }",
      "{ field: a, mask: scan, with: '4000001234567899' }",
      "{ field: a, mask: regex, patterns: [{ match: b, with: '4000001234567899' }] }",
      "{ field: a, mask: json, rules: [{ field: b, mask: replace, with: '4000-0012-3456-7899' }] }",
    ])
      assert.throws(() => ofPolicy(rule), { code: "ERR_USAGE", message: /policy\.rules\[0\].*PCI DSS 6\.5\.5/ }, rule);
    for (const safe of ["4000001234567890", "XXXX-XXXX-XXXX-1111", "1234 5678"])
      assert.deepEqual(ofPolicy(`{ field: a, mask: replace, with: '${safe}' }`), [], safe);
  });

  it("RFC 2606: addresses at hosts that are somebody's are warned of", () => {
    const rules = [
      "{ field: a, mask: replace, with: john@gmail.com }",
      "{ field: a, mask: regex, patterns: [{ match: a, with: 'x@mail.company.co.uk.' }] }",
      "{ field: a, mask: phone, with: me@acme.io }",
      "{ field: a, mask: json, rules: [{ field: b, mask: replace, with: a@web.de }] }",
      "{ field: a, mask: email, keep: domain }",
    ];
    for (const rule of rules) {
      const [warning, ...more] = ofPolicy(rule);
      assert.deepEqual(more, [], rule);
      assert.deepEqual([warning?.rule, warning?.clause], ["rule 1: field a", "RFC 2606"], rule);
    }
    for (const safe of [
      "a@example.com",
      "a@mail.example.org",
      "a@x.invalid",
      "a@b.test",
      "a@localhost",
      "@",
      "a@b",
      "[EMAIL]",
    ]) {
      assert.deepEqual(ofPolicy(`{ field: a, mask: replace, with: '${safe}' }`), [], safe);
    }
  });

  it("a hash without a key is warned of", () => {
    assert.match(ofPolicy("{ field: a, mask: salted-hash }")[0]!.message, /without a key/);
  });
});

it("an environment that many have is warned of, one of its own is not", () => {
  for (const name of ["", " ", "prod", "Production", "default", "test", "staging", "sandbox", "dev"]) {
    assert.match(ofPolicy("", name)[0]?.message ?? "", /name that many have/, name);
  }
  for (const name of ["sandbox-01-prod-mirror", "demo", "test-eu-7", "fixture"])
    assert.deepEqual(ofPolicy("", name), []);
});

describe("rules that decide nothing", () => {
  const contact = field("contact", "struct", field("phoneNumber"), field("email"));
  const tags = field("tags", "list", field("item"));
  const calls = field("calls", "list", field("item", "struct", field("ani")));

  it("a rule that an earlier one shadows is told with it", () => {
    assert.deepEqual(unused("{ field: 'a*', mask: keep }, { field: ani, mask: drop }", column("ani")), [
      "rule 2: field ani is never reached: rule 1: field a* decides what it would",
    ]);
    const twice = "{ field: 'a*', mask: keep }, { field: ani, mask: drop }";
    assert.deepEqual(unused(twice.replace("a*", "an"), [field("ani"), field("an")]), []);
  });

  it("a rule that matched nothing is told with the nearest name", () => {
    assert.deepEqual(unused("{ field: fristName, mask: drop }", column("firstName")), [
      'rule 1: field fristName matched no column; did you mean "firstName"?',
    ]);
    assert.deepEqual(unused("{ field: nothingLikeIt, mask: drop }", column("firstName")), [
      "rule 1: field nothingLikeIt matched no column",
    ]);
  });

  it("a path that names a struct, a list or a map is told how to go on", () => {
    const said = (path: string, schema: readonly Field[]) => unused(`{ path: '${path}', mask: drop }`, schema)[0];
    assert.match(said("contact", [contact])!, /it holds other fields; did you mean "contact\.\*"\?$/);
    assert.match(said("calls", [calls])!, /did you mean "calls\[\]\.\*"\?$/);
    assert.match(said("Tags", [tags])!, /it holds several values; did you mean "Tags\[\]"\?$/);
    assert.match(said("m", [field("m", "map", key, field("value"))])!, /did you mean "m\{\}"\?$/);
    assert.match(said("contact.emial", [contact])!, /did you mean "contact\.email"\?$/);
    const suggested = unused("{ path: 'contact.*', mask: drop }", [contact]);
    assert.deepEqual(suggested, []);
  });
});

describe("with the preset hipaa-safe-harbor", () => {
  const lint = (rules: string, schema: readonly Field[], more = "") => {
    const { decider, leaves } = decided(rules, schema, `presets: [hipaa-safe-harbor]\n  ${more}`);
    return lintSafeHarbor(leaves, decider.policy);
  };

  it("164.514(b)(2)(i)(A): text that no rule names is warned of unless it is dropped", () => {
    assert.deepEqual(
      lint("", column("purpose")).map(({ column, clause }) => [column, clause]),
      [["purpose", "45 CFR 164.514(b)(2)(i)(A)"]],
    );
    assert.deepEqual(lint("", column("purpose"), "unmatched: { text: drop }"), []);
    assert.deepEqual(lint("{ field: purpose, mask: keep }", column("purpose")), []);
  });

  it("164.514(c): a rule that makes codes is warned of", () => {
    const [warning] = lint("{ field: phone, mask: token }", column("phone"));
    assert.equal(warning?.clause, "45 CFR 164.514(c)");
    const { decider, leaves } = decided("{ field: phone, mask: token }", column("phone"));
    assert.deepEqual(lintSafeHarbor(leaves, decider.policy), []);
  });
});
