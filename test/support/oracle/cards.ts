/** Issuers' prefixes and lengths (ISO/IEC 7812) as patterns over the digits alone. */
const ISSUERS: readonly RegExp[] = [
  /^4\d{12,18}$/, // Visa
  /^5[1-5]\d{14}$/, // Mastercard
  /^(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}$/, // Mastercard
  /^3[47]\d{13}$/, // American Express
  /^(?:30[0-5]\d|3095|36\d\d|3[89]\d\d)\d{10,15}$/, // Diners
  /^(?:6011|64[4-9]\d|65\d\d)\d{12,15}$/, // Discover
  /^35(?:2[89]|[3-8]\d)\d{12,15}$/, // JCB
  /^(?:62|81)\d{14,17}$/, // UnionPay
  /^(?:50|5[6-9]|6\d)\d{10,17}$/, // Maestro
];

/**
 * The card numbers in a run of digits and gaps, from the left, the longest first; each starts and ends at the edge of
 * a group of digits. Digits of any script count by their value.
 */
export function cardsOf(run: string, by: (digits: string) => string = () => ""): { text: string; count: number } {
  const groups = run.split(/(\p{Nd}+)/u); // gap, digits, gap, digits, …, gap
  let text = "";
  let count = 0;
  for (let start = 0; start < groups.length; start++) {
    const end = start % 2 === 0 ? undefined : longest(groups, start);
    if (end === undefined) {
      text += groups[start];
      continue;
    }
    text += by(digitsOf(groups, start, end));
    count++;
    start = end;
  }
  return { text, count };
}

function longest(groups: readonly string[], start: number): number | undefined {
  const ends = [...groups.keys()].filter((end) => end >= start && end % 2 === 1);
  return ends.findLast((end) => isCard(digitsOf(groups, start, end)));
}

function digitsOf(groups: readonly string[], start: number, end: number): string {
  return groups
    .slice(start, end + 1)
    .filter((_, index) => index % 2 === 0)
    .flatMap((group) => [...group].map(digitOf))
    .join("");
}

/** Every script's decimal digits stand in order from its zero: the value is how many digits precede it without a break. */
function digitOf(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < 0x80) return code - 0x30;
  // Runs of ten without a gap between them: mathematical digits, and two of Myanmar.
  for (const [first, last] of [
    [0x1d7ce, 0x1d7ff],
    [0x116d0, 0x116e3],
  ] as const) {
    if (code >= first && code <= last) return (code - first) % 10;
  }
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
  return value;
}

function isCard(digits: string): boolean {
  if (digits.length > 19 || !ISSUERS.some((issuer) => issuer.test(digits))) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const weighted = Number(digit) * (1 + (index % 2));
    return total + (weighted % 10) + Math.floor(weighted / 10);
  }, 0);
  return sum % 10 === 0;
}
