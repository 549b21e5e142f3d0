/** Process exit codes, as documented in the README. */
export const EXIT = {
  committed: 0,
  failure: 1,
  usage: 2,
  drift: 3,
  verification: 4,
  badInput: 5,
  interrupted: 143,
} as const;

export type Stage =
  | "configure"
  | "plan"
  | "drift"
  | "read"
  | "decode"
  | "mask"
  | "encode"
  | "upload"
  | "verify"
  | "commit"
  | "export"
  | "import"
  | "notify";

/** What of an error concerns a column: names and counts, never a value. */
export interface Finding {
  readonly path: string;
  readonly kind: string;
  readonly what: string;
  /** What to do about it. */
  readonly advice: string;
}

interface Details {
  readonly stage: Stage;
  /** Trying the same again may succeed. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
  readonly findings?: readonly Finding[];
}

/**
 * The one error of this program. Its message starts with what was being done, names object, row group and column,
 * and says what to do next; it never shows a value of a record.
 */
export class MasklineError extends Error {
  readonly code: string;
  readonly exit: number;
  readonly stage: Stage;
  readonly retryable: boolean;
  /** Column by column, for those who are told; the message says it too. */
  readonly findings: readonly Finding[];

  constructor(code: string, exit: number, message: string, details: Details) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "MasklineError";
    this.code = code;
    this.exit = exit;
    this.stage = details.stage;
    this.retryable = details.retryable ?? false;
    this.findings = details.findings ?? [];
  }
}

/** The command line or the configuration is wrong: exit 2. */
export function usageError(message: string, details: Partial<Details> = {}): MasklineError {
  return new MasklineError("ERR_USAGE", EXIT.usage, message, { stage: "configure", ...details });
}

/** An input cannot be read as what it claims to be: exit 5. */
export function badInput(message: string, details: Partial<Details> = {}): MasklineError {
  return new MasklineError("ERR_BAD_INPUT", EXIT.badInput, message, { stage: "read", ...details });
}

/** A store, a worker or the machine failed us; trying again later may succeed: exit 1. */
export function failure(message: string, details: Partial<Details> = {}): MasklineError {
  return new MasklineError("ERR_FAILURE", EXIT.failure, message, { stage: "upload", retryable: true, ...details });
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
