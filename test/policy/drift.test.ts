import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { compare, type Drift } from "../../src/policy/drift.ts";
import { type LockedLeaf, lockOf } from "../../src/policy/lock.ts";

function leaf(path: string, mask = "keep", more: Partial<LockedLeaf> = {}): LockedLeaf {
  const by = mask === "keep" ? "unmatched.other" : mask === "scan" ? "unmatched.text" : `rule field ${path}`;
  return { path, type: "utf8", mask, by: mask === "pause" ? "unmatched.sensitive" : by, ...more };
}

const PHONE = { looks: "looks like a phone number" };

const APPROVED = [
  leaf("id", "keep", { type: "int64" }),
  leaf("phoneNumber", "phone", { ...PHONE, options: { keep: "none" } }),
  leaf("queueName", "scan"),
  leaf("amount", "keep", { type: "float64" }),
  leaf("s.name", "token", { looks: "looks like a name", options: { domain: "person" } }),
];

function drifts(live: readonly LockedLeaf[], approved = APPROVED): Drift[] {
  return compare(lockOf([approved]), [{ input: "a", leaves: live }]);
}

/** The approved leaves with one in place of another; undefined takes it out. */
function withLeaf(path: string, ...by: LockedLeaf[]): LockedLeaf[] {
  return APPROVED.flatMap((one) => (one.path === path ? by : [one]));
}

function told(live: readonly LockedLeaf[], approved?: LockedLeaf[]): string[] {
  return drifts(live, approved).map(({ kind, path, stops }) => `${stops ? "STOPS " : ""}${kind} ${path}`);
}

describe("drift", () => {
  it("is nothing where nothing changed, in whatever order", () => {
    assert.deepEqual(drifts(APPROVED), []);
    assert.deepEqual(drifts(APPROVED.toReversed()), []);
    // Who decided may change: what is decided did not.
    assert.deepEqual(drifts(withLeaf("queueName", leaf("queueName", "scan", { by: "rule field queue*" }))), []);
  });

  it("a new field that is harmless, or that a rule decides, stops nothing", () => {
    assert.deepEqual(told([...APPROVED, leaf("wrapUp", "scan")]), ["added wrapUp"]);
    assert.deepEqual(told([...APPROVED, leaf("score", "keep", { type: "int32" })]), ["added score"]);
    assert.deepEqual(told([...APPROVED, leaf("ani", "phone", PHONE)]), ["added ani"]);
    assert.deepEqual(told([...APPROVED, leaf("ani", "drop", { ...PHONE, by: "unmatched.sensitive" })]), ["added ani"]);
    assert.deepEqual(told([...APPROVED, leaf("ani", "keep", { ...PHONE, by: "rule field ani" })]), ["added ani"]);
  });

  it("a new field that looks sensitive and that nobody decided stops", () => {
    assert.deepEqual(told([...APPROVED, leaf("x", "pause", PHONE)]), ["STOPS sensitive-looking x"]);
    for (const mask of ["keep", "scan"]) {
      const [found] = drifts([...APPROVED, leaf("x", mask, { ...PHONE, by: "unmatched.sensitive" })]);
      assert.ok(found?.stops, mask);
      assert.match(found.advice, /add a rule to policy\.rules: \{ path: "x", mask: … \}/);
    }
  });

  it("a known field whose content came to look sensitive stops", () => {
    const live = withLeaf("queueName", leaf("queueName", "pause", { looks: "looks like a card by content" }));
    assert.deepEqual(told(live), ["STOPS sensitive-looking queueName"]);
  });

  it("a field that is gone stops nothing", () => {
    assert.deepEqual(told(withLeaf("phoneNumber")), ["removed phoneNumber"]);
    assert.deepEqual(told(withLeaf("s.name")), ["removed s.name"]);
  });

  it("a sensitive field that comes back unprotected under a like name stops", () => {
    for (const name of ["phone_number", "custPhoneNumber", "phoneNo", "contact_no", "c12", "customer.phoneNumber"]) {
      for (const mask of ["keep", "scan", "token"]) {
        assert.deepEqual(told(withLeaf("phoneNumber", leaf(name, mask))), [`STOPS renamed ${name}`], `${name} ${mask}`);
      }
    }
    // Elsewhere in the record and of another type, but with the same content.
    const moved = leaf("z", "pause", { type: "int64", looks: "looks like a phone number by content" });
    const elsewhere = [...withLeaf("phoneNumber"), moved];
    assert.deepEqual(told(elsewhere, [...APPROVED, leaf("last")]).at(0), "STOPS sensitive-looking z");
    assert.deepEqual(told([...withLeaf("phoneNumber"), leaf("z", "scan", PHONE)]), ["STOPS renamed z"]);
  });

  it("one that is protected as before, or not written at all, stops nothing", () => {
    const same = leaf("phone_number", "phone", { ...PHONE, options: { keep: "none" } });
    assert.deepEqual(told(withLeaf("phoneNumber", same)), ["renamed phone_number"]);
    assert.deepEqual(told(withLeaf("phoneNumber", leaf("phone_number", "drop", PHONE))), ["renamed phone_number"]);
    const weaker = leaf("phone_number", "phone", { ...PHONE, options: { keep: "country" } });
    assert.deepEqual(told(withLeaf("phoneNumber", weaker)), ["STOPS renamed phone_number"]);
  });

  it("a harmless field under another name stops nothing", () => {
    assert.deepEqual(told(withLeaf("amount", leaf("amounts", "keep", { type: "float64" }))), ["renamed amounts"]);
  });

  it("what has nothing in common is no renaming", () => {
    const live = [leaf("wrapUpCode", "scan"), ...withLeaf("phoneNumber")];
    assert.deepEqual(told(live), ["added wrapUpCode", "removed phoneNumber"]);
  });

  it("a decision that is weaker, or other, stops; a stricter one does not", () => {
    const now = (path: string, mask: string, options?: object) =>
      told(
        withLeaf(
          path,
          leaf(path, mask, {
            type: path === "amount" ? "float64" : "utf8",
            ...(options && { options: { ...options } }),
          }),
        ),
      );
    assert.deepEqual(now("phoneNumber", "keep"), ["STOPS decision changed phoneNumber"]);
    assert.deepEqual(now("phoneNumber", "scan"), ["STOPS decision changed phoneNumber"]);
    assert.deepEqual(now("phoneNumber", "token"), ["STOPS decision changed phoneNumber"]);
    assert.deepEqual(now("phoneNumber", "phone", { keep: "country" }), ["STOPS decision changed phoneNumber"]);
    assert.deepEqual(now("phoneNumber", "drop"), ["decision changed phoneNumber"]);
    assert.deepEqual(now("queueName", "keep"), ["STOPS decision changed queueName"]);
    assert.deepEqual(now("queueName", "token"), ["decision changed queueName"]);
    assert.deepEqual(now("amount", "null"), ["decision changed amount"]);
  });

  it("a type that changes stops only where a kept number became text", () => {
    const now = (path: string, mask: string, type: string, options?: object) =>
      told(withLeaf(path, leaf(path, mask, { type, ...(options && { options: { ...options } }) })));
    assert.deepEqual(now("amount", "keep", "utf8"), ["STOPS type changed amount"]);
    assert.deepEqual(now("amount", "keep", "float32"), ["type changed amount"]);
    assert.deepEqual(now("phoneNumber", "phone", "int64", { keep: "none" }), ["type changed phoneNumber"]);
    assert.deepEqual(now("queueName", "scan", "binary"), ["type changed queueName"]);
  });

  it("judges each input by itself, and names those that show it", () => {
    const other = [leaf("orderId"), leaf("total", "keep", { type: "float64" })];
    const lock = lockOf([APPROVED, other]);
    const input = (name: string, leaves: readonly LockedLeaf[]) => ({ input: name, leaves });
    // Leaves that only some inputs have are no news.
    assert.deepEqual(compare(lock, [input("a", APPROVED), input("b", other)]), []);
    const renamed = withLeaf("phoneNumber", leaf("contactNo", "scan"));
    const found = compare(lock, [input("a", APPROVED), input("b", other), input("c", renamed), input("d", renamed)]);
    assert.deepEqual(
      found.map(({ kind, path, stops, inputs }) => ({ kind, path, stops, inputs })),
      [{ kind: "renamed", path: "contactNo", stops: true, inputs: ["c", "d"] }],
    );
  });

  it("sees every difference between any two schemas, and none where there is none", () => {
    const some = fc.uniqueArray(
      fc.record({
        path: fc.constantFrom("a", "b.c", "b.d", "phoneNumber", "phone_no", "m{}", "l[].x"),
        type: fc.constantFrom("utf8", "int64"),
        mask: fc.constantFrom("keep", "scan", "token", "drop", "pause"),
        by: fc.constant("rule field x"),
      }),
      { selector: ({ path }) => path },
    );
    fc.assert(
      fc.property(some, some, (before, now) => {
        assert.deepEqual(
          compare(lockOf([before]), [{ input: "a", leaves: before }]).filter(
            ({ kind }) => kind !== "sensitive-looking",
          ),
          [],
        );
        const found = compare(lockOf([before]), [{ input: "a", leaves: now }]);
        const old = new Map(before.map((one) => [one.path, one]));
        for (const one of now) {
          const was = old.get(one.path);
          const same = was && was.mask === one.mask && was.type === one.type && one.mask !== "pause";
          const changes = found.filter(({ path }) => path === one.path);
          assert.equal(changes.length, same ? 0 : 1, one.path);
          if (one.mask === "pause") assert.ok(changes[0]!.stops);
          if (was && was.mask === "token" && ["keep", "scan"].includes(one.mask)) assert.ok(changes[0]!.stops);
        }
      }),
    );
  });
});
