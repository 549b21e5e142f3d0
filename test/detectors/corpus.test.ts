/** The detectors against the labelled corpus, and the corpus against itself. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ALWAYS, DETECTORS } from "../../src/detectors/index.ts";
import { corpus } from "./corpus/read.ts";
import { precision, recall, scores } from "./corpus/score.ts";

const files = corpus();
const lines = [...files.values()].flat();

/** What the detectors must find of what is there. */
const RECALL: Readonly<Record<string, number>> = {
  ...{ card: 0.99, ssn: 0.99, email: 0.99, ip: 0.99, iban: 0.99, phone: 0.95 },
  ...{ url: 0.95, dob: 0.95, mrn: 0.95, account: 0.95, cvv: 0.99, track: 0.99 },
};

describe("the corpus", () => {
  it("has enough of everything, labels in order and within their texts", () => {
    for (const { name } of DETECTORS) {
      const labels = lines.flatMap((line) => line.labels.filter(({ detector }) => detector === name));
      assert.ok(labels.length >= 60, `${name}: ${labels.length}`);
    }
    assert.ok(lines.filter(({ labels }) => labels.length === 0).length >= 400);
    for (const { text, labels } of lines) {
      let done = 0;
      for (const { start, end } of labels) {
        assert.ok(start >= done && end > start && end <= text.length, text);
        done = end;
      }
    }
  });
});

describe("the detectors", () => {
  const all = scores(lines);

  for (const { name } of DETECTORS) {
    it(`find ${name} and little else`, () => {
      const score = all.get(name)!;
      assert.ok(recall(score) >= RECALL[name]!, `recall ${recall(score)}: ${score.missed.join("\n")}`);
      assert.ok(precision(score) >= 0.98, `precision ${precision(score)}: ${score.wrong.join("\n")}`);
    });
  }

  it("find cards, phones and social security numbers that are read out", () => {
    const spoken = scores(files.get("spoken")!);
    for (const name of ["card", "phone", "ssn"]) {
      const score = spoken.get(name)!;
      assert.ok(recall(score) >= 0.95, `${name}: ${score.missed.join("\n")}`);
    }
  });

  it("are named once, and those that always look are among them", () => {
    assert.equal(new Set(DETECTORS.map(({ name }) => name)).size, DETECTORS.length);
    assert.ok(ALWAYS.every((one) => DETECTORS.includes(one)));
    for (const { name, label } of DETECTORS) assert.equal(label, name.toUpperCase());
  });
});
