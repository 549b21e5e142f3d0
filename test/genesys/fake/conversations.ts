/**
 * AnalyticsConversation (purecloud-platform-client-v2 262.0.0) with made-up people in every place where a real one has
 * people. Members without a value are left out, as the API does.
 */
import { type Person, writtenCard, writtenPhone } from "../../support/generate/people.ts";
import type { Random } from "../../support/generate/random.ts";
import { customers, timesIn, valueFor } from "./interactions.ts";
import { type FakeOptions, randomFor } from "./options.ts";

type Json = Record<string, unknown>;

/** What the parts of one conversation agree about. */
interface Talk {
  readonly customer: Person;
  readonly random: Random;
  readonly direction: "inbound" | "outbound";
  readonly mediaType: string;
  /** ISO 8601, so many seconds after the beginning. */
  readonly at: (seconds: number) => string;
  /** The value, or undefined now and then. */
  readonly some: <T>(value: T, share?: number) => T | undefined;
  readonly dataKeys: boolean;
  /** Fields that came with a change of the schema. */
  readonly added: readonly string[];
}

/** Conversations that began in `[from, to)`, by their beginning: the same whenever they are asked for. */
export function conversations(
  from: number,
  to: number,
  added: readonly string[],
  options: FakeOptions,
): readonly Json[] {
  const callers = customers(options);
  return timesIn(from, to, options).map((start, index) => {
    const random = randomFor(options.seed, "conversation", from, to, index);
    return conversation({
      customer: random.pick(callers),
      random,
      direction: random.pick(["inbound", "inbound", "inbound", "outbound"] as const),
      mediaType: random.pick(["voice", "voice", "chat", "email", "callback"]),
      at: (seconds) => new Date(start + seconds * 1000).toISOString(),
      some: (value, share = 0.8) => (random.chance(share) ? value : undefined),
      dataKeys: options.dataKeys,
      added,
    });
  });
}

function conversation(talk: Talk): Json {
  const { random, at, some, customer } = talk;
  return present({
    conversationId: random.uuid(),
    conversationStart: at(0),
    conversationEnd: some(at(600), 0.95),
    originatingDirection: talk.direction,
    divisionIds: [random.uuid()],
    mediaStatsMinConversationMos: some(random.int(100, 500) / 100),
    associatedConversationId: some(random.uuid(), 0.1),
    consultationConversationIds: some([random.uuid()], 0.1),
    externalTag: some(customer.externalId, 0.4),
    evaluations: some([evaluation(talk)], 0.2),
    participants: ["customer", "acd", "agent"].map((purpose) => participant(purpose, talk)),
  });
}

function participant(purpose: string, talk: Talk): Json {
  const { random, some, customer } = talk;
  const isCustomer = purpose === "customer";
  return present({
    participantId: random.uuid(),
    purpose,
    participantName: isCustomer ? some(`${customer.first} ${customer.last}`) : undefined,
    externalContactId: isCustomer ? some(random.uuid()) : undefined,
    externalOrganizationId: isCustomer ? some(random.uuid(), 0.2) : undefined,
    userId: purpose === "agent" ? `user-${random.int(1, 12)}` : undefined,
    teamId: purpose === "agent" ? some(random.uuid()) : undefined,
    attributes: isCustomer ? some(attributes(talk)) : undefined,
    sessions: [session(purpose, talk)],
  });
}

/** Keys are whatever somebody's flow set. */
function attributes({ random, customer, some, dataKeys }: Talk): Json {
  return present({
    customerName: `${customer.first} ${customer.last}`,
    "Last 4 of SSN": some(random.digits(4)),
    customer_ssn: some(`${random.int(100, 665)}-${random.int(10, 99)}-${random.int(1000, 9999)}`),
    "ivr.cardEntered": some(writtenCard(random, customer.card), 0.3),
    "kontakt e-mail": some(customer.email),
    [`callback +${customer.phone}`]: some(dataKeys || undefined, 0.1) && "yes",
    plan: random.pick(["gold", "silver", "basic"]),
    note: some(`prefers calls on ${writtenPhone(random, customer.phone)}`, 0.4),
    空: "",
  });
}

function session(purpose: string, talk: Talk): Json {
  const { random, some, customer, at, mediaType, direction } = talk;
  const phone = () => writtenPhone(random, customer.phone);
  const sip = `sip:+${customer.phone}@example.net`;
  const onVoice = mediaType === "voice" || mediaType === "callback";
  const isEmail = mediaType === "email";
  return present({
    sessionId: random.uuid(),
    mediaType,
    direction,
    provider: "Edge",
    ani: onVoice ? `tel:+${customer.phone}` : undefined,
    dnis: onVoice ? "tel:+18005550199" : undefined,
    sessionDnis: onVoice ? some("tel:+18005550199") : undefined,
    // A name, a phone number or an email address.
    remote: some(random.pick([`${customer.first} ${customer.last}`, phone(), customer.email])),
    remoteNameDisplayable: some(customer.first),
    addressFrom: isEmail ? customer.email : undefined,
    addressTo: isEmail ? "service@example.com" : undefined,
    addressSelf: some(sip, 0.3),
    addressOther: some(sip, 0.3),
    cc: isEmail ? some([customer.email]) : undefined,
    bcc: isEmail ? some([customer.email, "archive@example.org"], 0.3) : undefined,
    destinationAddresses: some([sip], 0.2),
    videoAddressSelf: some(sip, 0.1),
    screenShareAddressSelf: some(sip, 0.1),
    callbackNumbers: mediaType === "callback" ? [phone(), phone()] : undefined,
    callbackUserName: mediaType === "callback" ? `${customer.first} ${customer.last}` : undefined,
    callbackScheduledTime: mediaType === "callback" ? at(3600) : undefined,
    journeyCustomerId: some(customer.externalId, 0.4),
    journeyCustomerIdType: some("crm", 0.4),
    journeyCustomerSessionId: some(random.uuid(), 0.3),
    outboundContactId: direction === "outbound" ? some(customer.externalId) : undefined,
    protocolCallId: onVoice ? some(random.uuid()) : undefined,
    peerId: some(random.uuid()),
    roomId: mediaType === "chat" ? random.uuid() : undefined,
    selectedAgentId: purpose === "acd" ? some(`user-${random.int(1, 12)}`) : undefined,
    assignerId: some(`user-${random.int(1, 12)}`, 0.1),
    // Behind such words a detector takes no figures that begin with 00 for a number: zeros fill up ids, too.
    errorCodeDescription: some(`no answer from ${phone().replace(/^00/, "+")}`, 0.1),
    requestedRoutings: ["Standard"],
    flow: purpose === "acd" ? flow(talk) : undefined,
    metrics: [{ name: "tTalk", value: random.int(0, 600_000), emitDate: at(600) }],
    segments: [segment("interact", talk), segment("wrapup", talk)],
    ...Object.fromEntries(talk.added.map((name) => [name, some(valueFor(name, customer, random))])),
  });
}

function flow({ random, some, customer, at }: Talk): Json {
  return present({
    flowId: random.uuid(),
    flowName: "Welcome",
    flowType: "INBOUNDCALL",
    entryType: "dnis",
    entryReason: `tel:+${customer.phone}`,
    exitReason: some(random.pick(["TRANSFER", `asked for ${customer.last}`])),
    recognitionFailureReason: some("no match", 0.1),
    transferTargetName: some(`${customer.first} ${customer.last}`, 0.3),
    transferTargetAddress: some(`sip:+${customer.phone}@example.net`),
    outcomes: some([
      present({
        flowOutcomeId: random.uuid(),
        flowOutcome: "identified",
        flowOutcomeValue: some(customer.email),
        flowOutcomeStartTimestamp: at(5),
      }),
    ]),
  });
}

function segment(segmentType: string, { random, some, customer, at }: Talk): Json {
  const isWrapUp = segmentType === "wrapup";
  const note = random.pick([
    `called back on ${writtenPhone(random, customer.phone)}`,
    `card ${writtenCard(random, customer.card)} declined, mail ${customer.email}`,
    "nothing to note",
  ]);
  return present({
    segmentType,
    segmentStart: at(isWrapUp ? 540 : 10),
    segmentEnd: some(at(isWrapUp ? 600 : 540)),
    queueId: some(`queue-${random.int(1, 6)}`),
    disconnectType: isWrapUp ? undefined : some("client"),
    subject: some(`Re: contract of ${customer.first} ${customer.last}`, 0.3),
    wrapUpCode: isWrapUp ? "ININ-WRAP-UP-TIMEOUT" : undefined,
    wrapUpNote: isWrapUp ? some(note) : undefined,
    wrapUpTags: isWrapUp ? some(["follow-up", customer.email], 0.3) : undefined,
    properties: some([{ property: "contact", propertyType: "string", value: customer.email }], 0.2),
    conference: false,
  });
}

function evaluation({ random, at }: Talk): Json {
  return {
    evaluationId: random.uuid(),
    evaluationStatus: "FINISHED",
    userId: `user-${random.int(1, 12)}`,
    evaluatorId: `user-${random.int(1, 12)}`,
    assigneeId: `user-${random.int(1, 12)}`,
    eventTime: at(86_400),
    oTotalScore: random.int(40, 100),
  };
}

/** Without the members that have no value. */
function present(object: Json): Json {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
