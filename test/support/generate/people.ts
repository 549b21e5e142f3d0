import type { Random } from "./random.ts";

/** A made-up customer. Phones are from reserved ranges, mail goes to example domains, cards are test numbers. */
export interface Person {
  readonly first: string;
  readonly last: string;
  /** E.164 without the plus sign. */
  readonly phone: string;
  readonly email: string;
  readonly externalId: string;
  readonly card: string;
}

const FIRST = [
  ..."Amélie Björn Chloé Dagný Élodie Fatima Gonçalo Håkon İpek Jürgen Kwame Łucja Mária Niamh Óscar Priya".split(" "),
  ..."Quentin Răzvan Siobhán Þóra Uwe Véronique Wanjiru Xóchitl Yusuf Zoë John Mary James Patricia Aisha".split(" "),
  ..."Дмитрий Ольга Γιώργος Ελένη محمد فاطمة יעל दीपिका ธนพล 伟 芳 さくら 健太 민준 서연 ნინო Արամ".split(" "),
];
const LAST = [
  ..."Andersson Böhm Çelik Dvořák Eriksen Fernández García Hoàng Ibáñez Jönsson Kovačić Løvås Müller".split(" "),
  ..."Nuñez Ó'Brien Peña Quispe Rodríguez Straße Țurcanu Ünal Vásquez Wójcik Yılmaz Žukauskas Smith".split(" "),
  ..."Smith-Jones Okafor Nakamura Doe McDonald Иванов Παπαδόπουλος الأحمد כהן शर्मा สุขใจ 王 李 田中 김 ბერიძე".split(
    " ",
  ),
];

/** Published test numbers: Visa 16, 19 and 13 digits, Mastercard (both ranges), Amex 15, Discover, JCB, Maestro 19. */
export const CARDS = [
  "4111111111111111",
  "4012888888881881",
  "4222222222222",
  "4111111111111111110",
  "5555555555554444",
  "2223003122003222",
  "378282246310005",
  "371449635398431",
  "6011111111111117",
  "3530111333300000",
  "6304000000000000000",
].map(withCheckDigit);

/** The number with its last digit replaced by the Luhn check digit (unchanged where it is right already). */
export function withCheckDigit(number: string): string {
  const sum = [...number.slice(0, -1)].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return number.slice(0, -1) + String((10 - (sum % 10)) % 10);
}

/** Phone numbers that ring nowhere: NANP 555-01xx, Ofcom's and ACMA's drama ranges. */
function phone(random: Random): string {
  const area = random.pick(["212", "312", "415", "617", "702"]);
  return random.pick([
    `1${area}55501${random.digits(2)}`,
    `1${area}55501${random.digits(2)}`,
    `442079460${random.digits(3)}`,
    `447700900${random.digits(3)}`,
    `6149157${random.int(1000, 9999)}`,
  ]);
}

/** `count` customers; the calls of a fixture are made by them, so that they come back. */
export function people(random: Random, count: number): readonly Person[] {
  return Array.from({ length: count }, (_, index) => {
    const first = random.pick(FIRST);
    const last = random.pick(LAST);
    const latin = `${first}.${last}`.normalize("NFKD").replace(/[^A-Za-z.]/g, "");
    const box = latin.length > 4 ? latin.toLowerCase() : "customer";
    return {
      first,
      last,
      phone: phone(random),
      email: `${box}${index}@${random.pick(["example.com", "example.org", "mail.example.net"])}`,
      externalId: `CRM-${String(100000 + index * 7)}`,
      card: random.pick(CARDS),
    };
  });
}

/** Ways in which one phone number is met in exports. */
export function writtenPhone(random: Random, digits: string): string {
  if (!digits.startsWith("1")) return random.pick([`+${digits}`, `00${digits}`, `tel:+${digits}`]);
  const [area, office, line] = [digits.slice(1, 4), digits.slice(4, 7), digits.slice(7)];
  return random.pick([
    `+${digits}`,
    `+${digits}`,
    digits,
    `+1 (${area}) ${office}-${line}`,
    `+1-${area}-${office}-${line}`,
    `+1 ${area} ${office} ${line}`,
    `tel:+${digits}`,
  ]);
}

/** Ways in which one card number is met: plain, in groups with spaces, in groups with dashes. */
export function writtenCard(random: Random, digits: string): string {
  const groups =
    digits.length === 15
      ? [digits.slice(0, 4), digits.slice(4, 10), digits.slice(10)]
      : (digits.match(/.{1,4}/g) ?? [digits]);
  return groups.join(random.pick(["", " ", "-"]));
}
