import fc from "fast-check";

/** A pattern with its flags, as a regex mask takes it; valid JavaScript. */
export interface Source {
  readonly match: string;
  readonly flags: string;
}

const FLAGS = ["", "", "i", "m", "s", "u", "v", "im", "iu", "iv", "mu", "mv", "su", "imsu", "imsv"];

const literals = fc.constantFrom(
  ..."abz059 _-.@".split("").map((one) => (one === "." || one === "-" ? `[${one}]` : one)),
  ...["é", "😀", "ſ", "K", "ß", "\\n", "\\r", "\\0", "\\x01", "\\x1f", "\\x7f", "\\u2028", "\\t", "\\/", "\\$", "\\["],
);

const plainClasses = fc.constantFrom(
  ...[
    "[ab]",
    "[^ab]",
    "[a-z0-9]",
    "[^a-z\\n]",
    "[^\\n\\0]",
    "[\\s]",
    "[^\\S]",
    "[\\w@.]",
    "[^\\w\\n\\0\\x01]",
    "[\\d\\-]",
  ],
  ...[
    "[\\b]",
    "[\\n-\\r]",
    "[\\0-\\x1f]",
    "[^\\0-\\x7f]",
    "[^]",
    "[\\x7f-\\uffff]",
    "\\s",
    "\\S",
    "\\w",
    "\\W",
    "\\d",
    "\\D",
  ],
  ...[".", ".", "[é-ü]", "[K-k]", "[\\]\\\\]", "[\\^a]", "[\\]]"],
);

const unicodeClasses = fc.constantFrom(
  ...[
    "\\p{L}",
    "\\P{L}",
    "\\p{Lu}",
    "[\\p{N}_]",
    "[^\\p{L}\\n]",
    "\\u{1f600}",
    "[😀-😂]",
    "\\p{Nd}",
    "\\p{Cc}",
    "[\\p{M}é]",
  ],
);

const setClasses = fc.constantFrom(
  ...[
    "[\\p{L}--[a-m]]",
    "[\\w&&[^\\d]]",
    "[\\q{ab|c}]",
    "[\\q{|a}]",
    "[\\q{a\\nb}z]",
    "\\p{RGI_Emoji}",
    "[^\\p{L}&&\\w]",
  ],
);

/** Assertions that stand alone. */
const assertions = fc.constantFrom("^", "$", "\\b", "\\B", "^", "$");

const quantifiers = fc.constantFrom("*", "+", "?", "{2}", "{1,3}", "{0,2}", "*?", "+?", "??", "{0}", "{1,}?");

function node(mode: "" | "u" | "v", depth: number): fc.Arbitrary<string> {
  const atom = fc.oneof(
    { weight: 5, arbitrary: literals },
    { weight: 4, arbitrary: plainClasses },
    ...(mode === "" ? [] : [{ weight: 2, arbitrary: unicodeClasses }]),
    ...(mode === "v" ? [{ weight: 3, arbitrary: setClasses }] : []),
  );
  if (depth === 0) return fc.oneof({ weight: 6, arbitrary: atom }, { weight: 1, arbitrary: assertions });
  const inner = node(mode, depth - 1);
  const sequence = fc.array(inner, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(""));
  const wrapped = (open: string) => sequence.map((body) => `${open}${body})`);
  return fc.oneof(
    { weight: 5, arbitrary: atom },
    { weight: 2, arbitrary: assertions },
    { weight: 2, arbitrary: wrapped("(?:") },
    { weight: 2, arbitrary: wrapped("(") },
    { weight: 1, arbitrary: sequence.map((body) => `(${body})\\1`) },
    { weight: 1, arbitrary: wrapped("(?i:") },
    ...["(?=", "(?!", "(?<=", "(?<!"].map((open) => ({ weight: 1, arbitrary: wrapped(open) })),
    { weight: 2, arbitrary: fc.tuple(sequence, sequence).map(([a, b]) => `(?:${a}|${b})`) },
    { weight: 1, arbitrary: sequence.map((body) => `(?:|${body})`) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.oneof(
            atom,
            sequence.map((body) => `(?:${body})`),
            sequence.map((body) => `(${body})`),
          ),
          quantifiers,
        )
        .map(([body, quantifier]) => body + quantifier),
    },
  );
}

/** Random patterns of every construct whose meaning could change where values are joined. */
export const sources: fc.Arbitrary<Source> = fc
  .constantFrom(...FLAGS)
  .chain((flags) => {
    const mode = flags.includes("v") ? "v" : flags.includes("u") ? "u" : "";
    const part = fc.array(node(mode, 2), { minLength: 1, maxLength: 4, size: "max" }).map((parts) => parts.join(""));
    const named = part.map((body) => `(?<n>${body})`);
    return fc
      .oneof(
        { weight: 6, arbitrary: part },
        { weight: 1, arbitrary: named },
        { weight: 2, arbitrary: fc.tuple(part, part).map(([a, b]) => `${a}|${b}`) },
        { weight: 1, arbitrary: part.map((body) => `^${body}$`) },
        { weight: 1, arbitrary: part.map((body) => `^${body}`) },
        { weight: 1, arbitrary: part.map((body) => `${body}$`) },
      )
      .map((match) => ({ match, flags }));
  })
  .filter(({ match, flags }) => {
    try {
      new RegExp(match, `g${flags}`);
      return true;
    } catch {
      return false;
    }
  });

/** Replacement texts: what `String.prototype.replace` gives a meaning to, separators, line ends. */
export const replacements: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("", "#", "[$&]", "$1", "$2-$1", "$$", "$`", "$'", "$<n>", "$0", "$", "$$1", "<$<n>>", "é"),
  fc.constantFrom("\n", "\r", "\u2028", "\0", "a\nb", "\x01\x1f\x7f", "$&\n", "\\n", "\ud83d"),
);
