import { cdrQuery } from "./cdr.ts";
import { below, CARD, oneOf, PHONE, SSN } from "./sql.ts";

/** The CDR columns and a transcript. */
export function transcriptQuery(rows: number): string {
  return cdrQuery(rows, { transcript: talk() });
}

/** About 300 characters of small talk; a card in every eighth, a phone in every fourth, a number in every tenth. */
function talk(): string {
  const words = (salt: number) =>
    oneOf(
      salt,
      "The parcel was due on Tuesday and has not come.",
      "My broadband drops every evening, about 3 times an hour.",
      "I was charged 49.90 twice for order 20391.",
      "Please hold on while I look that up. 🙂",
      "Die Rechnung stimmt nicht, können Sie das prüfen?",
      "That is fine, I can wait.",
    );
  return [
    oneOf(40, "Thank you for calling, how can I help you?", "Guten Tag, was kann ich für Sie tun?"),
    words(41),
    words(42),
    `CASE WHEN ${below(8, 43)} = 0 THEN 'My card is 4111' || sep || ${CARD} || '.' ELSE ${words(44)} END`,
    words(45),
    `CASE WHEN ${below(4, 46)} = 0 THEN 'Reach me on ' || ${PHONE} || '.' ELSE ${words(47)} END`,
    `CASE WHEN ${below(10, 48)} = 0 THEN 'My number is ' || ${SSN} || '.' ELSE ${words(49)} END`,
    "'Thank you, goodbye.'",
  ].join(" || ' ' || ");
}
