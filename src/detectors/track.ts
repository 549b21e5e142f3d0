import { declareDetector } from "./detector.ts";
import { endOf, Spans } from "./spans.ts";

/**
 * ISO/IEC 7813. Track 1: format code B, number, ^, name, ^, expiry, service code, discretionary data. Track 2: number, =,
 * the same. With their sentinels where these are there.
 */
const TRACK1 = /\d(?: ?\d){11,18}\^[A-Z\d ./'\\\-\xaa]{2,30}\^(?:\d{4}|\^)[\dA-Z^]{0,60}\??/iy;
const TRACK2 = /\d{12,19}[=D]\d{4}[\dA-F]{3,40}(?:\?|(?!\w))/iy;
const MOST_LEAD = 2;

/** What a card's magnetic stripe holds: PCI DSS 3.3.1 lets nobody keep it. */
export const track = declareDetector({
  name: "track",
  label: "TRACK",
  find: ({ text, groups }, take) => {
    const spans = new Spans();
    let done = 0;
    for (let i = 0; i < groups.length; i += 2) {
      const start = groups[i]!;
      if (start < done) continue;
      const long = groups[i + 1]! - start >= 12;
      const track2 = long ? endOf(TRACK2, text, start) : 0;
      const end = track2 || (isTrack1(text, start) ? endOf(TRACK1, text, start) : 0);
      if (end === 0) continue;
      spans.add(start - lead(text, start, done), end);
      done = end;
    }
    spans.giveTo(take);
  },
});

function isTrack1(text: string, start: number): boolean {
  return text[start - 1] === "B" || text[start - 1] === "b";
}

/** How many characters of a start sentinel and a format code stand before a track's number. */
function lead(text: string, start: number, done: number): number {
  const before = text.slice(Math.max(done, start - MOST_LEAD), start);
  return /(?:%?B|;)$/i.exec(before)?.[0].length ?? 0;
}
