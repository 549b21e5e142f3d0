import type { Random } from "./random.ts";

const WORDS = {
  en: "zero one two three four five six seven eight nine".split(" "),
  es: "cero uno dos tres cuatro cinco seis siete ocho nueve".split(" "),
  de: "null eins zwei drei vier fünf sechs sieben acht neun".split(" "),
  fr: "zéro un deux trois quatre cinq six sept huit neuf".split(" "),
};

/** Digits as one reads them out: in groups, a repeated digit doubled now and then, with hesitation between groups. */
export function spoken(
  random: Random,
  digits: string,
  sizes: readonly number[],
  style: keyof typeof WORDS | "mixed" = "en",
): string {
  const comma = random.of([" ", ", ", ", ", " - ", ". "]);
  const groups = inGroups(digits, sizes).map((part) => group(random, part, style));
  const filled = groups.map((text, index) =>
    index > 0 && style === "en" && random.from(0, 5) === 0
      ? `${random.of(["uh", "um", "and", "and then", "uh,", "er"])} ${text}`
      : text,
  );
  return filled.join(comma);
}

export function inGroups(digits: string, sizes: readonly number[]): readonly string[] {
  return sizes.map((size, index) => {
    const at = sizes.slice(0, index).reduce((sum, before) => sum + before, 0);
    return digits.slice(at, at + size);
  });
}

function group(random: Random, digits: string, style: keyof typeof WORDS | "mixed"): string {
  const said: string[] = [];
  for (let at = 0; at < digits.length; ) {
    const digit = digits[at]!;
    let run = 1;
    while (digits[at + run] === digit && run < 3) run++;
    const repeats = style === "en" && run > 1 && random.from(0, 2) === 0 ? run : 1;
    const word =
      style === "mixed" && random.from(0, 1) === 0 ? digit : WORDS[style === "mixed" ? "en" : style][Number(digit)]!;
    const heard = digit === "0" && style === "en" ? random.of(["zero", "oh", "oh", "o"]) : word;
    said.push(repeats === 3 ? `triple ${heard}` : repeats === 2 ? `double ${heard}` : heard);
    at += repeats;
  }
  return said.join(" ");
}
