import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { paceChart } from "../../src/observe/run-report-chart.ts";
import { PaceRecorder } from "../../src/observe/run-report-pace.ts";

describe("the pace of a run", () => {
  it("keeps every row and byte in its stretch, in bounded room, however long the run", () => {
    const waits = fc.array(
      fc.tuple(fc.double({ min: 0, max: 3_000, noNaN: true }), fc.nat(10_000), fc.nat(1_000_000)),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(waits, (steps) => {
        let clock = 17;
        const recorder = new PaceRecorder(() => clock);
        const added: { at: number; rows: number; bytes: number }[] = [];
        for (const [wait, rows, bytes] of steps) {
          clock += wait;
          recorder.add(rows, bytes);
          added.push({ at: clock - 17, rows, bytes });
        }
        const { stretchSeconds, seconds, stretches } = recorder.pace();
        assert.ok(stretches.length <= 240);
        assert.equal(seconds, clock - 17);
        assert.equal(stretches.length, Math.floor(seconds / stretchSeconds) + 1);
        const expected = stretches.map(() => ({ rows: 0, bytes: 0 }));
        for (const { at, rows, bytes } of added) {
          const stretch = expected[Math.floor(at / stretchSeconds)]!;
          stretch.rows += rows;
          stretch.bytes += bytes;
        }
        assert.deepEqual(stretches, expected);
      }),
    );
  });

  it("is drawn within its frame, and said in words", () => {
    const pace = fc.record({
      stretchSeconds: fc.constantFrom(0.25, 4, 512),
      stretches: fc.array(fc.record({ rows: fc.nat(1e9), bytes: fc.nat(1e9) }), { minLength: 3, maxLength: 240 }),
      share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(pace, ({ stretchSeconds, stretches, share }) => {
        const seconds = (stretches.length - 1 + share) * stretchSeconds;
        const { text } = paceChart({ stretchSeconds, seconds, stretches });
        assert.doesNotMatch(text, /NaN|Infinity|undefined/);
        const [, path = ""] = /class="line" d="([^"]+)"/.exec(text)!;
        for (const [, axis, at] of path.matchAll(/([VH])([-\d.]+)/g)) {
          assert.ok(Number(at) >= 0 && Number(at) <= (axis === "H" ? 1000 : 240), path);
        }
        assert.match(text, /aria-label="Rows per second over .+: median [\d,]+, highest [\d,]+, lowest [\d,]+\."/);
      }),
    );
  });

  it("is not drawn where there is too little of it", () => {
    const { text } = paceChart({ stretchSeconds: 0.25, seconds: 0.2, stretches: [{ rows: 5, bytes: 5 }] });
    assert.match(text, /^<p>The run was over in 0\.2 s/);
  });
});
