import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { UndiciHttpHandler } from "@smithy/undici-http-handler";
import { Agent } from "undici";
import type { Encryption, StoreOptions } from "./store.ts";
import { PART, PARTS_AT_ONCE } from "./writing-memory.ts";

/** What the parts of the S3 store share: the client and its settings, resolved. */
export interface S3 {
  readonly client: S3Client;
  /** AWS itself answers: what it does not answer is no gap of a compatible store. */
  readonly isAws: boolean;
  /** What every object that is written is encrypted with, beside the bucket's own settings. */
  readonly encryption: Encryption | undefined;
  readonly readTimeout: number;
  readonly partSize: number;
  readonly uploadConcurrency: number;
  readonly onRetry: (operation: string) => void;
  readonly close: () => Promise<void>;
}

/**
 * One client on an undici agent of its own. The SDK alone retries (nothing beneath it does), and finds credentials,
 * region and endpoint in the usual AWS variables and files.
 */
export async function connectS3(options: StoreOptions): Promise<S3> {
  const agent = new Agent({
    connections: options.connections ?? 32,
    connect: { timeout: options.connectTimeout ?? 5_000 },
    headersTimeout: options.requestTimeout ?? 120_000,
    bodyTimeout: options.requestTimeout ?? 120_000,
  });
  const client = new S3Client(await clientConfig(options, agent));
  const onRetry = options.onRetry ?? (() => {});
  reportRetries(client, onRetry);
  leaveBodiesUnsigned(client);
  return {
    client,
    isAws: options.kind ? options.kind === "aws" : isAwsEndpoint(endpointOf(options)),
    encryption: options.encryption,
    readTimeout: options.readTimeout ?? 120_000,
    partSize: options.partSize ?? PART,
    uploadConcurrency: options.uploadConcurrency ?? PARTS_AT_ONCE,
    onRetry,
    close: async () => {
      client.destroy();
      await agent.destroy();
    },
  };
}

// The SDK reads these variables by itself, but too late to decide about the addressing and the region.
function endpointOf({ endpoint }: StoreOptions): string | undefined {
  return endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
}

/** AWS's own names: public, FIPS and dual-stack endpoints, and those within a VPC. */
function isAwsEndpoint(endpoint: string | undefined): boolean {
  return !endpoint || /^https?:\/\/([^/@]*\.)?(amazonaws\.com(\.cn)?|api\.aws)(:\d+)?(\/|$)/i.test(endpoint);
}

async function clientConfig(options: StoreOptions, agent: Agent): Promise<S3ClientConfig> {
  const endpoint = endpointOf(options);
  // The other AWS SDKs and the command line read AWS_DEFAULT_REGION, this one does not.
  const region = options.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  const attempts = options.maxAttempts ?? (process.env.AWS_MAX_ATTEMPTS ? undefined : 8);
  const checksums = options.requestChecksumCalculation;
  const config: S3ClientConfig = {
    requestHandler: new UndiciHttpHandler({ dispatcher: agent }),
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(region ? { region } : {}),
    // A run may read in one region and write in another; each request to the other one costs a second.
    followRegionRedirects: true,
    ...(attempts ? { maxAttempts: attempts } : {}),
    ...(checksums
      ? {
          requestChecksumCalculation: checksums === "when_required" ? "WHEN_REQUIRED" : "WHEN_SUPPORTED",
          responseChecksumValidation: checksums === "when_required" ? "WHEN_REQUIRED" : "WHEN_SUPPORTED",
        }
      : {}),
  };
  if (region || !endpoint) return config;
  // A compatible store has no regions, but a request is signed for one: that of the shared configuration, if any.
  const probe = new S3Client(config);
  const configured = await probe.config.region().catch(() => undefined);
  probe.destroy();
  return { ...config, region: configured ?? "us-east-1" };
}

/** The SDK numbers the attempts of a request in a header; this stands inside its retry loop. */
function reportRetries(client: S3Client, onRetry: (operation: string) => void): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      const { request } = args as { request?: { headers?: Record<string, string> } };
      const attempt = /attempt=(\d+)/.exec(request?.headers?.["amz-sdk-request"] ?? "")?.[1];
      if (Number(attempt) > 1) onRetry(String(context.commandName ?? "").replace(/Command$/, ""));
      return next(args);
    },
    { step: "finalizeRequest", priority: "low", name: "masklineRetries" },
  );
}

/**
 * A body that goes through TLS with its checksum is not hashed once more for the signature: half a second of a
 * core for a GB. Without TLS nothing else says that it is what was sent.
 */
function leaveBodiesUnsigned(client: S3Client): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args as { request?: { protocol?: string; body?: unknown; headers?: Record<string, string> } };
      const headers = request?.headers;
      const isChecked = Object.keys(headers ?? {}).some((name) => /^x-amz-checksum-(?!algorithm|type)/i.test(name));
      if (headers && request.protocol === "https:" && isChecked && ArrayBuffer.isView(request.body)) {
        headers["x-amz-content-sha256"] ??= "UNSIGNED-PAYLOAD";
      }
      return next(args);
    },
    { step: "build", priority: "low", name: "masklineUnsignedBodies" },
  );
}
