import { people, writtenCard, writtenPhone } from "./people.ts";
import { Random } from "./random.ts";
import { transcript } from "./transcript.ts";

/** A call detail record with the field names of the seed. */
export interface Cdr {
  readonly conversationId: string;
  readonly direction: string;
  /** Milliseconds since the epoch, UTC. */
  readonly startTime: number;
  readonly durationMs: bigint;
  readonly queueName: string | null;
  readonly agentId: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phoneNumber: string | null;
  readonly emailAddress: string | null;
  readonly externalId: string | null;
  readonly cardNumber: string | null;
  readonly transcript: string | null;
  readonly holdSeconds: number | null;
  /** Hundredths. */
  readonly amount: bigint | null;
  readonly resolved: boolean | null;
}

const QUEUES = ["Billing", "Claims", "Retention", "Support – DE", "Förderung", "サポート"];

/** `count` calls of some customers, in the order of time. Each nullable field is null or empty now and then. */
export function cdrs(seed: number, count: number): readonly Cdr[] {
  const random = new Random(seed);
  const customers = people(random, Math.max(8, Math.ceil(count / 6)));
  const agents = Array.from({ length: 12 }, () => random.uuid());
  const some = <T>(value: T, share: number): T | null => (random.chance(share) ? value : null);
  let time = Date.UTC(2026, 8, 1, 6, 0, 0);
  return Array.from({ length: count }, () => {
    const customer = random.pick(customers);
    time += random.int(200, 90_000);
    return {
      conversationId: random.uuid(),
      direction: random.pick(["inbound", "inbound", "inbound", "outbound"]),
      startTime: time,
      durationMs: BigInt(random.int(1_000, 3_600_000)),
      queueName: some(random.pick(QUEUES), 0.95),
      agentId: some(random.pick(agents), 0.9),
      firstName: some(random.chance(0.02) ? "" : customer.first, 0.93),
      lastName: some(random.chance(0.1) ? ` ${customer.last.toUpperCase()} ` : customer.last, 0.93),
      phoneNumber: some(writtenPhone(random, customer.phone), 0.95),
      emailAddress: some(random.chance(0.1) ? customer.email.toUpperCase() : customer.email, 0.7),
      externalId: some(customer.externalId, 0.85),
      cardNumber: some(writtenCard(random, customer.card), 0.12),
      transcript: some(random.chance(0.02) ? "" : transcript(random, customer), 0.9),
      holdSeconds: some(random.chance(0.2) ? 0 : random.int(0, 900_000) / 1000, 0.9),
      amount: some(BigInt(random.int(-50_000, 9_999_999)), 0.6),
      resolved: some(random.chance(0.8), 0.9),
    };
  });
}
