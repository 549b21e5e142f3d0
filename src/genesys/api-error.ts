import { EXIT, MasklineError, type Stage } from "../errors.ts";
import type { Fault } from "./fault.ts";

/** What is to be known of a call when it fails. */
export interface Failed {
  readonly endpoint: string;
  readonly url: URL;
  readonly stage: Stage;
  /** Sending it twice does no harm. */
  readonly idempotent: boolean;
  /** What to do about a status, where that is not the usual. */
  readonly advice?: Readonly<Record<number, string>>;
}

/**
 * A call of an API failed. Its message: "<endpoint>: <status> <code> (context id …, correlation id …); what to do".
 * Neither it nor a cause holds text of the reply that is no identifier: vendors quote what they were sent.
 */
export class ApiError extends MasklineError {
  /** HTTP status; undefined where no reply came. */
  readonly status: number | undefined;
  readonly apiCode: string | undefined;
  readonly contextId: string | undefined;
  readonly correlationId: string | undefined;
  /** The call is not idempotent, and whether it took effect is not known. */
  readonly lost: boolean;

  /** @param advice what to do, in place of what is usual */
  constructor(fault: Fault, failed: Failed, advice?: string) {
    const lost = fault.effect && !failed.idempotent;
    const exit = fault.cure === "person" ? EXIT.usage : EXIT.failure;
    const retryable = fault.cure === "time";
    super("ERR_API", exit, message(fault, failed, lost, advice), { stage: failed.stage, retryable });
    this.name = "ApiError";
    this.status = fault.status;
    this.apiCode = fault.apiCode;
    this.contextId = fault.contextId;
    this.correlationId = fault.correlationId;
    this.lost = lost;
  }
}

function message(fault: Fault, failed: Failed, lost: boolean, advice: string | undefined): string {
  const { status, apiCode, problem, details = [], contextId, correlationId } = fault;
  const said = [status, apiCode].filter(Boolean).join(" ");
  const ids = [
    ...details,
    ...(contextId ? [`context id ${contextId}`] : []),
    ...(correlationId ? [`correlation id ${correlationId}`] : []),
  ];
  return [
    `${failed.endpoint}${status === undefined ? ` at ${failed.url.origin}` : ""}: ${[said, problem].filter(Boolean).join(", ")}${ids.length > 0 ? ` (${ids.join(", ")})` : ""}`,
    ...(lost ? ["whether it took effect is not known"] : []),
    advice ?? failed.advice?.[fault.status ?? 0] ?? usualAdvice(fault),
  ].join("; ");
}

function usualAdvice({ status, cure }: Fault): string {
  if (cure === "time") {
    return status === undefined ? "check region, api and login, or run again later" : "run again later";
  }
  if (cure === "none") return "report it, with these ids";
  if (status === undefined) return "the server's certificate is not trusted; check the URL, or set NODE_EXTRA_CA_CERTS";
  if (status < 400) return "redirects are not followed; check region, api and login";
  return ADVICE[status] ?? ADVICE[400]!;
}

const ADVICE: Readonly<Record<number, string>> = {
  400: "the API does not take the request; check the settings under genesys",
  401: "the API does not accept the client's token; check that client and region belong together",
  403: "the client is not allowed to; give its role the permission",
  404: "there is no such thing; check region, api and paths",
  409: "it conflicts with what is there",
};
