import { contextBefore } from "./context.ts";
import { declareDetector } from "./detector.ts";
import { CONTEXT } from "./phrases.ts";
import { endOf, Spans } from "./spans.ts";

/** Written 3-2-4, as the SSA issues them: no 000, 666 or 9xx area, no 00 group, no 0000 serial. */
const WRITTEN = /(?<![\d-])(?!000|666|9)\d{3}([- .])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])/y;
const AFTER_WORD = /\d{3}[- .]?\d{2}[- .]?\d{4}(?!\d)/y;
const DIGITS = 9;

/** US social security numbers: written as usual, or nine digits, in figures or words, after a word that says so. */
export const ssn = declareDetector({
  name: "ssn",
  label: "SSN",
  find: (passage, take) => {
    const { text, groups } = passage;
    const spans = new Spans();
    let done = 0;
    for (let i = 0; i < groups.length; i += 2) {
      const start = groups[i]!;
      const length = groups[i + 1]! - start;
      if (start < done || (length !== 3 && length !== 5 && length !== DIGITS)) continue;
      const end =
        (length === 3 && endOf(WRITTEN, text, start)) ||
        ((passage.context(i) & CONTEXT.ssn) !== 0 && endOf(AFTER_WORD, text, start));
      if (!end) continue;
      spans.add(start, end);
      done = end;
    }
    for (const { digits, starts, ends } of passage.spoken) {
      const said = contextBefore(passage.bytes, starts[0]!) & CONTEXT.ssn;
      if (said && digits.join("").length === DIGITS) spans.add(starts[0]!, ends.at(-1)!);
    }
    spans.giveTo(take);
  },
});
