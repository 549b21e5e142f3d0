/** Policies whose judgement is known: AWS's own examples of what is public and what is not, and what neither may pass. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { judgePolicy } from "../../src/store/bucket-policy.ts";

const OWN = "111122223333";
const PARTNER = "444455556666";
const OTHER = "999988887777";
const TRUSTED = new Set([OWN, PARTNER, "0f".repeat(32)]);

const policy = (...statements: unknown[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = (rest: object): object => ({
  ...{ Sid: "S1", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" },
  ...rest,
});
const everybody = (Condition?: object): object => allow({ Principal: "*", ...(Condition && { Condition }) });
const named = (AWS: unknown, rest: object = {}): object => allow({ Principal: { AWS }, ...rest });
const judged = (...statements: unknown[]): string[] =>
  judgePolicy(policy(...statements), TRUSTED).map(({ severity, what }) => `${severity}: ${what}`);

const REFUSED: readonly (readonly [name: string, statement: unknown, what: RegExp])[] = [
  ["everybody", everybody(), /lets in everybody \(statement S1\)$/],
  ["everybody, as AWS", named("*"), /lets in everybody/],
  ["everybody in a list", named([`arn:aws:iam::${OWN}:root`, "*"]), /lets in everybody/],
  ["every account", named("arn:aws:iam::*:root"), /lets in everybody/],
  ["no principal at all", allow({}), /lets in everybody/],
  ["a principal that is no name", named([7]), /lets in everybody/],
  ["an empty principal", allow({ Principal: {} }), /lets in everybody/],
  ["an effect of another case", { Principal: "*", effect: "allow" }, /lets in everybody \(statement 1\)/],
  ["NotPrincipal", allow({ NotPrincipal: { AWS: `arn:aws:iam::${OWN}:root` } }), /everybody but a few \(NotPrincipal/],
  [
    "NotPrincipal with a condition",
    allow({ NotPrincipal: "x", ...condition("aws:SourceVpce", "vpce-1") }),
    /but a few/,
  ],
  ["another account", named(`arn:aws:iam::${OTHER}:root`), /lets in account 999988887777 \(statement S1\)/],
  ["another account's number", named(OTHER), /lets in 999988887777/],
  ["another account's role", named([OWN, `arn:aws:sts::${OTHER}:assumed-role/r/s`]), /account 999988887777/],
  ["another account, narrowed", named(OTHER, condition("aws:SourceVpce", "vpce-1")), /999988887777/],
  ["a principal that is gone", named("AIDACKCEVSQ6C2EXAMPLE"), /lets in AIDACKCEVSQ6C2EXAMPLE/],
  ["an ARN without an account", named("arn:aws:iam:::user/u"), /lets in arn:aws:iam:::user\/u \(statement S1\)/],
  ["a CloudFront identity", named("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"), /cloudfront/],
  ["CloudFront", allow({ Principal: { Service: "cloudfront.amazonaws.com" } }), /lets in account cloudfront/],
  ["another canonical user", allow({ Principal: { CanonicalUser: "ab".repeat(32) } }), /lets in abab/],
  ["a web identity", allow({ Principal: { Federated: "accounts.google.com" } }), /whoever has an account at accounts/],
  ["another's identity provider", allow({ Principal: { Federated: `arn:aws:iam::${OTHER}:saml-provider/p` } }), /9999/],
  [
    "a service for another",
    allow({ Principal: { Service: "logging.s3.amazonaws.com" }, ...source(OTHER) }),
    /for account 9/,
  ],
  ["everybody over TLS", everybody({ Bool: { "aws:SecureTransport": "true" } }), /lets in everybody/],
  [
    "everybody with a referer",
    everybody({ StringLike: { "aws:Referer": "https://example.com/*" } }),
    /lets in everybody/,
  ],
  ["everybody but a VPC", everybody({ StringNotEquals: { "aws:SourceVpc": "vpc-91237329" } }), /lets in everybody/],
  ["every VPC", everybody({ StringLike: { "aws:SourceVpc": "vpc-*" } }), /lets in everybody/],
  ["VPC endpoints by wildcard", everybody({ StringLike: { "aws:SourceVpce": "vpce-?" } }), /lets in everybody/],
  ["any VPC endpoint", everybody({ Null: { "aws:SourceVpce": "false" } }), /lets in everybody/],
  ["a VPC, if there is one", everybody({ StringEqualsIfExists: { "aws:SourceVpc": "vpc-1" } }), /lets in everybody/],
  [
    "all values, of none",
    everybody({ "ForAllValues:StringEquals": { "aws:SourceVpc": "vpc-1" } }),
    /lets in everybody/,
  ],
  ["a variable", everybody({ StringEquals: { "aws:PrincipalAccount": `\${aws:SourceAccount}` } }), /lets in everybody/],
  ["one fixed value of two", everybody({ StringLike: { "aws:SourceVpce": ["vpce-1", "*"] } }), /lets in everybody/],
  ["no values", everybody({ StringEquals: { "aws:SourceVpce": [] } }), /lets in everybody/],
  ["a role's sessions", everybody({ StringLike: { "aws:userid": "AROAEXAMPLEID:*" } }), /lets in everybody/],
  ["half of all addresses", everybody(from("0.0.0.0/1")), /lets in everybody/],
  ["addresses broader than /8", everybody(from("64.0.0.0/7")), /lets in everybody/],
  ["all addresses beside a few", everybody(from("203.0.113.0/24", "0.0.0.0/0")), /lets in everybody/],
  ["IPv6 broader than /32", everybody(from("2001::/16")), /lets in everybody/],
  ["all of IPv4, mapped", everybody(from("::ffff:0:0/96")), /lets in everybody/],
  ["no address", everybody(from("anywhere")), /lets in everybody/],
  ["an address that is compared as text", everybody({ StringLike: { "aws:SourceIp": "203.0.113.5" } }), /everybody/],
  [
    "another account by condition",
    everybody({ StringEquals: { "aws:PrincipalAccount": OTHER } }),
    /account 999988887777/,
  ],
  ["one account of two", everybody({ StringEquals: { "aws:PrincipalAccount": [OWN, OTHER] } }), /account 999988887777/],
  [
    "another's topic",
    everybody({ ArnEquals: { "aws:SourceArn": `arn:aws:sns:us-east-1:${OTHER}:t` } }),
    /999988887777/,
  ],
  [
    "any access point",
    everybody({ ArnLike: { "s3:DataAccessPointArn": "arn:aws:s3:*:*:accesspoint/*" } }),
    /everybody/,
  ],
  ["no statement", "text", /lets in everybody/],
];

const FINE: readonly (readonly [name: string, statement: unknown])[] = [
  ["own account", named(`arn:aws:iam::${OWN}:root`)],
  ["own role and an account that is allowed", named([`arn:aws:iam::${OWN}:role/maskline`, PARTNER])],
  ["own account, in China", named(`arn:aws-cn:iam::${OWN}:user/u`)],
  ["own canonical user", allow({ Principal: { CanonicalUser: "0f".repeat(32) } })],
  ["a denial of everybody", { Effect: "Deny", Principal: "*", Action: "s3:*" }],
  ["a denial of all but some", { Effect: "Deny", NotPrincipal: { AWS: OTHER }, Action: "s3:*" }],
  ["a VPC", everybody(condition("aws:SourceVpc", "vpc-91237329").Condition)],
  ["a VPC endpoint, of any case", everybody({ stringequals: { "AWS:SOURCEVPCE": "vpce-1a2b3c4d" } })],
  [
    "a VPC endpoint and TLS",
    everybody({ StringEquals: { "aws:SourceVpce": "v" }, Bool: { "aws:SecureTransport": "true" } }),
  ],
  ["some networks", everybody(from("203.0.113.0/24", "2001:DB8:1234:5678::/64"))],
  ["private networks", everybody(from("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))],
  ["one address", everybody(from("203.0.113.7"))],
  ["own account by condition", everybody({ StringEquals: { "aws:PrincipalAccount": OWN } })],
  ["any of those allowed", everybody({ "ForAnyValue:StringEquals": { "aws:PrincipalAccount": [OWN, PARTNER] } })],
  [
    "another's topic for the own account",
    everybody({
      StringEquals: { "aws:SourceAccount": OWN },
      ArnEquals: { "aws:SourceArn": `arn:aws:sns:r:${OTHER}:t` },
    }),
  ],
  [
    "a bucket's inventory",
    allow({
      Principal: { Service: "s3.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::source" }, StringEquals: { "aws:SourceAccount": OWN } },
    }),
  ],
  [
    "the own access points",
    everybody({ ArnLike: { "s3:DataAccessPointArn": `arn:aws:s3:us-east-1:${OWN}:accesspoint/*` } }),
  ],
  ["a fixed user", everybody({ StringEquals: { "aws:userid": "AIDAEXAMPLE" } })],
];

const WARNED: readonly (readonly [name: string, statement: unknown, what: RegExp])[] = [
  [
    "an organization",
    everybody({ StringEquals: { "aws:PrincipalOrgID": "o-aa111bb222" } }),
    /organization o-aa111bb222/,
  ],
  [
    "a service for anybody",
    allow({ Principal: { Service: "delivery.logs.amazonaws.com" } }),
    /whoever sets it to work/,
  ],
];

function condition(key: string, value: string) {
  return { Condition: { StringEquals: { [key]: value } } };
}
function from(...cidrs: string[]) {
  return { IpAddress: { "aws:SourceIp": cidrs } };
}
function source(account: string) {
  return condition("aws:SourceAccount", account);
}

describe("a bucket's policy", () => {
  for (const [name, statement, what] of REFUSED) {
    it(`is refused when it lets in ${name}`, () => {
      const [first = "", ...more] = judged(statement);
      assert.match(first, /^refused: has a policy that /);
      assert.match(first, what);
      assert.deepEqual(more, []);
    });
  }
  for (const [name, statement] of FINE) {
    it(`is fine with ${name}`, () => assert.deepEqual(judged(statement), []));
  }
  for (const [name, statement, what] of WARNED) {
    it(`is warned of when it lets in ${name}`, () => {
      const [first = "", ...more] = judged(statement);
      assert.match(first, /^warning: /);
      assert.match(first, what);
      assert.deepEqual(more, []);
    });
  }

  it("may be a single statement, and one that is closed closes no other", () => {
    const single = JSON.stringify({ Statement: everybody() });
    assert.equal(judgePolicy(single, TRUSTED).length, 1);
    assert.equal(judged({ Effect: "Deny", Principal: "*", Action: "*" }, everybody(), named(OWN)).length, 1);
  });

  it("is refused when it cannot be read", () => {
    for (const text of ["", "{", "null", "[]", '"x"', "{}", '{"Statement":null}', "<ListBucketResult/>"]) {
      const [one] = judgePolicy(text, TRUSTED);
      assert.equal(one?.severity, "refused", text);
      assert.match(one.what, /cannot be read/, text);
    }
  });

  it("is shown without control characters", () => {
    const [one] = judgePolicy(policy({ ...named("x\u001b[2J\nroot"), Sid: "a\nb" }), TRUSTED);
    assert.match(one?.what ?? "", /^[\x20-\x7e]+ \(statement 1\)$/);
  });

  it("is judged whatever it is, and says nothing of what denies", () => {
    fc.assert(
      fc.property(fc.json(), fc.array(fc.jsonValue()), (text, statements) => {
        judgePolicy(text, TRUSTED);
        const denied = statements.map((one) => ({ Principal: one, Condition: one, Effect: "Deny" }));
        assert.deepEqual(judgePolicy(policy(...denied), TRUSTED), []);
        // What is no statement that denies lets everybody in.
        assert.equal(judgePolicy(policy(...statements), TRUSTED).length, statements.length);
      }),
    );
  });
});

/** A request, as conditions see it; keys that are absent are undefined. */
type Request = Readonly<Record<string, string | undefined>>;

/** AWS's evaluation of conditions, for the operators and keys that the test makes. Written from its documentation. */
function holds(conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>, request: Request) {
  return Object.entries(conditions).every(([full, keys]) =>
    Object.entries(keys).every(([key, values]) => {
      const given = request[key];
      const operator = full.replace(/^For(All|Any)Values?:|IfExists$/g, "");
      if (operator === "Null") return values.some((one) => (one === "true") === (given === undefined));
      if (given === undefined) return /^ForAllValues:|IfExists$/.test(full) || /Not/.test(operator);
      const one = (value: string): boolean => {
        if (operator.endsWith("IpAddress")) return value === "0.0.0.0/0" || given.startsWith(value.split(".")[0]!);
        if (operator === "StringLike") return new RegExp(`^${value.replaceAll("*", ".*")}$`).test(given);
        return value === given;
      };
      return /Not/.test(operator) ? !values.some(one) : values.some(one);
    }),
  );
}

describe("no stranger's request", () => {
  const operators = fc
    .tuple(
      fc.constantFrom("", "ForAllValues:", "ForAnyValue:"),
      fc.constantFrom("StringEquals", "StringLike", "StringNotEquals", "IpAddress", "NotIpAddress", "Null"),
      fc.constantFrom("", "IfExists"),
    )
    .map(([quantifier, name, suffix]) => (name === "Null" ? name : quantifier + name + suffix));
  const keys = fc.constantFrom(
    "aws:SourceIp",
    "aws:SourceVpce",
    "aws:PrincipalAccount",
    "aws:SecureTransport",
    "aws:Referer",
  );
  const values = fc.array(
    fc.constantFrom("*", "8*", "0.0.0.0/0", "8.0.0.0/7", "203.0.113.0/24", "vpce-1", OWN, OTHER, "true", "false", "x"),
    { maxLength: 3 },
  );
  const conditions = fc.dictionary(operators, fc.dictionary(keys, values, { maxKeys: 2 }), { maxKeys: 3 });
  const stranger = fc.record<Request>({
    "aws:SourceIp": fc.constant("8.8.8.8"),
    "aws:SourceVpce": fc.constant(undefined),
    "aws:PrincipalAccount": fc.constantFrom(undefined, OTHER),
    "aws:SecureTransport": fc.constantFrom("true", "false"),
    "aws:Referer": fc.constantFrom(undefined, "x"),
  });

  it("is let in by a policy that is not refused", () => {
    let open = 0;
    fc.assert(
      fc.property(conditions, stranger, (Condition, request) => {
        if (!holds(Condition, request)) return;
        open++;
        const [first] = judgePolicy(policy(allow({ Principal: "*", Condition })), TRUSTED);
        assert.equal(first?.severity, "refused");
      }),
      { numRuns: 5_000 },
    );
    assert.ok(open > 300, `${open}`);
  });
});
