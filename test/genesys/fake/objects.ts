/** The buckets: exports are written to them, imports read from them. */
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import type { S3Options } from "./options.ts";

export interface Line {
  readonly text: string;
  /** Key and number of the line, for errors. */
  readonly at: string;
}

export class Objects {
  readonly #client: S3Client;

  constructor({ endpoint, region, accessKeyId, secretAccessKey }: S3Options) {
    this.#client = new S3Client({
      region: region ?? process.env.AWS_REGION ?? "us-east-1",
      forcePathStyle: (endpoint ?? process.env.AWS_ENDPOINT_URL_S3) !== undefined,
      ...(endpoint ? { endpoint } : {}),
      ...(accessKeyId && secretAccessKey ? { credentials: { accessKeyId, secretAccessKey } } : {}),
    });
  }

  async put(Bucket: string, Key: string, Body: Uint8Array): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket, Key, Body }));
  }

  async remove(Bucket: string, Key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket, Key }));
  }

  async makeBucket(Bucket: string): Promise<void> {
    try {
      await this.#client.send(new CreateBucketCommand({ Bucket }));
    } catch (error) {
      if (!["BucketAlreadyOwnedByYou", "BucketAlreadyExists"].includes((error as Error).name)) throw error;
    }
  }

  /** Lines of every object beneath a prefix that is data, in the order of their keys. */
  async *lines(Bucket: string, Prefix: string): AsyncGenerator<Line> {
    for await (const page of paginateListObjectsV2({ client: this.#client }, { Bucket, Prefix })) {
      for (const { Key = "" } of page.Contents ?? []) {
        if (!isData(Key.slice(Prefix.length))) continue;
        const { Body } = await this.#client.send(new GetObjectCommand({ Bucket, Key }));
        const text = plain(Key, await Body!.transformToByteArray()).toString();
        for (const [index, line] of text.split("\n").entries()) {
          if (line !== "") yield { text: line, at: `${Key} line ${index + 1}` };
        }
      }
    }
  }

  close(): void {
    this.#client.destroy();
  }
}

/** JSON lines, and no part of the name begins with `_`. */
function isData(name: string): boolean {
  return /\.jsonl(\.gz|\.zst)?$/.test(name) && !name.split("/").some((part) => part.startsWith("_"));
}

function plain(key: string, bytes: Uint8Array): Buffer {
  if (key.endsWith(".gz")) return gunzipSync(bytes);
  if (!key.endsWith(".zst")) return Buffer.from(bytes);
  // zstd frames may follow each other; Node ends with the first and tells how far it came.
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { buffer, engine } = zstdDecompressSync(bytes.subarray(at), { info: true }) as unknown as Decompressed;
    frames.push(buffer);
    at += engine.bytesWritten;
  }
  return Buffer.concat(frames);
}

/** What zlib gives with `info`, which its types do not say. */
interface Decompressed {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}
