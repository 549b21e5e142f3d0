import { below, CUSTOMER, PHONE, padded, pick, rowsOfSql, SSN, uuid } from "./sql.ts";

type Fields = Readonly<Record<string, string>>;

/** Numbers of a participant, session, segment among all: hashes of them differ. */
const P = "(i * 8 + p)";
const S = `(${P} * 8 + s)`;
const G = `(${S} * 8 + g)`;

const NAMES = ["Zoë Smith", "Mary García", "Jürgen Müller", "Priya Okafor", "Łucja Nakamura", "James Žukauskas"];
const START = `TIMESTAMPTZ '2026-09-01 00:00:00+00' + to_milliseconds(i * 97)`;
const isCustomer = "p = 0";

/** Genesys Cloud's conversations as its analytics give them; below, the eight leaves to be masked have a comment. */
const segment: Fields = {
  segmentStart: `${START} + to_seconds(g * 40)`,
  segmentEnd: `${START} + to_seconds(g * 40 + ${below(40, 60, G)})`,
  segmentType: pick(["interact", "ivr", "hold", "wrapup"], 61, G),
  queueId: uuid(62, below(40, 62, G)),
  disconnectType: pick(["peer", "client", "transfer"], 63, G),
  conference: `${below(20, 64, G)} = 0`,
  wrapUpCode: pick(["RESOLVED", "TRANSFER", "CALLBACK", "ININ-WRAP-UP-TIMEOUT"], 65, G),
  // masked
  wrapUpNote: `CASE ${below(4, 66, G)} WHEN 0 THEN 'Caller gave ssn ' || ${SSN} || ', verified' WHEN 1 THEN 'Wants a refund of order ' || ${below(99_999, 67, G)} END`,
};

const metric: Fields = {
  name: pick(["tTalk", "tHeld", "tAcw", "nConnected"], 70, `(${S} * 8 + m)`),
  value: below(3_600_000, 71, `(${S} * 8 + m)`),
  emitDate: `${START} + to_seconds(m)`,
};

const session: Fields = {
  sessionId: uuid(80, S),
  mediaType: pick(["voice", "callback", "chat"], 81, S),
  direction: pick(["inbound", "outbound"], 82, S),
  provider: "'Edge'",
  // masked
  ani: `'tel:' || ${PHONE}`,
  // masked
  dnis: `'tel:+1800555' || ${padded(below(50, 83, S), 4)}`,
  // masked
  remoteNameDisplayable: `CASE WHEN ${below(3, 84, S)} > 0 THEN ${pick(NAMES, 85, S)} || ' ' || ${CUSTOMER} END`,
  // masked
  callbackNumbers: `list_transform(range(${below(3, 86, S)}), lambda n: ${PHONE})`,
  // masked
  callbackUserName: `CASE WHEN ${below(4, 87, S)} = 0 THEN ${pick(NAMES, 88, S)} || ' ' || ${CUSTOMER} END`,
  protocolCallId: uuid(89, S),
  segments: `list_transform(range(1 + ${below(3, 90, S)}), lambda g: ${struct(segment)})`,
  metrics: `list_transform(range(1 + ${below(3, 91, S)}), lambda m: ${struct(metric)})`,
};

const participant: Fields = {
  participantId: uuid(100, P),
  // masked
  participantName: `CASE WHEN ${isCustomer} THEN ${pick(NAMES, 101, P)} || ' ' || ${CUSTOMER} ELSE ${pick(NAMES, 102, P)} || ' ' || ${below(900, 104, P)} END`,
  purpose: `CASE WHEN ${isCustomer} THEN 'customer' ELSE ${pick(["acd", "agent", "ivr"], 103, P)} END`,
  userId: `CASE WHEN NOT ${isCustomer} THEN ${uuid(104, below(900, 104, P))} END`,
  // masked
  externalContactId: `CASE WHEN ${isCustomer} THEN ${uuid(105, CUSTOMER)} END`,
  sessions: `list_transform(range(1 + ${below(2, 106, P)}), lambda s: ${struct(session)})`,
};

const conversation: Fields = {
  conversationId: uuid(110),
  conversationStart: START,
  conversationEnd: `${START} + to_milliseconds(1000 + ${below(3_600_000, 111)})`,
  originatingDirection: pick(["inbound", "inbound", "outbound"], 112),
  divisionIds: `[${uuid(113, below(5, 113))}]`,
  mediaStatsMinConversationMos: `(300 + ${below(190, 114)}) / 100`,
  participants: `list_transform(range(2 + ${below(2, 115)}), lambda p: ${struct(participant)})`,
};

/** The names of a struct's fields in their order, for who has to build it anew. */
export const STRUCTS: Readonly<Record<string, readonly string[]>> = {
  participants: Object.keys(participant),
  sessions: Object.keys(session),
  segments: Object.keys(segment),
};

export function nestedQuery(rows: number): string {
  const list = Object.entries(conversation).map(([name, sql]) => `${sql} AS "${name}"`);
  return `SELECT ${list.join(",\n ")} FROM ${rowsOfSql(rows)} ORDER BY i`;
}

function struct(fields: Fields): string {
  return `{${Object.entries(fields)
    .map(([name, sql]) => `${name}: ${sql}`)
    .join(", ")}}`;
}
