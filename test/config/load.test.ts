import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { formatBytes } from "../../src/config/bytes.ts";
import { loadConfig, parseConfig } from "../../src/config/load.ts";
import { nearest } from "../../src/config/nearest.ts";
import { configSchema } from "../../src/config/schema.ts";
import { byteSize, duration, share } from "../../src/config/units.ts";

const HEAD = "environment: test\nkey: { env: KEY }\ninput: a.parquet\noutput: out\n";

function parse(text: string) {
  return parseConfig(text, "maskline.yaml");
}

describe("configuration", () => {
  it("is complete after parsing, in base units", () => {
    assert.deepEqual(parse(`${HEAD}policy: {}`), {
      environment: "test",
      key: { env: "KEY" },
      input: ["a.parquet"],
      output: "out",
      compression: "none",
      int64: "number",
      policy: { presets: [], rules: [], unmatched: { sensitive: "pause", text: "scan", other: "keep" } },
      verify: 0.01,
      lock: "maskline.lock.json",
      s3: { checksums: "when_supported", encryption: "bucket" },
      hooks: { alert: [], committed: [] },
      runtime: { workers: "auto", memory: 2 ** 30, onBadInput: "fail", stallTimeout: 300_000 },
    });
    const rules = `policy:
  rules:
    - { field: id, mask: token, prefix: L_, length: 20, domain: loyalty }
    - { path: "a[].b{*}", mask: regex, patterns: [{ match: x }] }
    - { field: x, mask: null }`;
    assert.deepEqual(parse(HEAD + rules).policy.rules, [
      { field: "id", mask: "token", prefix: "L_", length: 20, domain: "loyalty" },
      { path: "a[].b{*}", mask: "regex", patterns: [{ match: "x", with: "", flags: "" }] },
      { field: "x", mask: "null" },
    ]);
  });

  it("says what is wrong, where, and what is near", () => {
    const cases: readonly (readonly [text: string, ...messages: string[]])[] = [
      [
        "",
        "1:1: environment is missing",
        "1:1: key is missing",
        "1:1: input: nothing is named that is to be read",
        "1:1: policy is missing",
      ],
      ["just text", "1:1: this is no map of settings"],
      ["- a", "1:1: this is no map of settings"],
      ["[", "1:2: Flow sequence must end with a ]"],
      ["environment: *nothing", "1:14: *nothing has no anchor before it"],
      [`${HEAD}environment: again`, "5:1: Map keys must be unique"],
      [`${HEAD}compresion: gzip`, '5:1: unknown setting "compresion"; did you mean "compression"?'],
      [`${HEAD}compression: gzp`, '5:1: compression: "gzp" is none of none, gzip, zstd; did you mean "gzip"?'],
      [
        `${HEAD}hooks: { alert: [{ url: "https://a.example/x", format: pagerduty }] }`,
        "5:18: hooks.alert[0].secret: pagerduty needs the integration's routing key",
      ],
      [`${HEAD}__proto__: {}`, '5:1: unknown setting "__proto__"; known: environment, key,'],
      [`${HEAD}metrics:\n  prot: 1`, '6:3: metrics: unknown setting "prot"; did you mean "port"?'],
      [`${HEAD}metrics: { port: 70000 }`, "5:12: metrics.port: Too big: expected number to be <=65535"],
      [`${HEAD}runtime: { memory: lots }`, "5:12: runtime.memory: a size such as 512MiB or 2GB"],
      [`${HEAD}runtime: { memory: true }`, "5:12: runtime.memory: a size such as 512MiB or 2GB"],
      [`${HEAD}runtime: { memory: 0MB }`, "5:12: runtime.memory: a size of more than nothing"],
      [`${HEAD}runtime: { workers: 0 }`, "5:12: runtime.workers: Too small: expected number to be >=1"],
      [`${HEAD}runtime: { workers: many }`, "5:12: runtime.workers: auto, or a number from 1 to 1024"],
      [`${HEAD}runtime: { stallTimeout: 30 }`, "5:12: runtime.stallTimeout: a duration such as 30s or 5m"],
      [
        `${HEAD}policy: { presets: [contact-centre] }`,
        'presets[0]: "contact-centre" is none of',
        'mean "contact-center"?',
      ],
      [`${HEAD}policy: { unmached: {} }`, '5:11: policy: unknown setting "unmached"; did you mean "unmatched"?'],
      [
        `${HEAD}policy: { unmatched: { text: pass } }`,
        '5:24: policy.unmatched.text: "pass" is none of',
        'did you mean "pause"?',
      ],
      [
        `${HEAD}s3: { encryption: { kms: k } }`,
        "5:7: s3.encryption: the output is a local directory, which no KMS key",
      ],
      [`${HEAD}s3: { encryption: { kms: "" } }`, "5:21: s3.encryption.kms: Too small"],
      [HEAD.replace("env: KEY", "evn: KEY"), '2:8: key: unknown setting "evn"; did you mean "env"?'],
      [HEAD.replace("env: KEY", "env: KEY, file: x"), '2:18: key: unknown setting "file"; known: env'],
      [HEAD.replace("{ env: KEY }", "s3cr3t"), "2:1: key: expected object, received string"],
      [HEAD.replace("a.parquet", "[]"), "3:1: input: nothing is named that is to be read"],
      [HEAD.replace("a.parquet", "[a, 1]"), "3:12: input[1]: expected string, received number"],
      [HEAD.replace("test", "5"), "1:1: environment: expected string, received number"],
    ];
    for (const [text, ...messages] of cases) {
      assert.throws(
        () => parse(text),
        (error: Error & { code: string; exit: number }) => {
          assert.deepEqual([error.code, error.exit], ["ERR_USAGE", 2], error.stack);
          for (const line of error.message.split("\n")) assert.match(line, /^maskline\.yaml:\d+:\d+: /, text);
          for (const message of messages) assert.ok(error.message.includes(message), `${text}\n${error.message}`);
          return true;
        },
      );
    }
  });

  it("takes a KMS key for outputs in S3 only, whoever names the output", () => {
    const text = `${HEAD.replace("output: out", "output: s3://b/out/")}policy: {}\ns3: { encryption: { kms: alias/masked } }`;
    assert.deepEqual(parse(text).s3.encryption, { kms: "alias/masked" });
    assert.throws(() => parseConfig(text, "maskline.yaml", { output: "./out/" }), /the output is a local directory/);
    const local = text.replace("s3://b/out/", "out");
    assert.deepEqual(parseConfig(local, "m.yaml", { output: "s3://b/o/" }).s3.encryption, { kms: "alias/masked" });
  });

  it("says it of rules, mask by mask", () => {
    const cases: readonly (readonly [rule: string, message: string])[] = [
      ["field: a, mask: tokn", '[0].mask: "tokn" is none of keep,'],
      ["field: a, mask: tokn", 'did you mean "token"?'],
      ["field: a", "[0].mask: is missing: one of keep,"],
      ["field: a, mask:", "[0].mask: is missing: one of keep,"],
      ["field: a, mask: 3", '[0].mask: "3" is none of keep,'],
      ["mask: keep", "[0]: a rule names either field or path"],
      ["field: a, path: b, mask: keep", "[0]: a rule names either field or path"],
      ["field: a, mask: token, lenght: 9", '[0]: unknown setting "lenght"; did you mean "length"?'],
      ["field: a, mask: keep, length: 9", '[0]: unknown setting "length"; known: field, path, mask'],
      ["field: a, mask: token, length: 7", "[0].length: Too small: expected number to be >=8"],
      ["field: a, mask: token, length: 65", "[0].length: Too big: expected number to be <=64"],
      ["field: a, mask: replace", "[0].with is missing"],
      [
        "field: a, mask: pan, keep: last5",
        '[0].keep: "last5" is none of none, last4, bin+last4; did you mean "last4"?',
      ],
      ["field: a, mask: scan, detectors: [cards]", '[0].detectors[0]: "cards" is none of'],
      ["field: a, mask: regex, patterns: []", "[0].patterns: Too small"],
      [
        "field: a, mask: regex, patterns: [{ mtach: a }]",
        '[0].patterns[0]: unknown setting "mtach"; did you mean "match"?',
      ],
      [
        "field: a, mask: regex, patterns: [{ match: a, flags: y }]",
        "[0].patterns[0].flags: flags may be i, m, s, u and v",
      ],
    ];
    for (const [rule, message] of cases) {
      assert.throws(
        () => parse(`${HEAD}policy:\n  rules:\n    - { ${rule} }`),
        (error: Error) => {
          assert.match(error.message, /^maskline\.yaml:7:\d+: policy\.rules\[0\]/);
          assert.ok(error.message.includes(message), `${rule}\n${error.message}`);
          return true;
        },
      );
    }
  });

  it("never throws anything but a usage error, whatever the text", () => {
    const words = [
      "key",
      "env",
      "input",
      "policy",
      "rules",
      "mask",
      "field",
      "null",
      "token",
      "[",
      "]",
      "{",
      "}",
      ":",
      ",",
      "- ",
    ];
    const texts = fc.array(
      fc.constantFrom(...words, "&a", "*a", "!!binary ", "\n", "\n  ", '"', "'", "|", "<<", "? "),
      {
        maxLength: 25,
        size: "max",
      },
    );
    fc.assert(
      fc.property(texts, fc.boolean(), (parts, headed) => {
        try {
          parse((headed ? HEAD : "") + parts.join(" "));
        } catch (error) {
          assert.equal((error as { code?: string }).code, "ERR_USAGE", (error as Error).stack);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("takes input and output from the command line in place of the file's", () => {
    const { input, output } = parseConfig(`${HEAD}policy: {}`, "f", { input: ["x", "y"], output: "z" });
    assert.deepEqual({ input, output }, { input: ["x", "y"], output: "z" });
    assert.doesNotThrow(() =>
      parseConfig("environment: a\nkey: { env: K }\npolicy: {}", "f", { input: ["x"], output: "z" }),
    );
  });

  it("names the file that cannot be read, and what to do", async () => {
    await assert.rejects(loadConfig("no/such/maskline.yaml"), {
      code: "ERR_USAGE",
      message: /no\/such\/maskline\.yaml.*ENOENT.*-c/,
    });
  });

  it("has a JSON Schema, which knows every setting", () => {
    const schema = z.toJSONSchema(configSchema, { io: "input" }) as { properties: object; required: string[] };
    assert.deepEqual(Object.keys(schema.properties), Object.keys(configSchema.shape));
    assert.deepEqual(schema.required, ["environment", "key", "output", "policy"]);
  });
});

describe("units", () => {
  it("sizes are bytes, decimal or binary, in any case", () => {
    const sizes: Record<string, number> = {
      "1GiB": 2 ** 30,
      "512 MB": 512e6,
      "1.5KiB": 1536,
      "1kib": 1024,
      "2tb": 2e12,
      "100": 100,
      "100B": 100,
      "3K": 3000,
      "3Ki": 3072,
    };
    for (const [text, bytes] of Object.entries(sizes)) assert.equal(byteSize.parse(text), bytes, text);
    assert.equal(byteSize.parse(4096), 4096);
    for (const wrong of ["", "GiB", "-1", "1 Gib b", "1e3", "1PiB", "1,5MB", 0, -1, 1.5, "0", "0.0001KB", null]) {
      assert.equal(byteSize.safeParse(wrong).success, false, String(wrong));
    }
  });

  it("shares of rows are full, or percents from a hundredth on", () => {
    for (const [text, part] of Object.entries({ full: 1, "1%": 0.01, "0.5 %": 0.005, "100%": 1, "0.01%": 1e-4 }))
      assert.equal(share.parse(text), part, text);
    for (const wrong of ["0%", "0.001%", "101%", "1", 1, "off", null])
      assert.equal(share.safeParse(wrong).success, false, String(wrong));
  });

  it("durations are milliseconds", () => {
    const durations: Record<string, number> = {
      "30s": 30_000,
      "250ms": 250,
      "5m": 300_000,
      "1.5h": 5_400_000,
      "1d": 864e5,
      "0s": 0,
    };
    for (const [text, ms] of Object.entries(durations)) assert.equal(duration.parse(text), ms, text);
    for (const wrong of ["", "30", "s", "-1s", "1 s", "1S", "1w", 30]) {
      assert.equal(duration.safeParse(wrong).success, false, String(wrong));
    }
  });

  it("bytes are written with a unit", () => {
    const written = [0, 1, 1023, 1024, 1536, 102_400, 2 ** 20, 2 ** 40, 2 ** 53].map(formatBytes);
    assert.deepEqual(written, [
      "0 B",
      "1 B",
      "1023 B",
      "1.0 KiB",
      "1.5 KiB",
      "100 KiB",
      "1.0 MiB",
      "1.0 TiB",
      "8192 TiB",
    ]);
  });
});

describe("nearest", () => {
  it("suggests what is near, or says what is known", () => {
    assert.equal(nearest("Compresion", ["compression", "key"]), '; did you mean "compression"?');
    assert.equal(nearest("zzzzzz", ["compression", "key"]), "; known: compression, key");
    assert.equal(nearest("b", ["s3", "key"]), "; known: s3, key");
    assert.equal(nearest("zzzzzz", []), "");
  });
});
