/**
 * What main thread and workers say to each other. Tasks go through the pool; a part's batches and an input's bytes go
 * over a port of its own, pulled by whoever needs them next, so that nothing runs ahead of its reader.
 */
import type { MessagePort } from "node:worker_threads";
import type { Finding } from "../proof/findings.ts";
import type { Failed } from "../thread-error.ts";
import type { Column, Field, LeafDecision } from "../types.ts";

/** What a worker must know to mask and encode batches of one schema. */
export interface BatchSpec {
  /** The same for the same content: workers compile a spec once. */
  readonly id: string;
  readonly fields: readonly Field[];
  /** One decision per leaf, in the order of `leavesOf(fields)`. */
  readonly decisions: readonly LeafDecision[];
  readonly compression: "none" | "gzip" | "zstd";
  /** 64-bit integers and decimals as quoted strings. */
  readonly quoteInt64: boolean;
}

/** Given to every worker when it starts. */
export interface WorkerSetup {
  readonly environment: string;
  readonly key: Uint8Array;
  /** While keys are changed. */
  readonly previousKey?: Uint8Array;
  /** Share of the rows that are compared one by one, 0 to 1. */
  readonly verify: number;
}

/** Bytes of a file that were read for it: [start, start + bytes.length). */
export interface FilePiece {
  readonly start: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a Parquet footer knows of columns beyond their Arrow types. */
export interface Annotations {
  /** Leaves that hold UUIDs in 16 bytes, and that hold ENUMs, by their number among all leaves. */
  readonly uuids: readonly number[];
  readonly enums: readonly number[];
  /** Top-level columns with timestamps of the deprecated type INT96. */
  readonly int96: readonly string[];
}

/** A dictionary of variable-length values, and how many values refer to it. */
export interface DictionaryPage {
  readonly offset: number;
  readonly values: number;
}

/** A Parquet row group with the footer that describes it. */
export interface ParquetSource {
  readonly format: "parquet";
  /** Bytes of the whole file. */
  readonly size: number;
  /** The row group's bytes, then the footer's. */
  readonly pieces: readonly FilePiece[];
  readonly annotations: Annotations;
  readonly dictionaries: readonly DictionaryPage[];
  /** Bytes that decoding may take. */
  readonly most: number;
  readonly rowGroup: number;
  readonly rows: number;
  readonly batchRows: number;
  /** Top-level columns to decode, where not all. */
  readonly columns?: readonly string[];
}

/** A text file; its bytes are pulled over the port. */
export interface TextSource {
  readonly format: "csv" | "jsonl";
  readonly gzip: boolean;
  readonly rows: number;
  readonly batchBytes: number;
}

export type Source = ParquetSource | TextSource;

export interface DescribeFile {
  readonly size: number;
  readonly pieces: readonly FilePiece[];
  readonly annotations: Annotations;
}

export interface DescribeText {
  readonly format: "csv" | "jsonl";
  readonly gzip: boolean;
  /** JSON lines: fields that are there in any case. */
  readonly declared?: readonly Field[] | undefined;
  readonly port: MessagePort;
}

/** Looks at the first batch of a source. */
export interface SampleTask {
  readonly source: Source;
  /** Those of the source's columns. */
  readonly fields: readonly Field[];
  readonly port: MessagePort;
}

export interface PartTask {
  readonly source: Source;
  readonly spec: BatchSpec;
  /** Batches that were delivered before, by a worker that then died. */
  readonly skip: number;
  readonly port: MessagePort;
}

export interface EncodeTask {
  readonly batch: PackedBatch;
  readonly spec: BatchSpec;
  /** For its bytes. */
  readonly room: ArrayBuffer | undefined;
  /** Another one than before: what a worker told of pairs may be lost. */
  readonly epoch: number;
}

/** A batch to be compared with the lines that were written of it. */
export interface ProveTask extends Pick<EncodeTask, "batch" | "spec" | "epoch"> {
  /** JSON lines, as many as the batch has rows. */
  readonly lines: Uint8Array<ArrayBuffer>;
}

export interface Described {
  readonly fields: readonly Field[];
  readonly rows: number;
}

/** What happened to a leaf's values in a batch. */
export interface LeafCounts {
  /** Values that are not null. */
  values: number;
  nulls: number;
  masked: number;
  /** Values with invalid UTF-8, where U+FFFD was put. */
  invalidUtf8: number;
  /** NaN and infinities, written as null. */
  nonFinite: number;
  /** By detector. */
  hits: Record<string, number>;
}

/** What the comparison of a batch with its output found. */
export interface BatchProof {
  /** Rows compared one by one. */
  readonly sampled: number;
  /** Values looked at in them, by leaf. */
  readonly values: readonly number[];
  /** Row numbers are the batch's. */
  readonly findings: readonly Finding[];
  /** By leaf: pairs of a value and its result that this worker did not tell of before. */
  readonly pairs: readonly LeafPairs[];
}

/** Two hashes and a row, -1 where a row may have several values, one after the other. */
export interface LeafPairs {
  readonly leaf: number;
  readonly pairs: Float64Array<ArrayBuffer>;
}

/** A batch masked and encoded. */
export interface EncodedBatch {
  readonly rows: number;
  /** JSON lines, compressed as the spec says; each has an ArrayBuffer of its own, which may be longer. */
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
  /** Bytes of the JSON lines before compression. */
  readonly jsonBytes: number;
  readonly leaves: readonly LeafCounts[];
  readonly proof: BatchProof;
  /** Milliseconds of this thread. */
  readonly stages: Readonly<Record<"decode" | "mask" | "encode" | "verify", number>>;
}

/** A decoded batch out of the kernels' memory: pointers are relative to `bytes`, plus 16 so that 0 stays "none". */
export interface PackedBatch {
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly decodeMs: number;
  readonly place: Place;
}

/** Where a batch stands in its input: the row group, 0 in text, and the first of its rows. */
export interface Place {
  readonly rowGroup: number;
  readonly row: number;
}

/** Main thread → worker, over a part's port. */
export type PartRequest =
  /** The next batch please; `handOn`: decoded only, another worker masks it. `room` is for its bytes, `epoch` as in EncodeTask. */
  | { readonly type: "next"; readonly handOn: boolean; readonly room: ArrayBuffer | undefined; readonly epoch: number }
  /** Bytes that were asked for; none at the end. */
  | { readonly type: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> | null };

/** Worker → main thread, over a part's port. */
export type PartReply =
  | { readonly type: "started"; readonly thread: number }
  | { readonly type: "encoded"; readonly batch: EncodedBatch }
  | { readonly type: "decoded"; readonly batch: PackedBatch }
  | { readonly type: "end"; readonly rows: number }
  | { readonly type: "want" }
  | ({ readonly type: "failed" } & Failed);
