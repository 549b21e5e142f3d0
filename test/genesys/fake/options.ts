import { Random } from "../../support/generate/random.ts";

/** An OAuth client that may log in. */
export interface Client {
  readonly id: string;
  readonly secret: string;
}

/** Where objects are written and read; what is not given comes from the usual AWS variables. */
export interface S3Options {
  readonly endpoint?: string;
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
}

export interface FakeOptions {
  readonly port: number;
  readonly host: string;
  readonly clients: readonly Client[];
  /** Seconds that a token lives. */
  readonly expiresIn: number;
  /** Calls that a token has in a window of so many milliseconds. */
  readonly rateLimit: { readonly allowed: number; readonly window: number };
  /** How long a job stays in each state on its way: so many looks at it, and so many milliseconds. */
  readonly jobs: { readonly polls: number; readonly ms: number };
  /** The same seed gives the same interactions, job ids and cursors. */
  readonly seed: number;
  /** Interactions or conversations in any interval. */
  readonly rows: number;
  /** Whether keys of participants' attributes are data themselves now and then: a customer's phone number. */
  readonly dataKeys: boolean;
  /** Parquet files of an export, and rows of their row groups. */
  readonly files: number;
  /** Whether each file lies in a folder of its own, under the same name as the others. */
  readonly folders: boolean;
  readonly rowGroup: number;
  /** End of what there is to export, ISO 8601: a window looks back from here; the analytics API has nothing later. */
  readonly now: string;
  /** Name of the member that identifies an imported record. */
  readonly idField: string;
  /** Report schedules that run from the beginning; any other name is known once it is paused or resumed. */
  readonly reports: readonly string[];
  readonly s3: S3Options;
}

export const DEFAULTS: FakeOptions = {
  port: 0,
  host: "127.0.0.1",
  clients: [{ id: "fake-client", secret: "fake-client-secret" }],
  expiresIn: 86_400,
  rateLimit: { allowed: 300, window: 60_000 },
  jobs: { polls: 1, ms: 0 },
  seed: 20_261_123,
  rows: 300,
  dataKeys: false,
  files: 3,
  folders: false,
  rowGroup: 40,
  now: "2026-11-23T00:00:00.000Z",
  idField: "conversationId",
  reports: [],
  s3: {},
};

/** Random numbers for one purpose: drawing for another purpose does not change them. */
export function randomFor(seed: number, ...purpose: readonly (string | number)[]): Random {
  // FNV-1a.
  let hash = seed >>> 0;
  for (const byte of Buffer.from(purpose.join("\0"))) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return new Random(hash);
}
