import { people, writtenCard, writtenPhone } from "./people.ts";
import { Random } from "./random.ts";
import { writeByDuckdb } from "./writers.ts";

const SEGMENT = `STRUCT(segmentType VARCHAR, segmentStart TIMESTAMPTZ, segmentEnd TIMESTAMPTZ, queueId VARCHAR,
  wrapUpCode VARCHAR, wrapUpNote VARCHAR, wrapUpTags VARCHAR[], subject VARCHAR, conference BOOLEAN)`;
const SESSION = `STRUCT(sessionId VARCHAR, mediaType VARCHAR, direction VARCHAR, ani VARCHAR, dnis VARCHAR,
  remote VARCHAR, callbackNumbers VARCHAR[], bcc VARCHAR[],
  flow STRUCT(flowId VARCHAR, exitReason VARCHAR, transferTargetAddress VARCHAR),
  metrics STRUCT("name" VARCHAR, "value" BIGINT, emitDate TIMESTAMPTZ)[], segments ${SEGMENT}[])`;
const PARTICIPANT = `STRUCT(participantId VARCHAR, participantName VARCHAR, purpose VARCHAR, userId VARCHAR,
  externalContactId VARCHAR, attributes MAP(VARCHAR, VARCHAR), sessions ${SESSION}[])`;

const TYPES = {
  conversationId: "VARCHAR",
  conversationStart: "TIMESTAMPTZ",
  conversationEnd: "TIMESTAMPTZ",
  originatingDirection: "VARCHAR",
  divisionIds: "VARCHAR[]",
  mediaStatsMinConversationMos: "DOUBLE",
  participants: `${PARTICIPANT}[]`,
};

/** Conversations as the analytics API has them: participants, their sessions, their segments. */
export async function conversationsParquet(path: string, count: number): Promise<void> {
  await writeByDuckdb(path, TYPES, conversations(42, count));
}

function conversations(seed: number, count: number): readonly object[] {
  const random = new Random(seed);
  const customers = people(random, 10);
  const start = Date.UTC(2026, 9, 5, 8, 0, 0);
  const iso = (offset: number) => new Date(start + offset).toISOString();
  const some = <T>(value: T, share = 0.8): T | null => (random.chance(share) ? value : null);
  const several = <T>(most: number, make: (index: number) => T): T[] =>
    Array.from({ length: random.int(0, most) }, (_, index) => make(index));

  return Array.from({ length: count }, (_, index) => {
    const customer = random.pick(customers);
    const at = index * 61_007;
    const segment = (n: number) => ({
      segmentType: random.pick(["interact", "hold", "wrapup", "ivr"]),
      segmentStart: iso(at + n * 1000),
      segmentEnd: some(iso(at + n * 1000 + random.int(1, 999))),
      queueId: some(random.uuid()),
      wrapUpCode: some("ININ-WRAP-UP-TIMEOUT", 0.3),
      wrapUpNote: some(
        random.pick([
          `called back on ${writtenPhone(random, customer.phone).replace(/^00/, "+")}`,
          `card ${writtenCard(random, customer.card)} declined, mail ${customer.email}`,
          "nothing to note",
          "",
        ]),
        0.6,
      ),
      wrapUpTags: some(several(2, (tag) => `tag-${tag}`)),
      subject: some(`Re: CASE-${random.int(1, 9999)} and CASE-${random.int(1, 9)}`, 0.4),
      conference: some(random.chance(0.1)),
    });
    const session = () => ({
      sessionId: random.uuid(),
      mediaType: random.pick(["voice", "chat", "email"]),
      direction: random.pick(["inbound", "outbound"]),
      ani: some(writtenPhone(random, customer.phone)),
      dnis: some(random.pick(["tel:+18005550199", "sip:+18005550199", "+1 800 555 0199"])),
      remote: some(random.pick([customer.email, customer.first, customer.phone])),
      callbackNumbers: some(several(2, () => some(writtenPhone(random, customer.phone)))),
      bcc: some(several(1, () => customer.email)),
      flow: some({
        flowId: random.uuid(),
        exitReason: some("TRANSFER"),
        transferTargetAddress: some(`sip:${customer.phone}@example.net`),
      }),
      metrics: several(2, () => ({ name: "tTalk", value: random.int(0, 600_000), emitDate: iso(at) })),
      segments: some(several(2, segment), 0.9),
    });
    const participant = (purpose: string) => ({
      participantId: random.uuid(),
      participantName: purpose === "customer" ? some(`${customer.first} ${customer.last}`) : null,
      purpose,
      userId: purpose === "agent" ? random.uuid() : null,
      externalContactId: some(customer.externalId, 0.5),
      attributes: some(
        purpose === "customer"
          ? {
              customerName: `${customer.first}  ${customer.last}`,
              customer_ssn: "078-05-1120",
              "Last 4 of SSN": "1120",
              note: `my mail is ${customer.email}`,
              'key with "quotes" and \u2028': "",
              plan: "gold",
            }
          : {},
      ),
      sessions: some(several(2, session), 0.95),
    });
    return {
      conversationId: random.uuid(),
      conversationStart: iso(at),
      conversationEnd: some(iso(at + random.int(1_000, 60_000))),
      originatingDirection: "inbound",
      divisionIds: several(2, () => random.uuid()),
      mediaStatsMinConversationMos: some(random.int(100, 500) / 100),
      participants: index === 5 ? null : index === 6 ? [] : ["customer", "acd", "agent"].map(participant),
    };
  });
}
