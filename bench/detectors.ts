/**
 * `npm run bench:detectors`: precision and recall of every detector over the labelled corpus in fixtures/corpus.
 *
 *     npm run bench:detectors -- [--misses]
 *
 * Recall is of labels of which no letter or digit stays; precision of hits that lie on a label of their kind; exact of hits
 * that are one. Numbers read out have a row of their own. The corpus is synthetic: `--misses` prints what was missed
 * and what was found in vain.
 */
import { parseArgs } from "node:util";
import { corpus, type Line } from "../test/detectors/corpus/read.ts";
import { precision, recall, type Score, scores } from "../test/detectors/corpus/score.ts";
import { markdown } from "./table.ts";

const { values } = parseArgs({ options: { misses: { type: "boolean", default: false } } });

const files = corpus();
const all = [...files.values()].flat();
const rows = [...scores(all).values()].map((score) => row(score.detector, score));
const spoken = [...scores(files.get("spoken") as readonly Line[]).values()].filter(({ labels }) => labels > 10);
rows.push(...spoken.map((score) => row(`${score.detector}, read out`, score)));
const without = all.filter(({ labels }) => labels.length === 0).length;
console.log(
  markdown({
    title: `Detectors, ${all.length} labelled texts, ${without} of them without a hit`,
    header: ["", "labels", "found", "recall", "hits", "right", "precision", "exact"],
    rows,
  }),
);
if (values.misses) {
  for (const { detector, missed, wrong } of scores(all).values()) {
    for (const text of missed) console.log(`${detector} missed: ${text}`);
    for (const text of wrong) console.log(`${detector} wrong: ${text}`);
  }
}

function row(name: string, score: Score): string[] {
  const share = (value: number) => value.toFixed(4);
  return [
    name,
    String(score.labels),
    String(score.found),
    share(recall(score)),
    String(score.hits),
    String(score.right),
    share(precision(score)),
    String(score.exact),
  ];
}
