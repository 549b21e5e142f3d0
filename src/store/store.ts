/**
 * All object I/O of this program behind one small interface: local files (the embedded default) and S3.
 */
import type { ByteRange, ObjectInfo } from "../types.ts";
import { deferredStore } from "./deferred.ts";
import { localStore } from "./local.ts";
import { parseUri } from "./uri.ts";

/**
 * A store serves every URI of its scheme. Every call ends early with the signal's reason once the signal aborts.
 * Errors are MasklineErrors: a missing or forbidden input is `badInput` (exit 5), a wrong target or wrong
 * credentials `usageError` (exit 2), a store that is down past its retries `failure` (exit 1, retryable).
 */
export interface Store {
  /**
   * Objects matching a URI (exact, glob, or everything beneath a prefix/directory ending in "/"), in code-unit order
   * of their URIs; empty when nothing matches. A name that exists literally wins over its reading as a glob.
   */
  list(pattern: string, signal: AbortSignal): Promise<ObjectInfo[]>;

  /** The object of exactly this name, or null. */
  head(uri: string, signal: AbortSignal): Promise<ObjectInfo | null>;

  /**
   * Exactly the bytes `[start, end)` of the version that `object.etag` names, in an ArrayBuffer of its own (to be
   * transferred between threads).
   * @throws MasklineError with code `ERR_CHANGED` (exit 1) when the object is no longer that version
   * @throws RangeError when the range does not lie within the object
   */
  read(object: ObjectInfo, range: ByteRange, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;

  /**
   * A new object, visible under its name only once `finish()` resolves.
   * @throws MasklineError with code `ERR_EXISTS` (exit 2), here or from `finish()`, when `replace` is false and
   * an object of that name is there
   */
  create(uri: string, options: CreateOptions, signal: AbortSignal): Promise<ObjectWriter>;

  /** Conditional creation of a small object: false when one is already there. Of several at once exactly one wins. */
  putIfAbsent(uri: string, body: Uint8Array, signal: AbortSignal): Promise<boolean>;

  /** A small object, replaced atomically. */
  put(uri: string, body: Uint8Array, signal: AbortSignal): Promise<void>;

  /**
   * Adds tags to an object, beside those it has; false when there is none.
   * @throws MasklineError (exit 2) where objects cannot have tags: local files
   */
  tag(uri: string, tags: Tags, signal: AbortSignal): Promise<boolean>;

  /** Removes an object; one that is absent is fine. */
  remove(uri: string, signal: AbortSignal): Promise<void>;

  /**
   * Removes what writers of these objects left behind whose processes were killed, as far as that can be told. On S3
   * nothing: an upload does not say who makes it; a lifecycle rule ends those that nobody finishes.
   */
  removeAbandoned(uris: readonly string[], signal: AbortSignal): Promise<void>;

  /** Ends the store's connections. The last of the stores that share a client shuts it down. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export type Tags = Readonly<Record<string, string>>;

export interface CreateOptions {
  /** Estimate of the object's size in bytes; may be wrong by a factor of four upwards. */
  readonly expectedBytes: number;
  readonly replace: boolean;
  /** Bytes that the store may keep meanwhile. Less than it cannot do without is that. Default: as many as are of use. */
  readonly memory?: number;
  /** User metadata, stored where the store can (S3); keys in lower case, values in ASCII. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface ObjectWriter {
  /**
   * Resolves when another chunk may be sent (backpressure); the chunk may be reused then. Await each write before
   * the next. Rejects as soon as the object can no longer be written.
   */
  write(chunk: Uint8Array): Promise<void>;
  /** Makes the object visible; its size is checked against the bytes written. */
  finish(): Promise<ObjectInfo>;
  /** Leaves nothing behind. Safe to call twice, and after a write or finish that failed; nothing after a finish. */
  abort(): Promise<void>;
}

/** SSE-KMS: the id, alias or ARN of a KMS key. */
export interface Encryption {
  readonly kms: string;
}

/** Settings of the S3 client; local files have none. Stores opened with the same options object share a client. */
export interface StoreOptions {
  /** Endpoint of an S3-compatible store; default `AWS_ENDPOINT_URL_S3`, then AWS. Addressed by path. */
  readonly endpoint?: string | undefined;
  /** Default: the usual AWS variables and files; us-east-1 at an endpoint of one's own. */
  readonly region?: string | undefined;
  /** `when_required` for compatible stores that refuse CRC32 trailers and headers. Default `when_supported`. */
  readonly requestChecksumCalculation?: "when_supported" | "when_required" | undefined;
  /**
   * What answers at the endpoint, where its name does not tell: AWS behind a proxy, or a compatible store. Default: AWS
   * where there is no endpoint, or one with a name of AWS's.
   */
  readonly kind?: "aws" | "compatible" | undefined;
  /** Every object is written with it, and looked at afterwards. Default: the bucket's own settings. */
  readonly encryption?: Encryption | undefined;
  /** Attempts of one request, the first included. Default 8 (about 13 s of backoff at most before the last). */
  readonly maxAttempts?: number | undefined;
  /** Connections to the store at most. Default 32. */
  readonly connections?: number | undefined;
  /** Milliseconds until a connection must stand. Default 5,000. */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds until an answer must begin, and between two pieces of it. Default 120,000. */
  readonly requestTimeout?: number | undefined;
  /** Milliseconds for one attempt at a ranged read, its retried requests included. Default 120,000. */
  readonly readTimeout?: number | undefined;
  /** Smallest part of a multipart upload in bytes, at least 5 MiB. Default 8 MiB. */
  readonly partSize?: number | undefined;
  /** Parts of one upload that are under way at once. Default 3. */
  readonly uploadConcurrency?: number | undefined;
  /** Called once per retried request with the operation's name (`UploadPart`). */
  readonly onRetry?: ((operation: string) => void) | undefined;
}

/** Loads what the store of a URI will need, which else it does at its first call. */
export async function preload(uri: string): Promise<void> {
  // What does not load says so when it is called.
  if (uri.startsWith("s3:")) await import("./s3.ts").catch(() => {});
}

interface Shared {
  readonly store: Promise<Store>;
  users: number;
}
const clients = new WeakMap<StoreOptions, Shared>();

/**
 * The store that serves a URI.
 * @throws MasklineError (exit 2) when the URI is not one of ours
 */
export function openStore(uri: string, options: StoreOptions = {}): Store {
  if (parseUri(uri).scheme === "file") return localStore();
  let mine: Shared | undefined;
  return deferredStore(
    () => {
      mine = clients.get(options) ?? { store: import("./s3.ts").then((s3) => s3.s3Store(options)), users: 0 };
      clients.set(options, mine);
      mine.users++;
      return mine.store;
    },
    async () => {
      if (!mine || --mine.users > 0) return;
      clients.delete(options);
      await (await mine.store).close();
    },
  );
}
