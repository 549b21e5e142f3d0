import assert from "node:assert/strict";
import { resolve } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { displayUri, formatUri, globBase, joinUri, parseUri, relativeTo } from "../../src/store/uri.ts";
import { hasCode } from "./contract.ts";

describe("URIs", () => {
  it("reads paths, file URIs and S3 URIs", () => {
    assert.deepEqual(parseUri("/a b/c.parquet"), { scheme: "file", path: "/a b/c.parquet" });
    assert.deepEqual(parseUri("./out/"), { scheme: "file", path: `${resolve("out")}/` });
    assert.deepEqual(parseUri("."), { scheme: "file", path: `${resolve(".")}/` });
    assert.deepEqual(parseUri("/"), { scheme: "file", path: "/" });
    assert.deepEqual(parseUri("file:///a%20b"), { scheme: "file", path: "/a b" });
    assert.deepEqual(parseUri("file://localhost/a"), { scheme: "file", path: "/a" });
    assert.deepEqual(parseUri("s3://bucket"), { scheme: "s3", bucket: "bucket", key: "" });
    assert.deepEqual(parseUri("S3://bucket/a%20b//ü#?"), { scheme: "s3", bucket: "bucket", key: "a%20b//ü#?" });
  });

  it("refuses what is no URI of ours and says what is right", () => {
    const wrong = ["", "http://host/x", "gs://b/k", "s3://", "s3:///key", "s3://a b/k", "s3:bucket", "file://host/x"];
    for (const uri of [...wrong, "file:relative", "file:///%zz", "a\0b"]) {
      assert.throws(() => parseUri(uri), hasCode("ERR_USAGE", 2, /use a path|s3:\/\/bucket|%25/), uri);
    }
  });

  it("gives every location back from its URI", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/[\0/]|^\.{1,2}$/.test(text));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.boolean(), (parts, directory) => {
        const path = `/${parts.join("/")}${directory ? "/" : ""}`;
        const file = { scheme: "file", path } as const;
        assert.deepEqual(parseUri(formatUri(file)), file);
        const object = { scheme: "s3", bucket: "bucket", key: path } as const;
        assert.deepEqual(parseUri(formatUri(object)), object);
        for (const base of ["/data/x", "file:///data/x/", "s3://bucket/a%/"]) {
          assert.equal(relativeTo(base, joinUri(base, parts.join("/"))), parts.join("/"));
        }
      }),
    );
  });

  it("finds the static part of a pattern", () => {
    const cases = {
      "/a/b.parquet": "file:///a/",
      "/a/b/": "file:///a/b/",
      "/a/b*/c/*.parquet": "file:///a/",
      "*.parquet": formatUri({ scheme: "file", path: `${resolve(".")}/` }),
      "s3://bucket": "s3://bucket/",
      "s3://bucket/*": "s3://bucket/",
      "s3://bucket/a/{b,c}/d": "s3://bucket/a/",
      "s3://bucket/a/b": "s3://bucket/a/",
    };
    for (const [pattern, base] of Object.entries(cases)) assert.equal(globBase(pattern), base, pattern);
  });

  it("never lets a local name leave its base", () => {
    for (const name of ["../x", "a/../../x", "/etc/x", "a//b", "./a", "a/", ""]) {
      assert.throws(() => joinUri("/out/", name), hasCode("ERR_USAGE", 2), name);
    }
    assert.equal(joinUri("s3://bucket/p", "a//b"), "s3://bucket/p/a//b");
    assert.equal(joinUri("s3://bucket", "a"), "s3://bucket/a");
  });

  it("tells what is not beneath a base", () => {
    const pairs = [
      ["/a/", "/ab"],
      ["s3://x/", "s3://y/k"],
      ["s3://x/", "/k"],
      ["/a/b/", "/a/"],
    ] as const;
    for (const [base, uri] of pairs) assert.throws(() => relativeTo(base, uri), RangeError);
  });

  it("shows local files as a path and no control characters", () => {
    assert.equal(displayUri("file:///a%20b%0A"), "/a b\\x0a");
    assert.equal(displayUri("s3://bucket/a\u001b[31m"), "s3://bucket/a\\x1b[31m");
  });
});
