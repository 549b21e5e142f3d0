import { below, CARD, CUSTOMER, oneOf, PHONE, padded, rowsOfSql, SSN, uuid } from "./sql.ts";

/** 21 columns; the seven to be masked: firstName, lastName, externalId, emailAddress, phoneNumber, cardNumber, notes. */
export function cdrQuery(rows: number, extra: Readonly<Record<string, string>> = {}): string {
  const columns: Readonly<Record<string, string>> = {
    conversationId: uuid(10),
    direction: oneOf(11, "inbound", "inbound", "inbound", "outbound"),
    mediaType: oneOf(12, "voice", "chat", "email", "callback"),
    startTime: `TIMESTAMPTZ '2026-09-01 00:00:00+00' + to_milliseconds(i * 97 + ${below(97, 13)})`,
    durationMs: `1000 + ${below(3_600_000, 14)}`,
    queueName: oneOf(15, "Billing", "Claims", "Retention", "Förderung", "Support – DE", "サポート"),
    queueId: uuid(16, below(40, 16)),
    agentId: uuid(17, below(900, 17)),
    firstName: `CASE WHEN ${below(20, 18)} = 0 THEN NULL ELSE ${oneOf(19, "Zoë", "Mary", "Jürgen", "Priya", "Łucja", "James")} || ' ' || chr((65 + ${below(26, 20, CUSTOMER)})::INTEGER) END`,
    lastName: `${oneOf(21, "Smith", "García", "Müller", "Okafor", "Nakamura", "Žukauskas")} ${`|| ${below(9_000, 22, CUSTOMER)}`}`,
    externalId: `'CRM-' || ${padded(CUSTOMER, 9)}`,
    emailAddress: `'customer' || ${CUSTOMER} || '@' || ${oneOf(23, "example.com", "example.org", "mail.example.net")}`,
    phoneNumber: `CASE WHEN ${below(10, 24)} = 0 THEN NULL ELSE ${PHONE} END`,
    cardNumber: `CASE WHEN ${below(8, 25)} = 0 THEN '4111' || sep || ${CARD} END`,
    notes: `'Order ' || ${below(99_999, 26)} || ' was late' || CASE WHEN ${below(4, 27)} = 0 THEN ', ssn ' || ${SSN} ELSE ', nothing else' END || '. ' || ${oneOf(28, "Called back.", "Ticket closed ✓", "Wants a refund.")}`,
    wrapUpCode: oneOf(29, "RESOLVED", "TRANSFER", "CALLBACK", "ININ-WRAP-UP-TIMEOUT"),
    holdSeconds: `${below(900_000, 30)} / 1000`,
    sentiment: `(${below(2_000_001, 31)} - 1000000) / 1000000`,
    amount: `CASE WHEN ${below(3, 32)} = 0 THEN NULL ELSE (${below(10_000_000, 33)} / 100)::DECIMAL(12,2) END`,
    transfers: `${below(4, 34)}::INTEGER`,
    resolved: `${below(5, 35)} > 0`,
    ...extra,
  };
  const list = Object.entries(columns).map(([name, sql]) => `${sql} AS "${name}"`);
  return `SELECT ${list.join(",\n ")} FROM ${rowsOfSql(rows)} ORDER BY i`;
}
