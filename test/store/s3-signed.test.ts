/** What of an upload is signed, as a server sees it that checks every body. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecure } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";
import { NONCE } from "../../src/store/s3-upload.ts";
import { openStore } from "../../src/store/store.ts";

const MIB = 2 ** 20;

interface Seen {
  readonly kind: "part" | "object";
  readonly sha256: string | undefined;
  /** What it says of its body, and what is true of it. */
  readonly crc32: readonly [said: string | undefined, is: string];
  readonly digest: string;
}

/** Answers an upload as S3's API reference has it, and notes its bodies. */
class Uploads {
  readonly seen: Seen[] = [];
  #nonce = "";
  #bytes = 0;

  readonly answer = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => this.#reply(request, Buffer.concat(chunks), response));
  };

  #reply({ method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const query = new URL(url ?? "", "http://localhost").searchParams;
    const nonce = headers[`x-amz-meta-${NONCE}`];
    if (typeof nonce === "string") this.#nonce = nonce;
    if (method === "PUT") {
      this.#bytes += body.length;
      const sum = Buffer.alloc(4);
      sum.writeUInt32BE(crc32(body));
      this.seen.push({
        kind: query.has("partNumber") ? "part" : "object",
        sha256: headers["x-amz-content-sha256"] as string | undefined,
        crc32: [headers["x-amz-checksum-crc32"] as string | undefined, sum.toString("base64")],
        digest: createHash("sha256").update(body).digest("hex"),
      });
    }
    if (method === "HEAD" && this.#nonce === "") response.statusCode = 404;
    response.setHeader("etag", '"0"');
    if (method === "HEAD") response.setHeader("content-length", this.#bytes);
    if (method === "HEAD") response.setHeader(`x-amz-meta-${NONCE}`, this.#nonce);
    const name = query.has("uploads") ? "InitiateMultipartUploadResult" : "CompleteMultipartUploadResult";
    const said = `<${name}><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId><ETag>"0"</ETag></${name}>`;
    response.end(method === "POST" ? said : undefined);
  }
}

async function certificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const directory = await mkdtemp(join(tmpdir(), "maskline-tls-"));
  try {
    const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
    const of = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"];
    const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert];
    await promisify(execFile)("openssl", ["req", "-x509", ...made, ...of]);
    return { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8") };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** @returns what a server saw of objects of these sizes, in MiB */
async function uploaded(tls: boolean, sizes: readonly number[], checksums?: "when_required"): Promise<Seen[]> {
  const uploads = new Uploads();
  const made = tls ? await certificate() : undefined;
  if (made) setDefaultCACertificates([...getCACertificates("default"), made.cert]);
  const server = made ? createSecure(made, uploads.answer) : createPlain(uploads.answer);
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `${tls ? "https" : "http"}://localhost:${port}`;
  const { signal } = new AbortController();
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" });
  const store = openStore("s3://bucket/", {
    endpoint,
    region: "us-east-1",
    ...(checksums && { requestChecksumCalculation: checksums }),
  });
  try {
    for (const [index, size] of sizes.entries()) {
      const options = { replace: true, expectedBytes: size * MIB, metadata: {} };
      const writer = await store.create(`s3://bucket/${index}`, options, signal);
      for (let done = 0; done < size; done++) await writer.write(Buffer.alloc(MIB, done + 1));
      await writer.finish().catch((error: Error) => assert.match(error.message, /bytes were sent, the store shows/));
    }
  } finally {
    await store.close();
    server.close();
    server.closeAllConnections();
  }
  return uploads.seen;
}

it("through TLS a body goes with its checksum, and is not hashed for the signature", async (test) => {
  const seen = await uploaded(true, [1, 20]).catch((error: { code?: string }) => {
    if (error.code !== "ENOENT" || process.env.CI) throw error;
    test.skip("openssl makes the certificate");
    return [];
  });
  for (const {
    sha256,
    crc32: [said, is],
  } of seen)
    assert.deepEqual([sha256, said], ["UNSIGNED-PAYLOAD", is]);
  assert.deepEqual(new Set(seen.map(({ kind }) => kind)), new Set(seen.length > 0 ? ["object", "part"] : []));
});

it("without TLS, or without a checksum, the signature says what the body is", async () => {
  const plain = await uploaded(false, [1, 20]);
  for (const {
    sha256,
    digest,
    crc32: [said, is],
  } of plain)
    assert.deepEqual([sha256, said], [digest, is]);
  const bare = await uploaded(true, [20], "when_required").catch((error: { code?: string }) => {
    if (error.code !== "ENOENT" || process.env.CI) throw error;
    return [];
  });
  for (const {
    sha256,
    digest,
    crc32: [said],
  } of bare)
    assert.deepEqual([sha256, said], [digest, undefined]);
});
