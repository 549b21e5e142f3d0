/** The nouns that the Genesys modules share. This file imports nothing. */

/** A call of the API. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the base URL, with leading slash; may hold a query. */
  readonly path: string;
  /** Name of the endpoint in metrics and errors, without ids: a closed set. */
  readonly endpoint: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether sending it twice does no harm; only then is it tried again. Default: all but POST and PATCH. */
  readonly idempotent?: boolean;
}

/** The API of one organization: authorised, rate limited, retried, within one deadline a call. */
export interface Api {
  /**
   * The parsed JSON of a 2xx reply, undefined where it has no body.
   * @throws ApiError; also when the reply to a call that is not idempotent was lost (`ApiError.lost`)
   */
  call(request: ApiRequest, signal: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

/** An API that gives replies as they came, too. */
export interface RawApi extends Api {
  /** As `call`, but the reply's bytes, none where it has no body: numbers keep all their digits. */
  callBytes(request: ApiRequest, signal: AbortSignal): Promise<Uint8Array>;
}

/** Told of calls; nothing of what is in them. */
export interface ApiObserver {
  /** @param status HTTP status, or `error` where no reply came */
  apiCalled(endpoint: string, status: string): void;
  apiRetried(endpoint: string): void;
  /** Waited for the rate limit. */
  apiWaited(seconds: number): void;
  /** @param id the vendor's */
  jobState(job: "export" | "import" | "conversations", state: string, id: string): void;
}

/** A file of an export. */
export interface ExportedFile {
  /** Complete URI. */
  readonly uri: string;
  readonly size: number;
  /** Lower case hex. */
  readonly sha256: string;
  readonly rows: number;
}

/** What a job exported. */
export interface Exported {
  readonly jobId: string;
  /** None where nothing fell into the window. */
  readonly files: readonly ExportedFile[];
  readonly schemaVersion?: string | undefined;
}

/** A field of the vendor's schema: a leaf's path as rules have it, and the vendor's name of its type. */
export interface VendorField {
  readonly path: string;
  readonly type: string;
}

/** How an import ended. */
export interface ImportResult {
  readonly jobId: string;
  /** The run that was imported. */
  readonly runId: string;
  readonly state: "COMPLETED" | "COMPLETED_WITH_PARTIAL_RESULTS";
  readonly total: number;
  readonly imported: number;
  readonly skippedDuplicates: number;
  readonly failed: number;
  /** What was refused, the first hundred of `failed`: a record is named by the keyed hash of its id only. */
  readonly errors: readonly { readonly record: string; readonly code: string; readonly retryable: boolean }[];
}

/** A job as it was asked for. */
export interface AskedJob {
  /** ISO 8601; stored before the POST. */
  readonly askedAt: string;
  /** From 1, which is meant where it is absent: another attempt is another job, with an idempotency key of its own. */
  readonly attempt?: number;
  /** Once the reply came. Without it nobody knows whether the job is there: it is asked for under the same key again. */
  readonly id?: string;
  /** How it ended, where that was of no use: its state, or `gone`. What is asked for next is another attempt. */
  readonly ended?: string;
}

/** A report job that stands still. */
export interface PausedReport {
  readonly name: string;
  /** POSTed to resume it, should it be in the configuration no more. */
  readonly resume: string;
}

/**
 * What was done so far of one window from one organization to another; written before and after each step that cannot
 * be undone. Started again, a run goes on with the journal that is not finished.
 */
export interface Journal {
  /** Where it lies. */
  readonly uri: string;
  readonly state: JournalState;
  /** Merges into the state and stores it durably before it resolves; one after the other. */
  update(change: Partial<JournalState>, signal: AbortSignal): Promise<void>;
}

export interface JournalState {
  /** Made at random for each window; idempotency keys are made of it. */
  readonly id: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Digests of the settings that it was begun with, by their names. */
  readonly settings: Readonly<Record<string, string>>;
  /** The interval that is exported, `from/to`; fixed once a job was asked for. */
  readonly interval?: string;
  readonly export?: AskedJob;
  /** analytics: pages that are staged so far. */
  readonly pages?: { readonly cursor?: string; readonly files: readonly ExportedFile[]; readonly done: boolean };
  /** seed: what the job exported, once it is fulfilled. */
  readonly exported?: Exported;
  readonly import?: AskedJob & {
    readonly runId: string;
    /** How it ended, where that was not accepted. */
    readonly refused?: ImportResult;
  };
  /**
   * What was committed, once its manifest is written: the complete output prefix, the run beneath it, and a digest of how it
   * was made (policy, keys, version).
   */
  readonly committed?: { readonly runId: string; readonly output: string; readonly made: string };
  /** Report jobs that are to be resumed, whatever happens. */
  readonly paused?: readonly PausedReport[];
  /** Result of the import, once it is final and accepted. */
  readonly imported?: ImportResult;
  /** Staged files of what a fresh start put aside, until they are gone too. */
  readonly left?: readonly ExportedFile[];
  /** The window before that was imported last: its run, and a digest of how it was made. */
  readonly masks?: { readonly runId: string; readonly made: string };
  /** All is done: staged objects are gone, hooks are told. */
  readonly finished?: boolean;
}
