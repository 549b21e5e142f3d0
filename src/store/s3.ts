/**
 * Objects of S3 and of stores compatible with it.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  PutObjectTaggingCommand,
  paginateListObjectsV2,
  type Tag,
} from "@aws-sdk/client-s3";
import type { ByteRange, ObjectInfo } from "../types.ts";
import { checkRange, exists } from "./errors.ts";
import { isGlob, Selection, staticPrefix } from "./glob.ts";
import { connectS3, type S3 } from "./s3-client.ts";
import { checkEncryption, encryptionHeaders } from "./s3-encryption.ts";
import {
  type Doing,
  isNoBucket,
  isNotFound,
  isPreconditionFailed,
  nameOf as nameOfError,
  s3Error,
  statusOf,
} from "./s3-errors.ts";
import { readRange } from "./s3-read.ts";
import { NONCE, S3Writer } from "./s3-upload.ts";
import type { CreateOptions, ObjectWriter, Store, StoreOptions, Tags } from "./store.ts";
import { byUri, formatUri, parseUri } from "./uri.ts";

export async function s3Store(options: StoreOptions): Promise<Store> {
  return new S3Store(await connectS3(options));
}

interface Name {
  readonly Bucket: string;
  readonly Key: string;
}

function nameOf(uri: string): Name {
  const location = parseUri(uri);
  if (location.scheme !== "s3") throw new TypeError(`${uri} is no S3 object`);
  return { Bucket: location.bucket, Key: location.key };
}

class S3Store implements Store {
  readonly #s3: S3;

  constructor(s3: S3) {
    this.#s3 = s3;
  }

  list(pattern: string, signal: AbortSignal): Promise<ObjectInfo[]> {
    return explained({ what: `listing ${pattern}`, side: "input", stage: "plan" }, signal, async () => {
      const { Bucket, Key } = nameOf(pattern);
      if (Key !== "" && !Key.endsWith("/") && !isGlob(Key)) {
        const object = await this.#head({ Bucket, Key }, signal);
        // A HEAD does not tell a missing bucket from a missing object.
        if (!object) await this.#requireBucket(Bucket, signal);
        return object ? [infoOf(pattern, object)] : [];
      }
      return this.#listPages(Bucket, Key, signal);
    });
  }

  async #listPages(bucket: string, pattern: string, signal: AbortSignal): Promise<ObjectInfo[]> {
    const found = new Selection<ObjectInfo>(pattern);
    // Keys may hold characters that XML cannot: have them encoded.
    const input = { Bucket: bucket, Prefix: staticPrefix(pattern), EncodingType: "url" as const };
    for await (const page of paginateListObjectsV2({ client: this.#s3.client }, input, { abortSignal: signal })) {
      for (const { Key = "", Size = 0, ETag = "" } of page.Contents ?? []) {
        const key = decodeURIComponent(Key.replaceAll("+", "%20"));
        // What some tools put in the place of a directory.
        if (key.endsWith("/")) continue;
        found.add(key, { uri: formatUri({ scheme: "s3", bucket, key }), size: Size, etag: ETag });
      }
    }
    return [...found.items].sort(byUri);
  }

  async #requireBucket(Bucket: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#s3.client.send(new HeadBucketCommand({ Bucket }), { abortSignal: signal });
    } catch (error) {
      if (isNotFound(error))
        throw Object.assign(new Error("no such bucket", { cause: error }), { name: "NoSuchBucket" });
      // Not allowed to look at the bucket: the object was looked at, that has to do.
      if (statusOf(error) !== 403) throw error;
    }
  }

  head(uri: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    return explained({ what: `looking at ${uri}`, side: "input", stage: "plan" }, signal, async () => {
      const object = await this.#head(nameOf(uri), signal);
      return object && infoOf(uri, object);
    });
  }

  async #head(name: Name, signal: AbortSignal): Promise<HeadObjectCommandOutput | null> {
    try {
      return await this.#s3.client.send(new HeadObjectCommand(name), { abortSignal: signal });
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  async read(object: ObjectInfo, range: ByteRange, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    checkRange(object, range);
    const what = `reading bytes ${range.start}-${range.end} of ${object.uri}`;
    return explained({ what, side: "input" }, signal, () =>
      readRange(this.#s3, nameOf(object.uri), object, range, signal),
    );
  }

  create(uri: string, options: CreateOptions, signal: AbortSignal): Promise<ObjectWriter> {
    const what = `writing ${uri}`;
    return explained({ what, side: "output" }, signal, async () => {
      const name = nameOf(uri);
      // Early, so that a run does not work for hours towards a name it may not take.
      if (!options.replace && (await this.#head(name, signal))) throw exists(what);
      return new S3Writer(this.#s3, { uri, name, options }, signal);
    });
  }

  putIfAbsent(uri: string, body: Uint8Array, signal: AbortSignal): Promise<boolean> {
    return explained({ what: `writing ${uri}`, side: "output" }, signal, async () => {
      const name = nameOf(uri);
      const nonce = randomUUID();
      const encrypted = encryptionHeaders(this.#s3.encryption);
      const input = { ...name, Body: body, IfNoneMatch: "*", Metadata: { [NONCE]: nonce }, ...encrypted };
      for (let attempt = 1; ; attempt++) {
        try {
          await this.#s3.client.send(new PutObjectCommand(input), { abortSignal: signal });
          await this.#checkEncryption(uri, signal);
          return true;
        } catch (error) {
          if (isPreconditionFailed(error)) break;
          // Another conditional write is under way: AWS asks for the request to be sent again.
          if (statusOf(error) !== 409 || attempt >= 5) throw error;
          await sleep(Math.random() * 100 * 2 ** attempt, undefined, { signal });
        }
      }
      // When the answer to an attempt was lost, its retry meets the object that it made itself.
      const mine = (await this.#head(name, signal))?.Metadata?.[NONCE] === nonce;
      if (mine) await this.#checkEncryption(uri, signal);
      return mine;
    });
  }

  async put(uri: string, body: Uint8Array, signal: AbortSignal): Promise<void> {
    await explained({ what: `writing ${uri}`, side: "output" }, signal, async () => {
      const input = { ...nameOf(uri), Body: body, ...encryptionHeaders(this.#s3.encryption) };
      await this.#s3.client.send(new PutObjectCommand(input), { abortSignal: signal });
      await this.#checkEncryption(uri, signal);
    });
  }

  #checkEncryption(uri: string, signal: AbortSignal): Promise<void> {
    return checkEncryption(this.#s3, `writing ${uri}`, nameOf(uri), signal, () => this.remove(uri, signal));
  }

  tag(uri: string, tags: Tags, signal: AbortSignal): Promise<boolean> {
    const doing = { what: `tagging ${uri}`, side: "output", permissions: TAGGING } as const;
    return explained(doing, signal, async () => {
      const name = nameOf(uri);
      try {
        // The request replaces all tags, and those of others are not ours to drop.
        const { TagSet = [] } = await this.#s3.client
          .send(new GetObjectTaggingCommand(name), { abortSignal: signal })
          .catch(noTags);
        const kept = TagSet.filter(({ Key }) => !Object.hasOwn(tags, Key ?? ""));
        const added = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        const input = { ...name, Tagging: { TagSet: [...kept, ...added] } };
        await this.#s3.client.send(new PutObjectTaggingCommand(input), { abortSignal: signal });
        return true;
      } catch (error) {
        if (isNotFound(error) && !isNoBucket(error)) return false;
        throw error;
      }
    });
  }

  async remove(uri: string, signal: AbortSignal): Promise<void> {
    await explained({ what: `removing ${uri}`, side: "output" }, signal, () =>
      this.#s3.client.send(new DeleteObjectCommand(nameOf(uri)), { abortSignal: signal }),
    );
  }

  async removeAbandoned(): Promise<void> {}

  close(): Promise<void> {
    return this.#s3.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const TAGGING = "s3:GetObjectTagging and s3:PutObjectTagging";

/** Some stores call it an error that there are none. */
function noTags(error: unknown): { TagSet: Tag[] } {
  if (nameOfError(error) === "NoSuchTagSet") return { TagSet: [] };
  throw error;
}

function infoOf(uri: string, { ContentLength = 0, ETag = "" }: HeadObjectCommandOutput): ObjectInfo {
  return { uri, size: ContentLength, etag: ETag };
}

/** Runs an action whose errors the user understands; an abort is the signal's reason, not an error of the store. */
async function explained<T>(doing: Doing, signal: AbortSignal, action: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  try {
    return await action();
  } catch (error) {
    signal.throwIfAborted();
    throw s3Error(error, doing);
  }
}
