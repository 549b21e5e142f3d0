/** The interactions that are exported: their columns, each with its vendor type, its Parquet type and its values. */
import { type Person, people, writtenCard, writtenPhone } from "../../support/generate/people.ts";
import type { Random } from "../../support/generate/random.ts";
import { transcript } from "../../support/generate/transcript.ts";
import type { HyparquetColumn } from "../../support/generate/writers.ts";
import { type FakeOptions, randomFor } from "./options.ts";

/** What the columns of one interaction agree about. */
interface Interaction {
  readonly customer: Person;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly durationMs: number;
}

export interface Column {
  readonly name: string;
  /** Its name before it was renamed: its values stay what they were. */
  readonly origin?: string;
  /** The vendor's name of its type. */
  readonly type: string;
  readonly element: Omit<HyparquetColumn, "values">;
  readonly value: (of: Interaction, random: Random) => unknown;
}

const TEXT = { type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
const TIME = { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" } } as const;
const QUEUES = ["Billing", "Claims", "Retention", "Support – DE", "Förderung", "サポート"];

function text(name: string, value: Column["value"], share = 1): Column {
  return {
    name,
    type: "string",
    element: TEXT,
    value: (of, random) => (random.chance(share) ? value(of, random) : null),
  };
}

const COLUMNS: readonly Column[] = [
  text("conversationId", (_, random) => random.uuid()),
  text("direction", (_, random) => random.pick(["INBOUND", "INBOUND", "INBOUND", "OUTBOUND"])),
  { name: "startTime", type: "timestamp", element: TIME, value: ({ start }) => BigInt(start) },
  { name: "endTime", type: "timestamp", element: TIME, value: ({ start, durationMs }) => BigInt(start + durationMs) },
  { name: "durationMs", type: "long", element: { type: "INT64" }, value: ({ durationMs }) => BigInt(durationMs) },
  text("queueName", (_, random) => random.pick(QUEUES), 0.95),
  text("agentId", (_, random) => `agent-${random.int(1, 12)}`, 0.9),
  text("firstName", ({ customer }) => customer.first, 0.93),
  text("lastName", ({ customer }) => customer.last, 0.93),
  text("phoneNumber", ({ customer }, random) => writtenPhone(random, customer.phone), 0.95),
  text("emailAddress", ({ customer }) => customer.email, 0.7),
  text("externalId", ({ customer }) => customer.externalId, 0.85),
  text("cardNumber", ({ customer }, random) => writtenCard(random, customer.card), 0.15),
  {
    name: "holdSeconds",
    type: "double",
    element: { type: "DOUBLE" },
    value: (_, random) => random.int(0, 900_000) / 1000,
  },
  {
    name: "resolved",
    type: "boolean",
    element: { type: "BOOLEAN" },
    value: (_, random) => (random.chance(0.9) ? random.chance(0.8) : null),
  },
  text("transcript", ({ customer }, random) => transcript(random, customer), 0.9),
  {
    name: "recordingContent",
    type: "binary",
    element: { type: "BYTE_ARRAY" },
    // No sound, but bytes that say what a sound would.
    value: ({ customer }, random) =>
      Buffer.concat([Buffer.from("RIFF\xff\x00\x00\x00WAVE", "latin1"), Buffer.from(transcript(random, customer))]),
  },
];

/** What is exported, as it is now: fields come and get other names. */
export class Schema {
  /** Names of the fields that came, in their order. */
  readonly added: string[] = [];
  #columns = COLUMNS;
  #version = 1;

  get columns(): readonly Column[] {
    return this.#columns;
  }

  get version(): string {
    return String(this.#version);
  }

  /** A text field more; its values are what its name says, or a plan's name. */
  addField(name: string): void {
    this.added.push(name);
    this.#columns = [...this.#columns, text(name, (of, random) => valueFor(name, of.customer, random), 0.8)];
    this.#version++;
  }

  renameField(from: string, to: string): void {
    this.#columns = this.#columns.map((column) =>
      column.name === from ? { ...column, name: to, origin: column.origin ?? from } : column,
    );
    this.#version++;
  }
}

/** A value for a field that is known by its name only. */
export function valueFor(name: string, customer: Person, random: Random): string {
  if (/phone/i.test(name)) return writtenPhone(random, customer.phone);
  if (/mail/i.test(name)) return customer.email;
  if (/card/i.test(name)) return writtenCard(random, customer.card);
  if (/name/i.test(name)) return `${customer.first} ${customer.last}`;
  return random.pick(["gold", "silver", "basic"]);
}

/** The customers who call, the same in every interval: they come back. */
export function customers({ seed, rows }: FakeOptions): readonly Person[] {
  return people(randomFor(seed, "customers"), Math.min(5_000, Math.max(8, Math.ceil(rows / 6))));
}

/** Times of `rows` calls in `[from, to)`, in their order. */
export function timesIn(from: number, to: number, { seed, rows }: FakeOptions): readonly number[] {
  const random = randomFor(seed, "times", from, to);
  return Array.from({ length: rows }, () => from + Math.floor(random.next() * (to - from))).toSorted((a, b) => a - b);
}

/** Values by column of all interactions of an interval: the same whenever and with whatever other columns it is asked for. */
export function interactions(
  columns: readonly Column[],
  from: number,
  to: number,
  options: FakeOptions,
): Map<string, unknown[]> {
  const callers = customers(options);
  const random = randomFor(options.seed, "callers", from, to);
  const made = timesIn(from, to, options).map((start) => ({
    customer: random.pick(callers),
    start,
    durationMs: random.int(1_000, 3_600_000),
  }));
  return new Map(
    columns.map(({ name, origin = name, value }) => {
      const own = randomFor(options.seed, origin, from, to);
      return [name, made.map((of) => value(of, own))];
    }),
  );
}
