import type { Take } from "./detector.ts";
import { placesOf } from "./spans.ts";

const UNIT = "one|two|three|four|five|six|seven|eight|nine";
const TEEN = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen";
const TENS = "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)";
const ORDINAL = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth";
const ORDINAL_TEEN =
  "tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth";
const UNDER_100 = `(?:${TENS}(?:[ -](?:${UNIT}))?|${TEEN}|${UNIT})`;
const DAY = `(?:(?:twenty|thirty)[ -](?:${ORDINAL}|${UNIT})|${ORDINAL_TEEN}|${TEEN}|twenty|thirty|${ORDINAL}|(?:(?:oh|zero) )?(?:${UNIT})|\\d{1,2}(?:st|nd|rd|th)?)`;
const MONTH =
  "(?:[Jj]an(?:uary)?|[Ff]eb(?:ruary)?|[Mm]ar(?:ch)?|[Aa]pr(?:il)?|[Mm]ay|[Jj]une?|[Jj]uly?|[Aa]ug(?:ust)?|[Ss]ept?(?:ember)?|[Oo]ct(?:ober)?|[Nn]ov(?:ember)?|[Dd]ec(?:ember)?)";
const MONTH_NUMBER = `(?:(?:oh|zero) )?(?:${UNIT}|ten|eleven|twelve)`;
const YEAR = `(?:(?:nineteen|twenty)[ -](?:hundred|(?:oh|o|zero)[ -](?:${UNIT})|${TENS}(?:[ -](?:${UNIT}))?|${TEEN})|two thousand(?:(?: and)? ${UNDER_100})?)`;
const DATE = `(?:${MONTH},? (?:the )?${DAY}|${DAY} (?:of )?${MONTH}|${MONTH_NUMBER},? ${DAY}),? (?:of |in )?${YEAR}(?![a-z])`;
/** A word that says so, what people say in between, and before the date. */
const BIRTH = new RegExp(
  `(?<![A-Za-z\\xaa])(?:[Bb]orn|[Bb]irth(?:day|date)?|DOB)(?![A-Za-z\\xaa])[^\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]{0,40}?(?<![A-Za-z\\d\\xaa-])(?=(${DATE}))`,
  "y",
);
/** As they are found fastest: one by one, each by its first letter, of which few stand in a text. */
const WORDS = ["born", "Born", "birth", "Birth", "DOB"];

/** Dates of birth that are said: the word for it, month, day and year, in English. */
export function spokenBirths(text: string, take: Take): void {
  for (const at of placesOf(text, WORDS)) {
    BIRTH.lastIndex = at;
    const found = BIRTH.exec(text);
    if (found) take(BIRTH.lastIndex, BIRTH.lastIndex + found[1]!.length);
  }
}
