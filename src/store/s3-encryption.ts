import { HeadObjectCommand, type HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import { usageError } from "../errors.ts";
import type { S3 } from "./s3-client.ts";
import type { Encryption } from "./store.ts";

/** Parameters of a request that begins an object. */
export function encryptionHeaders(encryption: Encryption | undefined) {
  return encryption ? { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: encryption.kms } : {};
}

type Head = Pick<HeadObjectCommandOutput, "ServerSideEncryption" | "SSEKMSKeyId">;

/**
 * Some stores take the headers and encrypt nothing, and a bucket may replace them.
 * @throws MasklineError (exit 2) when an object is not encrypted as asked
 */
export function requireEncrypted(doing: string, head: Head, encryption: Encryption | undefined): void {
  if (!encryption) return;
  const by = head.ServerSideEncryption ?? "nothing";
  if (!/^aws:kms(:dsse)?$/.test(by)) throw wrong(doing, `the store encrypted it with ${by}, not with KMS`);
  if (!isKey(head.SSEKMSKeyId, encryption.kms)) throw wrong(doing, "the store encrypted it with another KMS key");
}

/** S3 names the key by its ARN. Which key an alias stands for only KMS can tell: any is taken for it. */
function isKey(shown: string | undefined, asked: string): boolean {
  if (!shown) return false;
  if (/^(arn:[^:]*:kms:[^:]*:[^:]*:)?alias\//.test(asked)) return true;
  return shown === asked || shown.endsWith(`:key/${asked}`) || asked.endsWith(`:key/${shown}`);
}

function wrong(doing: string, what: string) {
  return usageError(`${doing}: ${what}, and it was removed; check s3.encryption and the bucket's own settings`, {
    stage: "upload",
  });
}

/** Looks at an object just put; what is not encrypted as asked does not stay. */
export async function checkEncryption(
  { client, encryption }: S3,
  doing: string,
  name: { readonly Bucket: string; readonly Key: string },
  signal: AbortSignal,
  removeIt: () => Promise<void>,
): Promise<void> {
  if (!encryption) return;
  const head = await client.send(new HeadObjectCommand(name), { abortSignal: signal });
  try {
    requireEncrypted(doing, head, encryption);
  } catch (error) {
    await removeIt();
    throw error;
  }
}
