import { type Person, writtenCard, writtenPhone } from "./people.ts";
import type { Random } from "./random.ts";

const OPENING = [
  "Thank you for calling, how can I help you today?",
  "Hello, you are through to the service desk.",
  "Guten Tag, was kann ich für Sie tun?",
  "Bonjour, que puis-je faire pour vous ?",
];
const SMALL_TALK = [
  "The parcel was due on Tuesday and has not come.",
  "My broadband drops every evening, about 3 times an hour.",
  "I was charged 49.90 twice for order 20391.",
  "Please hold on while I look that up. 🙂",
  "It says error 502 on the screen.",
  "That is fine, I can wait.",
  'He said "call back tomorrow" and hung up.',
];
const CLOSING = ["Is there anything else?", "Thank you, goodbye.", "A ticket was opened, reference 48213.", "Bye 👋"];

/** What a transcript hides; one entry per planted sentence. */
const PLANTS: readonly ((random: Random, person: Person) => string)[] = [
  (random, person) => `My card number is ${writtenCard(random, person.card)}, it runs out next year.`,
  (random, person) => `You can reach me on ${writtenPhone(random, person.phone).replace(/^00/, "+")} after six.`,
  (_, person) => `Send it to ${person.email} please.`,
  (random) => `My social security number is ${random.int(100, 665)}-${random.int(10, 99)}-${random.int(1000, 9999)}.`,
];

/** Look like cards or phones, are neither: a detector that takes them is wrong. */
const DECOYS: readonly ((random: Random) => string)[] = [
  (random) => `The conversation id is ${random.uuid()}.`,
  (random) => `It was logged at ${1_700_000_000_000 + random.int(0, 9_999_999) * 1000}.`,
  (random) => `Order ${random.digits(6)} is on its way.`,
];

/** Free text of a call, about 250 characters: small talk with planted identifiers and with decoys; no person's name. */
export function transcript(random: Random, person: Person): string {
  const lines = [random.pick(OPENING)];
  for (const plant of PLANTS) {
    lines.push(random.pick(SMALL_TALK));
    if (random.chance(0.3)) lines.push(plant(random, person));
  }
  if (random.chance(0.3)) lines.push(random.pick(DECOYS)(random));
  lines.push(random.pick(CLOSING));
  return lines.join(random.chance(0.2) ? "\n" : " ");
}
