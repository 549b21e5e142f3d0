import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { leavesOf } from "../../src/policy/leaves.ts";
import { PRESETS } from "../../src/policy/presets.ts";
import type { Field, Kind, LeafDecision } from "../../src/types.ts";
import { field, key, policyOf } from "./policies.ts";
import { HARMLESS, SENSITIVE } from "./sensitive-names.ts";

type Preset = keyof typeof PRESETS;

const names = Object.keys(PRESETS) as Preset[];

function decide(presets: readonly Preset[], leaf: Field, rules = ""): LeafDecision {
  return policyOf(rules, `presets: [${presets.join(", ")}]`).decide(leavesOf([leaf])[0]!);
}

/** A decision as `mask clause`, for one leaf by name and kind. */
function says(presets: readonly Preset[], name: string, kind: Kind = "utf8"): string {
  const { mask, clause } = decide(presets, field(name, kind));
  return `${mask} ${clause}`;
}

function listed(meaning: string): string[] {
  return SENSITIVE[meaning]!.trim().split(/\s+/);
}

/** How much each leaves of a value, as a person would order them. */
const ORDER = ["drop", "null", "replace", "pan", "phone", "age", "zip", "date", "token", "email", "scan", "keep"];

describe("presets", () => {
  it("carry a clause with every rule, and compile", () => {
    for (const [name, rules] of Object.entries(PRESETS)) {
      for (const rule of rules) {
        assert.ok(rule.clause.length > 5, name);
        const targets = [rule.field, rule.path, rule.looks].filter((one) => one !== undefined).length;
        assert.ok(targets === 1 || (targets === 0 && rule.kinds), JSON.stringify(rule));
      }
      policyOf("", `presets: [${name}]`);
    }
  });

  it("combine: the strictest decides in any order, whatever else is listed", () => {
    const words = [...Object.values(SENSITIVE), HARMLESS].flatMap((text) => text.trim().split(/\s+/));
    const kinds: Kind[] = ["utf8", "int64", "timestamp", "bool"];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(names, { minLength: 1 }),
        fc.constantFrom(...words),
        fc.constantFrom(...kinds),
        (presets, name, kind) => {
          const more = `presets: [${presets.join(", ")}]\n  unmatched: { sensitive: keep, text: keep }`;
          const [leaf] = leavesOf([field(name, kind)]);
          const together = policyOf("", more).decide(leaf!);
          const each = presets.map((one) => policyOf("", more.replace(/\[.*\]/, `[${one}]`)).decide(leaf!));
          const best = Math.min(...each.map(({ mask }) => ORDER.indexOf(mask)));
          assert.equal(ORDER.indexOf(together.mask), best, `${presets} ${name} ${kind}: ${together.mask}`);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("your own rules stand before them", () => {
    assert.equal(
      decide(["pci-dss"], field("cardNumber"), "{ field: cardNumber, mask: drop }").rule,
      "rule 1: field cardNumber",
    );
  });

  it("leave a column alone that cannot hold what they are for", () => {
    assert.equal(decide(["contact-center"], field("phone", "bool")).mask, "keep");
    assert.equal(decide(["contact-center", "pci-dss"], field("hasCard", "bool")).mask, "keep");
  });
});

describe("contact-center", () => {
  it("PCI DSS 3.4.1: card numbers go, 3.3.1: card verification codes are dropped", () => {
    assert.equal(says(["contact-center"], "cardNumber"), "pan PCI DSS 3.4.1");
    assert.equal(says(["contact-center"], "cvv"), "drop PCI DSS 3.3.1");
  });

  it("ISO/IEC 20889: names, addresses of mail and external ids become tokens, phone numbers are suppressed", () => {
    for (const [name, mask] of Object.entries({
      firstName: "token",
      email: "email",
      externalId: "token",
      ani: "phone",
    })) {
      const decision = decide(["contact-center"], field(name));
      assert.equal(decision.mask, mask);
      assert.match(decision.clause!, /^ISO\/IEC 20889/);
    }
  });
});

describe("pci-dss", () => {
  it("3.3.1: authentication data is dropped, under any name, and no other preset brings it back", () => {
    for (const name of [...listed("card authentication data"), "pin", "card_pin", "PINBLOCK"]) {
      for (const presets of [["pci-dss"], ["contact-center", "genesys-analytics", "pci-dss"]] as const) {
        assert.match(says(presets, name), /^drop .*PCI DSS 3\.3\.1/, name);
      }
    }
    assert.match(says(["pci-dss"], "cvv", "int16"), /^drop PCI DSS 3\.3\.1/);
  });

  it("3.4.1, 3.5.1, 6.5.5: nothing of a card number is kept, under any name", () => {
    for (const name of listed("a card")) {
      const decision = decide(["genesys-analytics", "contact-center", "pci-dss"], field(name));
      assert.deepEqual([decision.mask, decision.options.keep], ["pan", "none"], name);
    }
    assert.equal(says(["pci-dss"], "creditCardNumber"), "pan PCI DSS 3.4.1, 3.5.1, 6.5.5");
    assert.equal(says(["pci-dss"], "cardNumber", "int64"), "pan PCI DSS 3.4.1, 3.5.1, 6.5.5");
  });

  it("3.2.1: expiry and service code are dropped, the cardholder's name is a token", () => {
    assert.equal(says(["pci-dss"], "cardExpiry"), "drop PCI DSS 3.2.1");
    assert.equal(says(["pci-dss"], "cardExpiryDate", "date32"), "drop PCI DSS 3.2.1");
    assert.equal(says(["pci-dss"], "cardholder_name"), "token PCI DSS 3.2.1");
  });

  it("3.3.1, 3.4.1: free text is scanned even where other text is kept", () => {
    for (const name of ["transcript", "callTranscript", "agent_notes", "subject", "messageText"]) {
      const decision = policyOf("", "presets: [pci-dss]\n  unmatched: { text: keep }").decide(
        leavesOf([field(name)])[0]!,
      );
      assert.deepEqual([decision.mask, decision.clause], ["scan", "PCI DSS 3.3.1, 3.4.1"], name);
    }
  });
});

describe("hipaa-safe-harbor", () => {
  const LETTERS: Readonly<Record<string, readonly string[]>> = {
    A: ["a name"],
    B: ["an address"],
    C: ["a date of birth"],
    D: ["a phone number"],
    E: ["a fax number"],
    F: ["an email address"],
    G: ["a government number"],
    H: ["a medical record number"],
    I: ["a health plan number"],
    J: ["an account", "a card"],
    K: ["a licence number"],
    L: ["a vehicle identifier"],
    M: ["a device identifier"],
    N: ["a web address"],
    O: ["a network address"],
    P: ["a biometric identifier"],
    Q: ["a picture of a person"],
    R: ["a customer's number"],
  };
  /** What the rule lets stay of an identifier. */
  const COARSER: Readonly<Record<string, readonly string[]>> = { B: ["zip"], C: ["date", "age"] };
  for (const [letter, meanings] of Object.entries(LETTERS)) {
    it(`164.514(b)(2)(i)(${letter}): ${meanings.join(", ")}`, () => {
      for (const name of meanings.flatMap(listed)) {
        // With presets that make tokens listed before: a code derived from an identifier is none (164.514(c)).
        const { mask, clause } = decide(["contact-center", "genesys-analytics", "hipaa-safe-harbor"], field(name));
        assert.ok(mask === "drop" || COARSER[letter]?.includes(mask), `${name}: ${mask}`);
        assert.match(clause!, /45 CFR 164\.514\(b\)\(2\)\(i\)\([A-R]\)/, name);
        assert.equal(decide(["hipaa-safe-harbor"], field(name)).clause, `45 CFR 164.514(b)(2)(i)(${letter})`, name);
      }
    });
  }

  it("164.514(b)(2)(i)(C): every column of dates, and dates as text", () => {
    const leaves: [string, Kind][] = [
      ...(["date32", "date64", "timestamp"] as const).map((kind): [string, Kind] => ["admitted", kind]),
      ...["admissionDate", "conversationStart", "created_timestamp", "callStartTime", "dateOfBirth", "DOB"].map(
        (name): [string, Kind] => [name, "utf8"],
      ),
      ["birthDate", "date32"],
    ];
    for (const [name, kind] of leaves) {
      const { mask, options, clause } = decide(["genesys-analytics", "hipaa-safe-harbor"], field(name, kind));
      assert.deepEqual([mask, options.to, clause], ["date", "year", "45 CFR 164.514(b)(2)(i)(C)"], `${name} ${kind}`);
    }
    for (const [name, kind] of [
      ["age", "int32"],
      ["patient_age", "utf8"],
    ] as const) {
      assert.equal(says(["hipaa-safe-harbor"], name, kind), "age 45 CFR 164.514(b)(2)(i)(C)");
    }
    // An age in another column's words, a year: nothing tells what of it may stay.
    for (const name of ["geburtsdatum", "生年月日"])
      assert.equal(decide(["hipaa-safe-harbor"], field(name)).mask, "drop");
  });

  it("164.514(b)(2)(i)(B): of a ZIP code the first three digits, where enough people live there", () => {
    for (const name of ["zip", "ZIP_CODE", "postalCode", "homeZipCode"]) {
      assert.equal(says(["hipaa-safe-harbor"], name), "zip 45 CFR 164.514(b)(2)(i)(B)", name);
    }
    for (const name of ["PLZ", "city", "郵便番号"])
      assert.equal(decide(["hipaa-safe-harbor"], field(name)).mask, "drop", name);
  });

  it("164.514(b)(2)(i)(A)-(R): free text and maps of any key are dropped", () => {
    for (const leaf of [field("transcript"), field("wrapUpNote"), field("attributes", "map", key, field("value"))]) {
      assert.equal(decide(["genesys-analytics", "hipaa-safe-harbor"], leaf).mask, "drop", leaf.name);
    }
  });

  it("164.514(c): nothing becomes a code that is derived from an identifier", () => {
    const masks = new Set(PRESETS["hipaa-safe-harbor"].map(({ mask }) => mask));
    assert.deepEqual(
      [...masks].filter((mask) => !["drop", "null", "replace", "date", "zip", "age"].includes(mask)),
      [],
    );
  });
});

describe("genesys-analytics", () => {
  const P = (...members: Field[]) => field("participants", "list", field("item", "struct", ...members));
  const S = (...members: Field[]) => P(field("sessions", "list", field("item", "struct", ...members)));
  const G = (...members: Field[]) => S(field("segments", "list", field("item", "struct", ...members)));
  const texts = (names: string) => names.split(" ").map((name) => field(name));
  const lists = (names: string) => names.split(" ").map((name) => field(name, "list", field("item")));
  const map = (name: string) => field(name, "map", key, field("value"));

  /** As facts of the vendor's API have it: which paths hold what of a person. */
  const CASES: Readonly<Record<string, readonly [masks: readonly string[], schema: readonly Field[]]>> = {
    "who called whom": [
      ["token", "phone", "email"],
      [
        P(field("participantName")),
        S(
          ...texts("ani dnis sessionDnis addressFrom addressTo addressSelf addressOther remote remoteNameDisplayable"),
          ...texts("callbackUserName videoAddressSelf screenShareAddressSelf"),
          ...lists("callbackNumbers cc bcc destinationAddresses"),
          field("flow", "struct", ...texts("entryReason transferTargetAddress transferTargetName")),
        ),
      ],
    ],
    "free text and maps": [
      ["scan", "token"],
      [
        P(map("attributes")),
        P(field("attributes", "struct", ...texts("phone plan"))),
        G(
          ...texts("subject wrapUpNote"),
          ...lists("wrapUpTags"),
          field("properties", "list", field("item", "struct", ...texts("property value"))),
        ),
        S(
          field("errorCodeDescription"),
          field(
            "flow",
            "struct",
            field("outcomes", "list", field("item", "struct", ...texts("flowOutcome flowOutcomeValue"))),
            ...texts("exitReason recognitionFailureReason"),
          ),
        ),
        field("externalTag"),
      ],
    ],
    "ids that lead back": [
      ["token"],
      [
        P(...texts("externalContactId externalOrganizationId participantId")),
        S(
          ...texts("monitoredParticipantId coachedParticipantId bargedParticipantId"),
          ...texts("cobrowseRoomId screenShareRoomId videoRoomId mediaBridgeId"),
        ),
        G(...texts("destinationConversationId sourceConversationId destinationSessionId sourceSessionId")),
        S(
          ...texts(
            "journeyCustomerId journeyCustomerSessionId outboundContactId protocolCallId peerId sessionId roomId",
          ),
        ),
        ...texts("conversationId associatedConversationId"),
        ...lists("consultationConversationIds"),
      ],
    ],
    staff: [
      ["token"],
      [
        P(...texts("userId teamId")),
        S(...texts("assignerId selectedAgentId screenMonitoredUserId")),
        G(
          ...lists("requestedRoutingUserIds"),
          field("scoredAgents", "list", field("item", "struct", field("scoredAgentId"))),
        ),
        field("evaluations", "list", field("item", "struct", ...texts("userId assigneeId evaluatorId"))),
      ],
    ],
    "times, which analysis needs": [
      ["keep"],
      [
        ...texts("conversationStart conversationEnd"),
        G(...texts("segmentStart segmentEnd")),
        field("eventTime", "timestamp"),
      ],
    ],
    "external contacts": [
      ["token", "phone", "email", "drop"],
      [
        ...texts("firstName middleName lastName workEmail personalEmail otherEmail"),
        ...["workPhone", "cellPhone", "homePhone", "otherPhone"].map((name) =>
          field(name, "struct", ...texts("display e164 userInput")),
        ),
        field("address", "struct", ...texts("address1 address2 city postalCode")),
        field("externalIds", "list", field("item", "struct", field("value"))),
        field("twitterId", "struct", ...texts("id name screenName")),
        field("facebookId", "struct", field("displayName")),
        map("customFields"),
      ],
    ],
  };

  for (const [what, [masks, schema]] of Object.entries(CASES)) {
    it(`decides every path of ${what}`, () => {
      const decider = policyOf("", "presets: [genesys-analytics]");
      for (const top of [schema, [field("conversations", "list", field("item", "struct", ...schema))]]) {
        for (const leaf of leavesOf(top)) {
          const { rule, mask, clause } = decider.decide(leaf);
          assert.match(rule, /^preset genesys-analytics/, `${leaf.path}: ${rule}`);
          assert.ok(masks.includes(mask) && clause, `${leaf.path}: ${mask}`);
        }
      }
    });
  }

  it("remote is a phone number, an email address, or else a name", () => {
    const { mask, cases } = decide(["genesys-analytics"], field("remote"));
    assert.equal(mask, "token");
    const maskOf = (value: string) =>
      cases.find(({ when }) => new RegExp(when!.is, "iu").test(value))?.decision.mask ?? mask;
    for (const value of ["+1 (415) 555-0100", "tel:+14155550100", "4155550100"])
      assert.equal(maskOf(value), "phone", value);
    for (const value of ["jane@example.com", "sip:jane@example.com"]) assert.equal(maskOf(value), "email", value);
    for (const value of ["Jane Doe", "", "007"]) assert.equal(maskOf(value), "token", value);
  });

  it("a stricter preset takes all of a leaf that this one would mask by its value", () => {
    const { mask, cases } = decide(["genesys-analytics", "hipaa-safe-harbor"], field("remote"));
    assert.deepEqual([mask, cases], ["drop", []]);
  });
});

describe("keys of maps", () => {
  const attributes = field(
    "participants",
    "list",
    field("item", "struct", field("attributes", "map", key, field("value"))),
  );
  const cases = (presets: readonly Preset[]) =>
    decide(presets, attributes).cases.map(({ looks, decision }) => `${looks?.join(" ")}: ${decision.mask}`);

  it("PCI DSS 3.3.1: a code or a card number is told by its key, where another preset makes tokens of the rest", () => {
    for (const presets of [
      ["genesys-analytics", "pci-dss"],
      ["pci-dss", "genesys-analytics"],
    ] as const) {
      assert.equal(decide(presets, attributes).mask, "token");
      assert.deepEqual(cases(presets), ["authentication expiry: drop", "card: pan"]);
      assert.deepEqual(decide(presets, attributes).cases[0]?.decision.clause, "PCI DSS 3.3.1; PCI DSS 3.2.1");
    }
  });

  it("are no matter where the whole map is decided as strictly", () => {
    assert.deepEqual(cases(["hipaa-safe-harbor", "pci-dss"]), []);
    assert.deepEqual(cases(["hipaa-safe-harbor"]), []);
    for (const mask of ["drop", "'null'", "replace, with: x"])
      assert.deepEqual(decide([], attributes, `{ field: attributes, mask: ${mask} }`).cases, []);
  });

  it("PCI DSS 3.3.1: entries that hold a card's codes go, whatever the rest of the map becomes", () => {
    assert.deepEqual(cases(["genesys-analytics"]), ["authentication: drop"]);
    for (const mask of ["keep", "token", "scan"]) {
      const [first, ...more] = decide(["pci-dss"], attributes, `{ field: attributes, mask: ${mask} }`).cases;
      assert.deepEqual(
        [first?.looks, first?.decision.mask, first?.decision.clause],
        [["authentication"], "drop", "PCI DSS 3.3.1"],
      );
      assert.deepEqual(more, []);
    }
  });

  it("are decided by presets where nothing decides the map", () => {
    assert.equal(decide(["pci-dss"], attributes).mask, "scan");
    assert.deepEqual(cases(["pci-dss"]).slice(0, 2), ["authentication expiry: drop", "card: pan"]);
    // Then, as without presets, what else looks sensitive.
    const rest = decide(["pci-dss"], attributes).cases.slice(2);
    assert.deepEqual(
      rest.map(({ sensitive, decision }) => [sensitive, decision.mask]),
      [[true, "replace"]],
    );
  });
});

describe("docs/compliance.md", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/compliance.md"), "utf8");

  it("has every preset and every clause, and promises nothing", () => {
    for (const [name, rules] of Object.entries(PRESETS)) {
      assert.ok(page.includes(`\`${name}\``), name);
      for (const { clause } of rules) assert.ok(page.includes(clause), clause);
    }
    assert.doesNotMatch(page.replace('never says "compliant"', ""), /complian(?:t|ce) with|compliant|certified/i);
  });

  it("names tests that exist", () => {
    const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".test.ts"));
    const tests = files.map((name) => readFileSync(join(import.meta.dirname, name), "utf8")).join("");
    const named = [...page.matchAll(/“([^”]+)”/g)].map(([, name]) => name!);
    assert.ok(named.length > 15);
    for (const name of named) assert.ok(tests.includes(name), name);
  });
});
