import { GetBucketVersioningCommand } from "@aws-sdk/client-s3";
import { ask } from "./bucket-ask.ts";
import { connectS3 } from "./s3-client.ts";
import type { StoreOptions } from "./store.ts";

/** Whether a bucket keeps what is deleted; one whose versioning is suspended has what came before. */
export async function keepsVersions(
  bucket: string,
  stores: StoreOptions,
  signal: AbortSignal,
): Promise<"yes" | "no" | "untold"> {
  const s3 = await connectS3(stores);
  try {
    const answer = await ask(bucket, signal, async () => {
      const { Status = "none" } = await s3.client.send(new GetBucketVersioningCommand({ Bucket: bucket }), {
        abortSignal: signal,
      });
      return Status;
    });
    if (answer.state !== "said") return "untold";
    return answer.value === "none" ? "no" : "yes";
  } finally {
    await s3.close();
  }
}
