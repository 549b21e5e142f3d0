/** What a handler takes and gives, and the bodies of errors as Genesys Cloud has them. */
import type { Fault } from "./faults.ts";

/** A request, read to its end. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Method and path of its route: `GET /api/v2/data/export/{id}`. */
  readonly endpoint: string;
  /** What stands in the place of the route's braces. */
  readonly params: Readonly<Record<string, string>>;
  /** Faults that matched it and that its handler has to mind. */
  readonly faults: readonly Fault[];
  /** Id of the client whose token it bears; empty where none is needed. */
  readonly client: string;
}

export interface Reply {
  readonly status: number;
  /** Sent as JSON; absent: no body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** A part in braces matches any one part. */
  readonly path: string;
  /** `token`: with a bearer token and within its rate limit. */
  readonly access: "token" | "open";
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

/** The codes that Genesys Cloud gives with a status. */
const CODES: Readonly<Record<number, string>> = {
  400: "bad.request",
  401: "authentication.required",
  403: "missing.permissions",
  404: "not.found",
  409: "conflict",
  429: "too.many.requests",
  500: "internal.server.error",
  503: "service.unavailable",
  504: "request.timeout",
};

interface RefusalOptions {
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly { readonly errorCode: string; readonly fieldName: string }[];
  readonly limit?: { readonly key: string; readonly namespace: string; readonly value: number };
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by a handler: the reply is an error. */
export class Refusal extends Error {
  readonly status: number;
  readonly options: RefusalOptions;

  constructor(status: number, options: RefusalOptions = {}) {
    super(options.message ?? `stand-in for Genesys Cloud: ${status}`);
    this.status = status;
    this.options = options;
  }

  /** ErrorBody of Genesys Cloud. */
  reply(contextId: string): Reply {
    const { code = CODES[this.status] ?? "error", details = [], limit, headers = {} } = this.options;
    const body = {
      message: this.message,
      code,
      status: this.status,
      messageWithParams: this.message,
      messageParams: {},
      contextId,
      details,
      errors: [],
      ...(limit ? { limit } : {}),
    };
    return { status: this.status, body, headers };
  }
}

/** What a path has in the place of a route's braces; undefined where it is another route's. */
export function paramsOf(route: string, path: string): Record<string, string> | undefined {
  const wanted = route.split("/");
  const parts = path.split("/");
  if (wanted.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name) params[name] = decodeURIComponent(parts[index]!);
    else if (part !== parts[index]) return undefined;
  }
  return params;
}
