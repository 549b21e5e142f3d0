/**
 * Writes fixtures/corpus/*.jsonl from fixtures/corpus/templates/*.txt: one template a line, `{slot}` a value by name,
 * `[detector:text]` a text that is a hit as it stands, `\n` a line's end. What is committed is the data; this only spares
 * typing.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Random, seeded } from "./random.ts";
import type { Label, Line } from "./read.ts";
import { LABELLED, PLAIN } from "./values.ts";

const DIRECTORY = join(import.meta.dirname, "../../../fixtures/corpus");
const PARTS = /\{([a-z]+)\}|\[([a-z]+):((?:[^\]\\]|\\.)+)\]|\\n/g;

/** How many lines a file has at least; every template is taken the same number of times. */
const LINES = 120;

const slots = new Map(
  Object.entries(LABELLED).flatMap(([detector, values]) =>
    Object.entries(values).map(([name, value]) => [
      name,
      { detector: detector === "spoken" ? "card" : detector, value },
    ]),
  ),
);
const neutral = templates("neutral");
for (const file of readdirSync(join(DIRECTORY, "templates"))) {
  const name = basename(file, ".txt");
  if (name !== "neutral")
    writeFileSync(
      join(DIRECTORY, `${name}.jsonl`),
      linesOf(name)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(""),
    );
}

function templates(name: string): readonly string[] {
  return readFileSync(join(DIRECTORY, "templates", `${name}.txt`), "utf8")
    .trimEnd()
    .split("\n");
}

function linesOf(name: string): readonly Line[] {
  const random = seeded([...name].reduce((sum, character) => sum * 31 + character.codePointAt(0)!, 7) | 0);
  const all = templates(name);
  const lines = new Map<string, Line>();
  for (let round = 0; round < Math.max(2, Math.ceil(LINES / all.length)); round++) {
    for (const template of all) {
      const among = name !== "negatives" && random.from(0, 4) === 0;
      const line = written(among ? `${random.of(neutral)} ${template} ${random.of(neutral)}` : template, random);
      lines.set(line.text, line);
    }
  }
  return [...lines.values()];
}

function written(template: string, random: Random): Line {
  const labels: Label[] = [];
  let text = "";
  let done = 0;
  const labelled = (detector: string, value: string) => {
    labels.push({ detector, start: text.length, end: text.length + value.length });
    text += value;
  };
  for (const match of template.matchAll(PARTS)) {
    text += template.slice(done, match.index);
    done = match.index + match[0].length;
    const [whole, slot, detector, literal] = match;
    if (whole === "\\n") text += "\n";
    else if (literal !== undefined) labelled(detector!, literal.replaceAll("\\]", "]").replaceAll("\\n", "\n"));
    else if (slots.has(slot!)) labelled(slots.get(slot!)!.detector, slots.get(slot!)!.value(random));
    else if (PLAIN[slot!]) text += PLAIN[slot!]!(random);
    else throw new Error(`no such slot: ${whole}`);
  }
  return { text: text + template.slice(done), labels };
}
