import { declareDetector } from "./detector.ts";
import { TAKEN } from "./passage.ts";
import { CONTEXT } from "./phrases.ts";
import { endOf, placesOf, Spans } from "./spans.ts";
import { readOut } from "./spoken.ts";

/** Three or four figures, spaced perhaps, and no part of a longer number, a date or an amount. */
const FIGURES = /(?<![\d$.,/]|\d[:-])\d(?:\d{2,3}|(?:[ -]\d){2,3})(?![\d%]|[-./:,]\d)/y;
/** Behind a card, which is taken by now, and its expiry. */
const BEHIND_CARD = new RegExp(
  `(?<=${String.fromCharCode(TAKEN)}[ ,;]{1,3}(?:exp[a-z]{0,7}[.:]? {0,2})?(?:0[1-9]|1[0-2])[/-](?:20)?\\d\\d[ ,;]{1,3})\\d{3,4}(?![\\d%]|[-./:,]\\d)`,
  "iy",
);
const FEWEST = 3;
const MOST = 4;

/** Words behind which a code may be read out, and what may stand between. Apart, V8 finds each several times as fast. */
const WORDS = [/cv[vc]2?\b/gi, /security code\b/gi];
/** Found by its rarest letter, in the cases that people write. */
const BACK = ["back", "Back", "BACK"];
const ON_THE_BACK = /(?<=on the )back\b/iy;
const BETWEEN =
  /(?:[ ,.:?!'"-]{1,3}(?:code|number|of|the|my|card|is|it|its|s|that|thats|was|uh|um|er|and|sure|yes|yeah|okay)\b){0,8}/iy;

/** Card verification codes and PINs by the words before them: PCI DSS 3.3.1 lets nobody keep them. */
export const cvv = declareDetector({
  name: "cvv",
  label: "CVV",
  find: (passage, take) => {
    const { text, bytes, groups } = passage;
    const spans = new Spans();
    let done = 0;
    for (let i = 0; i < groups.length; i += 2) {
      const start = groups[i]!;
      const length = groups[i + 1]! - start;
      if (start < done || length > MOST || length === 2) continue;
      const said = (passage.context(i) & CONTEXT.cvv) !== 0;
      if (!said && !(length > 2 && i > 0 && start - groups[i - 1]! <= 3)) continue;
      const end = endOf(said ? FIGURES : BEHIND_CARD, text, start);
      if (end === 0) continue;
      spans.add(start, end);
      done = end;
    }
    const behind = (words: number) => {
      const said = readOut(bytes, endOf(BETWEEN, text, words), MOST);
      if (said && said.digits >= FEWEST && said.digits <= MOST) spans.add(said.start, said.end);
    };
    for (const words of WORDS) {
      words.lastIndex = 0;
      while (words.test(text)) behind(words.lastIndex);
    }
    for (const at of placesOf(text, BACK)) {
      const end = endOf(ON_THE_BACK, text, at);
      if (end !== 0) behind(end);
    }
    spans.giveTo(take);
  },
});
