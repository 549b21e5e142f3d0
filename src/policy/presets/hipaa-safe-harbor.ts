import type { Look } from "../sensitive-words.ts";
import { FREE_TEXT, fields, type PresetRule, TEXT } from "./preset.ts";

const RULE = "45 CFR 164.514(b)(2)(i)";

/** The year of a date, and no more; ages and years that show one above 89 are one. */
const year = { mask: "date", options: { to: "year" }, clause: `${RULE}(C)` };

/** Identifiers that are told by their name, by the letter of the rule. */
const LETTERS: readonly (readonly [letter: string, looks: readonly Look[]])[] = [
  ["A", ["name"]],
  ["B", ["address"]],
  ["C", ["birth"]],
  ["D", ["phone"]],
  ["E", ["fax"]],
  ["F", ["email"]],
  ["G", ["national"]],
  ["H", ["record"]],
  ["I", ["plan"]],
  ["J", ["account", "card", "authentication", "expiry"]],
  ["K", ["licence"]],
  ["L", ["vehicle"]],
  ["M", ["device"]],
  ["N", ["url"]],
  ["O", ["ip"]],
  ["P", ["biometric"]],
  ["Q", ["photo"]],
  ["R", ["code", "secret"]],
];

/**
 * The eighteen identifiers of Safe Harbor. A code derived from them is one itself (164.514(c)), so nothing becomes a
 * token: what is found is dropped, or made as coarse as the rule has it.
 */
export const hipaaSafeHarbor: readonly PresetRule[] = [
  ...fields("zip zipCode zip5 postalCode postcode *zipCode *postalCode", { mask: "zip", clause: `${RULE}(B)` }),
  ...fields("age ageYears ageInYears patientAge customerAge callerAge memberAge", {
    mask: "age",
    clause: `${RULE}(C)`,
  }),
  ...fields("dateOfBirth birthDate birthday dob *dateOfBirth *birthDate *dob", year),
  ...LETTERS.flatMap(([letter, looks]) =>
    looks.map((look) => ({ looks: look, mask: "drop", clause: `${RULE}(${letter})` })),
  ),
  ...fields(
    `conversationId associatedConversationId consultationConversationIds participantId sessionId externalContactId
    externalOrganizationId journeyCustomerId journeyCustomerSessionId outboundContactId protocolCallId peerId roomId callId
    interactionId caseId ticketId recordingId transcriptId correlationId`,
    { mask: "drop", clause: `${RULE}(R)` },
  ),
  ...fields("remote remoteNameDisplayable addressFrom addressTo addressSelf addressOther destinationAddresses", {
    mask: "drop",
    clause: `${RULE}(A)`,
  }),
  { kinds: ["date32", "date64", "timestamp"], ...year },
  ...fields(
    "*date *datetime *timestamp conversationStart conversationEnd segmentStart segmentEnd *startTime *endTime *eventTime *scheduledTime",
    year,
  ),
  // Nothing finds every name in a text.
  ...FREE_TEXT.map((field) => ({ field, kinds: TEXT, mask: "drop", clause: `${RULE}(A)-(R)` })),
  { path: "*attributes{*}", mask: "drop", clause: `${RULE}(A)-(R)` },
  { path: "*customFields{*}", mask: "drop", clause: `${RULE}(A)-(R)` },
  { path: "*properties[].value", mask: "drop", clause: `${RULE}(A)-(R)` },
];
