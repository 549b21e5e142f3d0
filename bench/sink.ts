import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An S3 server that has nothing, takes what is uploaded and forgets it. */
export interface Sink extends AsyncDisposable {
  /** The variables that lead a client here. */
  readonly env: Readonly<Record<string, string>>;
  /** Settles with the first byte of an object with JSON lines. */
  readonly firstByte: Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const { promise: firstByte, resolve } = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://sink");
    request.on("data", () => {
      if (request.method === "PUT" && pathname.endsWith(".jsonl")) resolve();
    });
    // Whoever is killed in mid-upload.
    request.on("error", () => {});
    request.on("end", () => answer(request, response));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "sink",
      AWS_SECRET_ACCESS_KEY: "sink",
      AWS_REGION: "us-east-1",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    },
    firstByte,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function answer({ method, url }: IncomingMessage, response: ServerResponse): void {
  const { searchParams } = new URL(url!, "http://sink");
  if (method === "PUT") response.writeHead(200, { etag: '"sink"' }).end();
  else if (method === "POST") response.end(xml("InitiateMultipartUploadResult", "<UploadId>sink</UploadId>"));
  else if (searchParams.has("list-type")) response.end(xml("ListBucketResult", "<KeyCount>0</KeyCount>"));
  else if (method === "DELETE") response.writeHead(204).end();
  else response.writeHead(404).end(method === "HEAD" ? undefined : xml("Error", "<Code>NoSuchKey</Code>"));
}

const xml = (root: string, inner: string) => `<?xml version="1.0" encoding="UTF-8"?><${root}>${inner}</${root}>`;
