import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { EXIT, MasklineError, messageOf } from "../errors.ts";
import type { ByteRange, ObjectInfo } from "../types.ts";
import { withDeadline } from "./deadline.ts";
import type { S3 } from "./s3-client.ts";

/** Attempts at one range, each of which goes on where the one before broke off. */
const ATTEMPTS = 5;

/** An answer broke off in its body, or came too late: the SDK does not retry these, so this does. */
class BrokenOff extends Error {}

/**
 * Reads `[start, end)` of the version that `object.etag` names into a buffer of exactly that size.
 * @param name - bucket and key of the object
 * @throws what the SDK throws, past its retries; the cause of the last break past `ATTEMPTS`
 */
export async function readRange(
  s3: S3,
  name: { readonly Bucket: string; readonly Key: string },
  object: ObjectInfo,
  range: ByteRange,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(range.end - range.start);
  if (bytes.length === 0) return bytes;
  let done = 0;
  const readOn = async (deadline: AbortSignal): Promise<void> => {
    const first = range.start + done;
    const input = { ...name, Range: `bytes=${first}-${range.end - 1}`, IfMatch: object.etag };
    const { Body, ContentLength } = await s3.client
      .send(new GetObjectCommand(input), { abortSignal: deadline })
      .catch((error: unknown) => {
        throw deadline.aborted ? new BrokenOff("no answer in time", { cause: deadline.reason }) : error;
      });
    const body = Body as Readable;
    try {
      if (ContentLength !== range.end - first) throw ignoresRanges(object);
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        bytes.set(chunk, done);
        done += chunk.length;
      }
      if (done < bytes.length) throw new Error("the answer ended early");
    } catch (error) {
      if (error instanceof MasklineError) throw error;
      // All bytes and still an error: their checksum is wrong, so none of them counts.
      if (done >= bytes.length) done = 0;
      throw new BrokenOff(messageOf(error), { cause: deadline.aborted ? deadline.reason : error });
    } finally {
      // A body that is neither read to its end nor destroyed keeps its connection for ever.
      body.destroy();
    }
  };
  for (let attempt = 1; ; attempt++) {
    try {
      await withDeadline(signal, s3.readTimeout, readOn);
      return bytes;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof BrokenOff)) throw error;
      if (attempt >= ATTEMPTS) throw error.cause;
      s3.onRetry("GetObject");
      await sleep(Math.random() * 100 * 2 ** attempt, undefined, { signal });
    }
  }
}

function ignoresRanges(object: ObjectInfo): MasklineError {
  return new MasklineError(
    "ERR_FAILURE",
    EXIT.failure,
    `reading ${object.uri}: the store answered with other bytes than the range asked for; use one that serves ranges`,
    { stage: "read" },
  );
}
