/** The table of partners, against a plain map. */
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { Partners } from "../../src/proof/partners.ts";
import { mixed } from "./mixed.ts";

it("holds what a map holds, whatever is forgotten on the way", () => {
  // Few hashes, so that they come again; every third falls into one slot, as by bad luck.
  const hash = fc.nat(300).map((number) => (number % 3 === 0 ? number * 2 ** 20 : mixed(number)));
  const step = fc.oneof(
    { weight: 30, arbitrary: fc.tuple(hash, fc.nat(9)) },
    { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 500, size: "max" }), (steps) => {
      const partners = new Partners();
      let wanted = new Map<number, readonly [number, number]>();
      for (const [place, one] of steps.entries()) {
        if (typeof one === "number") {
          if (wanted.size === 0) continue;
          const sorted = [...wanted.keys()].toSorted((a, b) => a - b);
          const rank = Math.floor(one * (sorted.length - 1));
          const limit = partners.nth(rank);
          assert.equal(limit, sorted[rank]);
          partners.keepBelow(limit);
          wanted = new Map([...wanted].filter(([known]) => known < limit));
        } else {
          const slot = partners.find(one[0]);
          assert.equal(partners.isFree(slot), !wanted.has(one[0]));
          if (!partners.isFree(slot)) continue;
          partners.set(slot, one[0], one[1], place);
          wanted.set(one[0], [one[1], place]);
        }
        assert.equal(partners.size, wanted.size);
      }
      for (const [known, [partner, place]] of wanted) {
        const slot = partners.find(known);
        assert.deepEqual(
          [partners.has(known), partners.partnerAt(slot), partners.placeAt(slot)],
          [true, partner, place],
        );
      }
      const byHash = ([a]: readonly [number, number], [b]: readonly [number, number]) => a - b;
      assert.deepEqual(
        [...partners].toSorted(byHash),
        [...wanted].map(([known, [partner]]) => [known, partner] as const).toSorted(byHash),
      );
    }),
  );
});
