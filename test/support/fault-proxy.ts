/**
 * A small HTTP proxy before an S3 server that does harm on demand. Requests pass as they are, with their Host header,
 * which the signature covers.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

export type Operation =
  | "CreateMultipartUpload"
  | "UploadPart"
  | "CompleteMultipartUpload"
  | "AbortMultipartUpload"
  | "ListParts"
  | "ListObjects"
  | "GetObject"
  | "HeadObject"
  | "PutObject"
  | "DeleteObject"
  | "Other";

export type Harm =
  /** Answers with this status instead of forwarding. */
  | { readonly status: number }
  /** Resets the connection instead of forwarding. */
  | { readonly reset: true }
  /** Forwards, then resets the connection in the place of the answer. */
  | { readonly loseAnswer: true }
  /** Forwards, and resets the connection after so many bytes of the answer's body. */
  | { readonly cutAfter: number }
  /** Forwards, and gives these headers of the answer (in lower case) another value, or takes them out where it is null. */
  | { readonly headers: Readonly<Record<string, string | null>> }
  /** Waits so many milliseconds, then forwards. */
  | { readonly latency: number }
  /** Never answers. */
  | { readonly stall: true };

export type Fault = Harm & {
  readonly on: Operation;
  /** UploadPart: only this part number. */
  readonly part?: number;
  /** So many requests that match pass before the first is harmed. Default 0. */
  readonly after?: number;
  /** So many requests are harmed. Default all. */
  readonly times?: number;
};

export interface FaultProxy {
  readonly endpoint: string;
  /** The operations that came, in their order; retried ones each time. */
  readonly seen: Operation[];
  add(fault: Fault): void;
  /** Every connection is reset as it comes. */
  refuseAll(refuse: boolean): void;
  /** Bytes per second of each body, either way; 0 is unbounded. */
  throttle(bytesPerSecond: number): void;
  /** Takes back every fault, the throttle and the refusal. */
  clear(): void;
  stop(): Promise<void>;
}

/** The S3 operation of a request to a path-style endpoint. */
export function operationOf(method: string, url: string): Operation {
  const { pathname, searchParams: query } = new URL(url, "http://host");
  const onObject = /^\/[^/]+\/./.test(pathname);
  if (query.has("uploads") && method === "POST") return "CreateMultipartUpload";
  if (query.has("uploadId")) {
    if (method === "PUT") return "UploadPart";
    if (method === "POST") return "CompleteMultipartUpload";
    return method === "DELETE" ? "AbortMultipartUpload" : "ListParts";
  }
  if (query.has("list-type")) return "ListObjects";
  const plain = { GET: "GetObject", HEAD: "HeadObject", PUT: "PutObject", DELETE: "DeleteObject" } as const;
  return onObject && method in plain ? plain[method as keyof typeof plain] : "Other";
}

/** @param target - `http://host:port` of the server behind it */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const upstream = new URL(target);
  const sockets = new Set<Socket>();
  const seen: Operation[] = [];
  let faults: { readonly fault: Fault; matched: number }[] = [];
  let refusing = false;
  let rate = 0;

  const harmFor = (operation: Operation, url: string): Harm | undefined => {
    const part = Number(new URL(url, "http://host").searchParams.get("partNumber"));
    for (const entry of faults) {
      const { on, part: only, after = 0, times = Number.POSITIVE_INFINITY } = entry.fault;
      if (on !== operation || (only !== undefined && only !== part)) continue;
      const index = entry.matched++;
      if (index >= after && index < after + times) return entry.fault;
    }
    return undefined;
  };

  const serve = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const url = incoming.url ?? "/";
    const operation = operationOf(incoming.method ?? "GET", url);
    seen.push(operation);
    const harm: Partial<Record<string, unknown>> = harmFor(operation, url) ?? {};
    if (harm.reset) return reset(incoming);
    if (harm.stall) return;
    if (typeof harm.latency === "number") await sleep(harm.latency);
    if (typeof harm.status === "number") {
      // Read to its end, so that the client sees the answer and not a broken pipe.
      await incoming.resume().toArray();
      answer.writeHead(harm.status, { "content-type": "application/xml", connection: "close" });
      const body = `<Error><Code>${harm.status === 503 ? "SlowDown" : "InternalError"}</Code></Error>`;
      answer.end(incoming.method === "HEAD" ? "" : body);
      return;
    }
    const onward = request({
      host: upstream.hostname,
      port: upstream.port,
      method: incoming.method,
      path: url,
      headers: incoming.rawHeaders,
      setHost: false,
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      onward.once("response", resolve);
      onward.once("error", reject);
    });
    await Promise.all([answered, pipeline(incoming, metered(rate), onward)]);
    const response = await answered;
    if (harm.loseAnswer) {
      await response.resume().toArray();
      return reset(incoming);
    }
    const changed = harm.headers as Readonly<Record<string, string | null>> | undefined;
    answer.writeHead(response.statusCode ?? 502, changed ? edited(response.rawHeaders, changed) : response.rawHeaders);
    if (typeof harm.cutAfter !== "number") return pipeline(response, metered(rate), answer);
    let left = harm.cutAfter;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      await new Promise((resolve) => answer.write(chunk.subarray(0, left), resolve));
      left -= chunk.length;
      if (left <= 0) break;
    }
    // What was written should arrive before the reset that would otherwise overtake it.
    await sleep(50);
    reset(incoming);
  };

  const server = createServer((incoming, answer) => {
    serve(incoming, answer).catch(() => reset(incoming));
  });
  server.on("connection", (socket) => {
    if (refusing) return socket.resetAndDestroy();
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    add: (fault) => {
      faults.push({ fault, matched: 0 });
    },
    refuseAll: (refuse) => {
      refusing = refuse;
      if (refuse) for (const socket of sockets) socket.resetAndDestroy();
    },
    throttle: (bytesPerSecond) => {
      rate = bytesPerSecond;
    },
    clear: () => {
      faults = [];
      refusing = false;
      rate = 0;
      seen.length = 0;
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function reset(incoming: IncomingMessage): void {
  incoming.socket.resetAndDestroy();
}

/** Raw headers, name and value in turn. */
function edited(headers: readonly string[], changed: Readonly<Record<string, string | null>>): string[] {
  const pairs = headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1]!] as const] : []));
  const kept = pairs.filter(([name]) => !Object.hasOwn(changed, name.toLowerCase()));
  const added = Object.entries(changed).filter((pair): pair is [string, string] => pair[1] !== null);
  return [...kept, ...added].flat();
}

/** Passes bytes on at a rate. */
function metered(bytesPerSecond: number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      if (bytesPerSecond <= 0) callback(null, chunk);
      else setTimeout(() => callback(null, chunk), (chunk.length / bytesPerSecond) * 1000);
    },
  });
}
