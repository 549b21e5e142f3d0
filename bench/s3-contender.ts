import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { S3_SKIPPED, type S3Server, startS3 } from "../test/support/s3-server.ts";
import { type Contender, environment, type Outcome, type Run } from "./contender.ts";
import { measure } from "./measure.ts";
import { scratch } from "./places.ts";

/** A contender that is a process between the buckets `input` and `output`. */
export interface ObjectSpec {
  readonly name: string;
  readonly rows: number;
  /** A local file, which is uploaded before the run. */
  readonly input: string;
  readonly command: (place: { readonly endpoint: string; readonly key: string }) => Promise<readonly string[]>;
}

/** Each run has a gateway of its own: what is deleted from one, it keeps in memory for hours. */
export async function objectContender({ name, rows, input, command }: ObjectSpec): Promise<Contender> {
  const { size: inputBytes } = await stat(input);
  const key = basename(input);
  const run = async (): Promise<Run> => {
    const server = await startS3();
    if (!server) throw new Error(`starting a gateway for ${name}: ${S3_SKIPPED}`);
    const client = clientOf(server);
    try {
      await server.makeBucket("input");
      await server.makeBucket("output");
      await client.send(new PutObjectCommand({ Bucket: "input", Key: key, Body: await readFile(input) }));
      const env = { ...environment, ...server.env };
      const { usage } = await measure(await command({ endpoint: server.endpoint, key }), scratch, env);
      return { usage, outcome: await linesInBucket(client, "output") };
    } finally {
      client.destroy();
      await server.stop();
    }
  };
  return { name, rows, inputBytes, run };
}

function clientOf({ endpoint, region, accessKeyId, secretAccessKey }: S3Server): S3Client {
  return new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
}

/** Rows and bytes of a bucket's objects with JSON lines. */
async function linesInBucket(client: S3Client, bucket: string): Promise<Outcome> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  let rows = 0;
  let bytes = 0;
  for (const { Key } of Contents.filter(({ Key }) => Key!.endsWith(".jsonl"))) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    for await (const chunk of Body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) rows++;
    }
  }
  return { rows, bytes };
}
