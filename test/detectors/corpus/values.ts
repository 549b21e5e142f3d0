import type { Random } from "./random.ts";
import { inGroups, spoken } from "./spoken.ts";

/** What a slot of a template may stand for. A value is text; whether it is labelled is the slot's name's affair. */
export type Values = Readonly<Record<string, (random: Random) => string>>;

/** Published test numbers of the card brands. */
const CARDS = [
  "4111111111111111",
  "4242424242424242",
  "4012888888881881",
  "4000056655665556",
  "5555555555554444",
  "5105105105105100",
  "5200828282828210",
  "2223003122003222",
  "2223000048400011",
  "6011111111111117",
  "6011000990139424",
  "3530111333300000",
  "3566002020360505",
  "6200000000000005",
];
const AMEX = ["378282246310005", "371449635398431", "378734493671000"];

/** Account parts of IBANs, without check digits: `A` a letter, `9` a digit. From the registry's structures. */
const BBANS: Readonly<Record<string, string>> = {
  AT: "9999999999999999",
  BE: "999999999999",
  CH: "99999AAAAAAAAAAAA",
  DE: "999999999999999999",
  ES: "99999999999999999999",
  FR: "9999999999AAAAAAAAAAA99",
  GB: "AAAA99999999999999",
  IE: "AAAA99999999999999",
  IT: "A9999999999999999999999",
  LU: "999AAAAAAAAAAAAA",
  MT: "AAAA99999AAAAAAAAAAAAAAAAAA",
  NL: "AAAA9999999999",
  NO: "99999999999",
  PL: "999999999999999999999999",
  PT: "999999999999999999999",
  SE: "99999999999999999999",
};

const PEOPLE = ["Zoe Smith", "Mary Garcia", "Juergen Mueller", "Priya Okafor", "Lucja Nakamura", "James Doe"];
const HOSTS = ["example.com", "example.org", "mail.example.net", "example.co.uk", "shop.example", "corp.example.com"];
const MONTHS = {
  en: "January February March April May June July August September October November December".split(" "),
  de: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" "),
  fr: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" "),
  es: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(" "),
  pt: "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(" "),
  it: "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(" "),
  nl: "januari februari maart april mei juni juli augustus september oktober november december".split(" "),
};

const grouped = (digits: string, sizes: readonly number[], separator: string) =>
  inGroups(digits, sizes).join(separator);
const separated = (random: Random, digits: string, sizes: readonly number[]) =>
  grouped(digits, sizes, random.of(["", "", " ", " ", " ", "-", "-", ".", "\n", "/", "_"]));
const inScript = (text: string, zero: number) =>
  text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));

const card = (random: Random) => separated(random, random.of(CARDS), [4, 4, 4, 4]);
const amex = (random: Random) => separated(random, random.of(AMEX), [4, 6, 5]);

function ssnDigits(random: Random): string {
  const area = random.from(1, 772);
  return `${String(area === 666 ? 665 : area).padStart(3, "0")}${String(random.from(1, 99)).padStart(2, "0")}${String(random.from(1, 9999)).padStart(4, "0")}`;
}

function iban(random: Random): string {
  const country = random.of(Object.keys(BBANS));
  const bban = BBANS[country]!.replace(/A/g, () => random.of([..."ABCDEFGHKLMNPRSTUWXZ"])).replace(/9/g, () =>
    String(random.from(0, 9)),
  );
  const number = [...`${bban}${country}00`].map((character) => Number.parseInt(character, 36)).join("");
  return `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, "0")}${bban}`;
}
const inFours = (text: string, separator = " ") => text.match(/.{1,4}/g)!.join(separator);

/** NANP numbers kept for fiction: 555-0100 to 555-0199 of any area. */
const area = (random: Random) => random.of(["415", "212", "617", "303", "808", "312", "702", "916"]);
const nanp = (random: Random) => `${area(random)}55501${random.digits(2)}`;

function phone(random: Random): string {
  const digits = nanp(random);
  const [a, b, c] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)];
  return random.of([
    `${a}-${b}-${c}`,
    `(${a}) ${b}-${c}`,
    `(${a})${b}-${c}`,
    `${a}.${b}.${c}`,
    `${a} ${b} ${c}`,
    `+1 ${a} ${b} ${c}`,
    `+1${digits}`,
    `+1-${a}-${b}-${c}`,
    `1-${a}-${b}-${c}`,
    `+1 (${a}) ${b}-${c}`,
    `1 (${a}) ${b}-${c}`,
    `+1.${a}.${b}.${c}`,
    `${a}-${b} ${c}`,
  ]);
}

const phonesOf: Readonly<Record<string, (random: Random) => string>> = {
  phonede: (random) =>
    random.of([
      `030 23125 ${random.digits(3)}`,
      `030/23125${random.digits(3)}`,
      `+49 30 23125 ${random.digits(3)}`,
      `0171 39200${random.digits(2)}`,
      `(030) 23125-${random.digits(3)}`,
      `0049 30 23125${random.digits(3)}`,
    ]),
  phonefr: (random) =>
    random.of([
      `01 99 00 ${random.digits(2)} ${random.digits(2)}`,
      `06.39.98.${random.digits(2)}.${random.digits(2)}`,
      `+33 1 99 00 ${random.digits(2)} ${random.digits(2)}`,
      `063998${random.digits(4)}`,
    ]),
  phonees: (random) =>
    random.of([
      `91 123 ${random.digits(2)} ${random.digits(2)}`,
      `600 123 ${random.digits(3)}`,
      `+34 600 12 ${random.digits(2)} ${random.digits(2)}`,
      `600123${random.digits(3)}`,
    ]),
  phoneuk: (random) =>
    random.of([
      `020 7946 0${random.digits(3)}`,
      `07700 900${random.digits(3)}`,
      `+44 20 7946 0${random.digits(3)}`,
      `+44 (0)20 7946 0${random.digits(3)}`,
      `07700900${random.digits(3)}`,
      `0117 496 0${random.digits(3)}`,
    ]),
  phoneau: (random) =>
    random.of(["0491 570 006", "+61 491 570 156", `02 5550 ${random.digits(4)}`, "(02) 5550 1234", "0491570157"]),
  phonept: (random) =>
    random.of([
      `(11) 99999-${random.digits(4)}`,
      `11 99999-${random.digits(4)}`,
      `+55 11 99999-${random.digits(4)}`,
      `912 345 ${random.digits(3)}`,
    ]),
  phoneit: (random) =>
    random.of([`06 9876 ${random.digits(4)}`, `333 123 ${random.digits(4)}`, `+39 06 9876 ${random.digits(4)}`]),
  phonenl: (random) =>
    random.of([`020 123 ${random.digits(4)}`, `06-12345${random.digits(3)}`, `+31 6 12345${random.digits(3)}`]),
  phoneintl: (random) =>
    random.of([
      "+44 7700 900123",
      "+4930231250",
      `+49 171 39200${random.digits(2)}`,
      "+33 6 39 98 12 34",
      "+34 600 123 456",
      "+91 98765 43210",
      "+81 3-1234-5678",
      "+61 491 570 156",
      "+55 11 91234-5678",
      "+7 495 123-45-67",
      "+86 138 0013 8000",
      "+353 20 910 1234",
      "+46 70 174 06 05",
      "+972 55-555-0123",
      "0044 7700 900456",
    ]),
};

const ip6 = (random: Random) => {
  const group = () => random.from(1, 0xffff).toString(16);
  return random.of([
    `2001:db8::${group()}`,
    `2001:db8:${group()}::${group()}`,
    `2001:db8:${group()}:${group()}:${group()}:${group()}:${group()}:${group()}`,
    `2001:0db8:0000:0000:0000:ff00:0042:${group().padStart(4, "0")}`,
    `2001:db8:${group()}::`,
    `2001:DB8::${group().toUpperCase()}:${group().toUpperCase()}`,
  ]);
};
const ip4 = (random: Random) =>
  random.of([
    `192.0.2.${random.from(0, 255)}`,
    `198.51.100.${random.from(0, 255)}`,
    `203.0.113.${random.from(0, 255)}`,
    `10.${random.from(0, 255)}.${random.from(0, 255)}.${random.from(1, 254)}`,
    `192.168.${random.from(0, 9)}.${random.from(1, 254)}`,
  ]);

function email(random: Random): string {
  const [first, last] = random.of(PEOPLE).toLowerCase().split(" ") as [string, string];
  const local = random.of([
    first,
    `${first}.${last}`,
    `${first}_${last}${random.from(1, 99)}`,
    `${first[0]}${last}`,
    `${first}+${random.of(["news", "shop"])}`,
    `${first}-${last}`,
    `${first}${random.from(1950, 2009)}`,
  ]);
  return `${local}@${random.of(HOSTS)}`;
}

const path = (random: Random) =>
  random.of([
    "",
    "/",
    "/login",
    `/orders/${random.digits(6)}`,
    `/a/b?id=${random.digits(5)}&t=x`,
    `/help#faq-${random.from(1, 9)}`,
    "/p/caf%C3%A9",
  ]);

/** A day between 1930 and 2009 in the ways of a language. */
function born(
  random: Random,
  language: keyof typeof MONTHS,
): { numeric: (order: string) => string; month: string; day: number; year: number } {
  const [day, month, year] = [random.from(1, 28), random.from(1, 12), random.from(1930, 2009)];
  const pad = (value: number) => String(value).padStart(2, "0");
  const parts: Readonly<Record<string, string>> = {
    D: pad(day),
    d: String(day),
    M: pad(month),
    m: String(month),
    Y: String(year),
    y: pad(year % 100),
  };
  return {
    numeric: (order) => order.replace(/[DdMmYy]/g, (letter) => parts[letter]!),
    month: MONTHS[language][month - 1]!,
    day,
    year,
  };
}
const ordinal = (day: number) =>
  `${day}${day % 10 === 1 && day !== 11 ? "st" : day % 10 === 2 && day !== 12 ? "nd" : day % 10 === 3 && day !== 13 ? "rd" : "th"}`;

const date = (random: Random) =>
  random.of([
    `2026-0${random.from(1, 9)}-1${random.from(0, 9)}`,
    `0${random.from(1, 9)}/1${random.from(0, 9)}/2026`,
    `1${random.from(0, 9)}.0${random.from(1, 9)}.2026`,
    `March ${random.from(1, 28)}, 2026`,
  ]);
const time = (random: Random) =>
  `${String(random.from(0, 23)).padStart(2, "0")}:${random.from(10, 59)}:${random.from(10, 59)}`;
const hex = (random: Random, length: number) => Array.from({ length }, () => random.from(0, 15).toString(16)).join("");
const uuid = (random: Random) =>
  grouped(
    `${hex(random, 12)}4${hex(random, 3)}${random.of(["8", "9", "a", "b"])}${hex(random, 15)}`,
    [8, 4, 4, 4, 12],
    "-",
  );
const epoch = (random: Random) => String(1_700_000_000 + random.from(0, 99_999_999));
const id = (random: Random) =>
  random.of([
    random.digits(6, true),
    random.digits(8, true),
    `A-${random.digits(6)}`,
    `${random.digits(3)}-${random.digits(5)}`,
    `H${random.digits(7)}`,
  ]);

/** Slots with a label: the slot's name begins with the detector's. */
export const LABELLED: Readonly<Record<string, Values>> = {
  card: { card, amex },
  spoken: {
    spokencard: (random) => spoken(random, random.of(CARDS), [4, 4, 4, 4]),
    spokenamex: (random) => spoken(random, random.of(AMEX), [4, 6, 5]),
    spokencardmixed: (random) => spoken(random, random.of(CARDS), [4, 4, 4, 4], "mixed"),
    spokencardes: (random) => spoken(random, random.of(CARDS), [4, 4, 4, 4], "es"),
    spokencardde: (random) => spoken(random, random.of(CARDS), [4, 4, 4, 4], "de"),
    spokencardfr: (random) => spoken(random, random.of(CARDS), [4, 4, 4, 4], "fr"),
  },
  ssn: {
    ssn: (random) => grouped(ssnDigits(random), [3, 2, 4], random.of(["-", "-", "-", " "])),
    ssnbare: ssnDigits,
    ssnother: (random) =>
      inScript(grouped(ssnDigits(random), [3, 2, 4], "-"), random.of([0x660, 0x6f0, 0x966, 0xff10, 0x9e6])),
    spokenssn: (random) => spoken(random, ssnDigits(random), [3, 2, 4]),
  },
  phone: {
    phone,
    phonewhole: (random) => `+1${nanp(random)}`,
    phonebare: nanp,
    spokenphone: (random) => spoken(random, nanp(random), [3, 3, 4]),
    ...phonesOf,
  },
  email: { email },
  ip: { ipfour: ip4, ipsix: ip6 },
  iban: {
    iban: (random) =>
      random.of([(text: string) => text, inFours, inFours, (text: string) => inFours(text, "-")])(iban(random)),
    ibanlower: (random) => iban(random).toLowerCase(),
  },
  url: {
    url: (random) =>
      `${random.of(["https", "https", "http"])}://${random.of(["", "www.", "portal."])}${random.of(HOSTS)}${path(random)}`,
    www: (random) => `www.${random.of(HOSTS)}${path(random)}`,
  },
  dob: {
    dobnum: (random) =>
      born(random, "en").numeric(
        random.of(["M/D/Y", "m/d/Y", "D/M/Y", "M-D-Y", "Y-M-D", "M.D.Y", "m/d/y", "M/D/y", "Y/M/D"]),
      ),
    dobiso: (random) => born(random, "en").numeric("Y-M-D"),
    dobtext: (random) => {
      const { month, day, year } = born(random, "en");
      return random.of([
        `${month} ${day}, ${year}`,
        `${month} ${ordinal(day)}, ${year}`,
        `${day} ${month} ${year}`,
        `${month.slice(0, 3)} ${day} ${year}`,
        `${ordinal(day)} of ${month} ${year}`,
        `${month} ${ordinal(day)} ${year}`,
        `${String(day).padStart(2, "0")}-${month.slice(0, 3)}-${year}`,
      ]);
    },
    doblong: (random) => {
      const { month, day, year } = born(random, "en");
      return `${ordinal(day)} of ${month}, ${year}`;
    },
    ...Object.fromEntries(
      (["de", "fr", "es", "pt", "it", "nl"] as const).map((language) => [
        `dob${language}`,
        (random: Random) => {
          const { numeric, month, day, year } = born(random, language);
          const of = language === "es" || language === "pt" ? " de " : " ";
          return random.of([
            numeric(language === "de" ? "D.M.Y" : "D/M/Y"),
            `${day}${language === "de" ? "." : ""}${of}${month}${of}${year}`,
          ]);
        },
      ]),
    ),
  },
  mrn: {
    mrn: id,
    nhs: (random) => `943 476 ${random.digits(4)}`,
    memberid: (random) =>
      random.of([
        `XYZ${random.digits(9)}`,
        `W${random.digits(8)}`,
        random.digits(10, true),
        `${random.digits(4, true)}-${random.digits(4)}`,
        `1EG4-TE5-MK${random.digits(2)}`,
      ]),
  },
  account: {
    account: (random) =>
      random.of([
        random.digits(8, true),
        random.digits(10),
        random.digits(12, true),
        `${random.digits(4, true)}-${random.digits(6)}`,
        `AC${random.digits(6)}`,
        random.digits(7, true),
      ]),
    policy: (random) =>
      random.of([
        `PN-${random.digits(4)}-${random.digits(2)}`,
        `POL${random.digits(7)}`,
        random.digits(9, true),
        `${random.digits(3, true)}/${random.digits(6)}`,
        `H-${random.digits(7)}`,
      ]),
  },
  cvv: { cvv: (random) => random.digits(3), cvvfour: (random) => random.digits(4) },
  track: {
    trackone: (random) =>
      `%B${random.of(CARDS)}^${random.of(["DOE/JOHN", "SMITH/ZOE M", "O'NEIL/PAT"])}^27121010000000${random.digits(6)}000?`,
    tracktwo: (random) => `;${random.of(CARDS)}=2712101${random.digits(10)}?`,
  },
};

/** Slots that are no hits. */
export const PLAIN: Values = {
  name: (random) => random.of(PEOPLE),
  date,
  time,
  iso: (random) =>
    `2026-0${random.from(1, 9)}-1${random.from(0, 9)}T${time(random)}.${random.digits(3)}${random.of(["Z", "+02:00", "-0500"])}`,
  uuid,
  uuidplain: (random) => uuid(random).replaceAll("-", ""),
  uuidupper: (random) => uuid(random).toUpperCase(),
  hexfull: (random) => hex(random, 64),
  hexlong: (random) => hex(random, 40),
  hexmid: (random) => hex(random, 32),
  hexshort: (random) => hex(random, 16),
  epoch,
  ms: (random) => epoch(random) + random.digits(3),
  us: (random) => epoch(random) + random.digits(6),
  ns: (random) => epoch(random) + random.digits(9),
  fraction: (random) => random.digits(3),
  small: (random) => String(random.from(100, 99_999)),
  order: (random) =>
    random.of([random.digits(6, true), `${random.digits(2, true)}-${random.digits(4)}`, `A${random.digits(5)}`]),
  orderlong: (random) => `1${random.digits(9)}`,
  ordershort: (random) => random.digits(8, true),
  idlong: (random) => `1${random.digits(15)}`,
  idmid: (random) => `10${random.digits(10)}`,
  ref: (random) =>
    `${random.of(["AB", "QX", "ZT"])}${random.digits(2)}${random.of(["CD", "KL", "MN"])}${random.digits(2)}`,
  auth: (random) => random.digits(6),
  otp: (random) => random.digits(6),
  amount: (random) => `${random.of(["$", "€", "£", "USD "])}${random.from(1, 999)}.${random.digits(2)}`,
  bigamount: (random) => `$${random.from(1, 999)},${random.digits(3)},${random.digits(3)}.${random.digits(2)}`,
  amounteu: (random) => `${random.from(1, 99)}.${random.digits(3)},${random.digits(2)} €`,
  decimal: (random) => `${random.from(0, 999)}.${random.digits(2)}`,
  version: (random) => `${random.from(0, 30)}.${random.from(0, 40)}.${random.from(0, 99)}`,
  versionfour: (random) => `${random.from(0, 30)}.${random.from(0, 40)}.${random.from(0, 99)}.${random.from(0, 255)}`,
  digitsfour: (random) => random.digits(4),
  digitsfive: (random) => random.digits(5),
  digitssix: (random) => random.digits(6),
  digitsten: (random) => random.digits(10),
  digitstwelve: (random) => `7${random.digits(11)}`,
};
