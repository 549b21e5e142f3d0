import { type Reply, textOf } from "./exchange.ts";

/** Why an attempt brought nothing; of what the reply said, only what looks like an identifier. */
export interface Fault {
  /** HTTP status, where a reply came. */
  readonly status?: number | undefined;
  /** What happened, where that is not said by the status. */
  readonly problem?: string | undefined;
  readonly apiCode?: string | undefined;
  readonly contextId?: string | undefined;
  readonly correlationId?: string | undefined;
  /** What is wrong with the fields of the body: `fieldName errorCode`. */
  readonly details?: readonly string[] | undefined;
  /** Milliseconds that the server asks to be left alone for. */
  readonly retryAfter?: number | undefined;
  /** What may mend it: another attempt, a person, or nothing. */
  readonly cure: "time" | "person" | "none";
  /** The server may have done what it was asked for. */
  readonly effect: boolean;
}

/** Of a reply that is not 2xx. */
export function faultOf(reply: Reply): Fault {
  const { status, headers } = reply;
  return {
    status,
    ...errorBody(textOf(reply)),
    correlationId: identifier(headers["inin-correlation-id"]),
    retryAfter: retryAfter(headers["retry-after"]),
    cure: TRANSIENT.has(status) ? "time" : status >= 500 ? "none" : "person",
    // 503 is said before anything is done; what stands behind the others may have been at it.
    effect: status === 408 || (status >= 500 && status !== 503),
  };
}

const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Of an exchange that threw: by its code alone, as messages quote what was received. */
export function faultThrown(error: unknown): Fault {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  const said = identifier(code) ?? identifier(name) ?? "unknown";
  if (said === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
    return { problem: "its reply is longer than is taken", cure: "none", effect: true };
  }
  if (said === "UND_ERR_INVALID_ARG") return { problem: "it cannot be sent", cure: "none", effect: false };
  if (CLOSED.test(said)) return { problem: "it was closed before a reply came", cure: "none", effect: true };
  const problem = `no reply (${said})`;
  if (CERTIFICATE.test(said)) return { problem, cure: "person", effect: false };
  return { problem, cure: "time", effect: !isUnsent(error, said) };
}

/** Of a call whose time ran out. */
export function late(timeout: number, effect: boolean): Fault {
  return { problem: `no reply within the timeout of ${seconds(timeout)} s`, cure: "time", effect };
}

/** Milliseconds as seconds, for people. */
export function seconds(milliseconds: number): number {
  return milliseconds < 1000 ? Math.ceil(milliseconds) / 1000 : Math.ceil(milliseconds / 1000);
}

const CLOSED = /^UND_ERR_(?:DESTROYED|CLOSED)$/;
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)/;
const UNSENT: ReadonlySet<string> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

/** There was no connection to send it over. */
function isUnsent(error: unknown, code: string): boolean {
  const { syscall } = (error ?? {}) as { syscall?: unknown };
  return UNSENT.has(code) || syscall === "connect" || syscall === "getaddrinfo";
}

/** Details shown at most. */
const SHOWN = 3;

/** Genesys Cloud's ErrorBody, or OAuth's; texts and parameters of it may hold values of records. */
function errorBody(text: string): Pick<Fault, "apiCode" | "contextId" | "details"> {
  const { code, error, contextId, details } = object(text);
  const each = Array.isArray(details) ? details.slice(0, SHOWN) : [];
  return {
    apiCode: identifier(code) ?? (typeof error === "string" && OAUTH.has(error) ? error : undefined),
    contextId: identifier(contextId),
    details: each.flatMap((one) => {
      const { fieldName, errorCode } = (one ?? {}) as { fieldName?: unknown; errorCode?: unknown };
      return [identifier(fieldName), identifier(errorCode)].filter((part) => part !== undefined).join(" ") || [];
    }),
  };
}

/** RFC 6749, 5.2. */
const OAUTH: ReadonlySet<string> = new Set([
  ...["invalid_request", "invalid_client", "invalid_grant", "unauthorized_client"],
  ...["unsupported_grant_type", "invalid_scope"],
]);

function object(text: string): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === "object" && content !== null ? { ...content } : {};
  } catch {
    // A gateway's page, or half of a body.
    return {};
  }
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Words joined as names are; no number in them is long enough to be somebody's. */
const NAME = /^(?!.*\d{5})(?!(?:.*\d){9})[a-z](?:[\w[\]]|[.:-](?=\w))*$/i;
const LONGEST = 64;

function identifier(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > LONGEST) return undefined;
  return UUID.test(value) || NAME.test(value) ? value : undefined;
}

/** Milliseconds from seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return milliseconds >= 0 ? milliseconds : undefined;
}
