/**
 * Writing an S3 object: one multipart upload (one PutObject when it fits a part), fed with backpressure.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { failure, messageOf } from "../errors.ts";
import type { ObjectInfo } from "../types.ts";
import { onAbort } from "./deadline.ts";
import { aborted, exists } from "./errors.ts";
import { PartMemory } from "./part-memory.ts";
import type { S3 } from "./s3-client.ts";
import { encryptionHeaders, requireEncrypted } from "./s3-encryption.ts";
import { isNotFound, isUncertain, s3Error, statusOf } from "./s3-errors.ts";
import type { CreateOptions, ObjectWriter } from "./store.ts";
import { UploadBody } from "./upload-body.ts";
import { BLOCK, partSizeFor, partsThatFit } from "./writing-memory.ts";

/** Milliseconds for cleaning up, whatever became of the run's own signal. */
const CLEANING = 30_000;
/** Metadata by which a writer knows its own object again when the answer to its last request was lost. */
export const NONCE = "maskline-write";

export interface UploadTarget {
  readonly uri: string;
  readonly name: { readonly Bucket: string; readonly Key: string };
  readonly options: CreateOptions;
}

export class S3Writer implements ObjectWriter {
  readonly #s3: S3;
  readonly #target: UploadTarget;
  readonly #doing: string;
  readonly #nonce = randomUUID();
  readonly #body = new UploadBody(2);
  /** One per upload: lib-storage's own abort leaves requests under way. */
  readonly #stop = new AbortController();
  readonly #settled: Promise<void>;
  readonly #stopListening: () => void;
  readonly #memory: PartMemory;
  #block: Uint8Array | undefined;
  #filled = 0;
  #written = 0;
  #state: "open" | "ended" | "finished" | "failed" = "open";
  #failure: Error | undefined;
  #uploadId: string | undefined;
  /** The request that makes the object visible was sent. */
  #committing = false;

  constructor(s3: S3, target: UploadTarget, signal: AbortSignal) {
    this.#s3 = s3;
    this.#target = target;
    this.#doing = `writing ${target.uri}`;
    const { name, options } = target;
    const partSize = partSizeFor(options.expectedBytes, s3.partSize);
    const fitting = options.memory === undefined ? s3.uploadConcurrency : partsThatFit(options.memory, partSize);
    this.#memory = new PartMemory(BLOCK, partSize);
    const upload = new Upload({
      client: this.#tracked(s3.client),
      params: {
        ...name,
        Body: this.#body,
        Metadata: { ...options.metadata, [NONCE]: this.#nonce },
        ...encryptionHeaders(s3.encryption),
        ...(options.replace ? {} : { IfNoneMatch: "*" }),
      },
      partSize,
      queueSize: Math.min(s3.uploadConcurrency, fitting),
      // Its own clean-up is not awaited when it matters: `abort` does it.
      leavePartsOnError: true,
    });
    this.#settled = upload.done().then(
      () => {},
      (error: unknown) => {
        this.#fail(error);
      },
    );
    this.#stopListening = onAbort(signal, () => this.#fail(signal.reason, true));
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#check();
    for (let done = 0; done < chunk.length; ) {
      this.#block ??= this.#memory.block();
      const step = Math.min(BLOCK - this.#filled, chunk.length - done);
      this.#block.set(chunk.subarray(done, done + step), this.#filled);
      this.#filled += step;
      this.#written += step;
      done += step;
      if (this.#filled === BLOCK) await this.#flush();
    }
  }

  async finish(): Promise<ObjectInfo> {
    this.#check();
    await this.#flush();
    this.#check();
    this.#state = "ended";
    this.#body.end();
    await this.#settled;
    const head = await this.#landed();
    if (!head) throw this.#failure ?? failure(`${this.#doing}: the store shows no object; run again`);
    this.#stopListening();
    if (head.ContentLength !== this.#written || !head.ETag) {
      const sizes = `${this.#written} bytes were sent, the store shows ${head.ContentLength}`;
      throw this.#fail(failure(`${this.#doing}: ${sizes}; run again`));
    }
    try {
      requireEncrypted(this.#doing, head, this.#s3.encryption);
    } catch (error) {
      throw this.#fail(error);
    }
    this.#state = "finished";
    this.#memory.end();
    return { uri: this.#target.uri, size: this.#written, etag: head.ETag };
  }

  async abort(): Promise<void> {
    if (this.#state === "finished") return;
    this.#fail(aborted(this.#doing));
    this.#stopListening();
    await this.#settled;
    const signal = AbortSignal.timeout(CLEANING);
    try {
      if (this.#uploadId) await this.#abortUpload(this.#uploadId, signal);
      if (this.#committing && (await this.#own(signal))) {
        await this.#s3.client.send(new DeleteObjectCommand(this.#target.name), { abortSignal: signal });
      }
    } catch (error) {
      const left = this.#uploadId ? `multipart upload ${this.#uploadId}` : "an object";
      throw failure(
        `aborting the write of ${this.#target.uri}: ${left} may be left (${messageOf(error)}); abort it, or let a ` +
          "lifecycle rule of the bucket do so",
        { cause: error },
      );
    }
  }

  #check(): void {
    if (this.#failure) throw this.#failure;
    if (this.#state !== "open") throw new Error(`${this.#doing}: it is ended already`);
  }

  async #flush(): Promise<void> {
    const block = this.#block?.subarray(0, this.#filled);
    this.#block = undefined;
    this.#filled = 0;
    if (block) await this.#body.offer(block);
  }

  /**
   * Notes the first error, and wakes everybody with it: writers that wait for room, requests under way, and the
   * upload's readers of the body, who otherwise wait for a source that is stalled (lib-storage's `done()` with them).
   */
  #fail(error: unknown, asItIs = false): Error {
    if (this.#failure) return this.#failure;
    const explained = asItIs && error instanceof Error ? error : s3Error(error, { what: this.#doing, side: "output" });
    this.#failure = explained;
    this.#state = "failed";
    this.#body.destroy(explained);
    this.#stop.abort(explained);
    return explained;
  }

  /** The client as the upload sees it: requests can be stopped, and the first that fails ends the whole. */
  #tracked(client: S3Client): S3Client {
    const send = async (command: unknown): Promise<unknown> => {
      try {
        if (this.#failure) throw this.#failure;
        if (command instanceof PutObjectCommand || command instanceof CompleteMultipartUploadCommand) {
          await this.#beforeCommit(command instanceof CompleteMultipartUploadCommand);
        }
        if (command instanceof UploadPartCommand) this.#memory.sending(command.input);
        const output = await client.send(command as PutObjectCommand, { abortSignal: this.#stop.signal });
        const { input } = command as PutObjectCommand;
        if (output.$metadata.attempts !== 1) this.#memory.doubt(input);
        if (command instanceof UploadPartCommand) this.#memory.stored(command.input);
        if (command instanceof CreateMultipartUploadCommand) {
          this.#uploadId = (output as { UploadId?: string }).UploadId;
        }
        return output;
      } catch (error) {
        throw this.#fail(error);
      }
    };
    return Object.create(client, { send: { value: send } }) as S3Client;
  }

  async #beforeCommit(multipart: boolean): Promise<void> {
    // A body that broke off must never become an object.
    if (this.#state !== "ended") throw failure(`${this.#doing}: the upload ended before its body; run again`);
    // Some compatible stores ignore If-None-Match here (Ceph does).
    if (multipart && !this.#target.options.replace && (await this.#head(this.#stop.signal))) throw exists(this.#doing);
    this.#committing = true;
  }

  /**
   * The object as the store shows it if it is the one that was written here. Also after an error: when the answer to
   * the last request was lost, its retry meets the object that it made itself (412) or no upload any more (404).
   */
  async #landed(): Promise<HeadObjectCommandOutput | null> {
    const cause = this.#failure?.cause;
    const status = statusOf(cause);
    const unsure = status === 412 || status === 404 || isUncertain(cause);
    if (this.#failure && !(this.#committing && cause !== undefined && unsure)) return null;
    try {
      const head = await this.#own(this.#failure ? AbortSignal.timeout(CLEANING) : this.#stop.signal);
      if (!head && !this.#failure) throw failure(`${this.#doing}: somebody else has written it meanwhile; run again`);
      return head;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  async #head(signal: AbortSignal): Promise<HeadObjectCommandOutput | null> {
    try {
      return await this.#s3.client.send(new HeadObjectCommand(this.#target.name), { abortSignal: signal });
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  async #own(signal: AbortSignal): Promise<HeadObjectCommandOutput | null> {
    const head = await this.#head(signal);
    return head?.Metadata?.[NONCE] === this.#nonce ? head : null;
  }

  /** A part that was under way while the upload was aborted may be stored after all: look, and abort again. */
  async #abortUpload(UploadId: string, abortSignal: AbortSignal): Promise<void> {
    const upload = { ...this.#target.name, UploadId };
    for (let attempt = 1; attempt <= 3; attempt++) {
      await this.#s3.client.send(new AbortMultipartUploadCommand(upload), { abortSignal }).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
      if (!(await this.#hasParts(upload, abortSignal))) return;
      await sleep(200 * attempt, undefined, { signal: abortSignal });
    }
    throw new Error("the store still lists its parts");
  }

  async #hasParts(upload: { Bucket: string; Key: string; UploadId: string }, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#s3.client.send(new ListPartsCommand({ ...upload, MaxParts: 1 }), { abortSignal: signal });
      return true;
    } catch (error) {
      // Not allowed to look: the abort was accepted, that has to do.
      if (isNotFound(error) || statusOf(error) === 403) return false;
      throw error;
    }
  }
}
