import type { Agent, Dispatcher } from "undici";

/** What is sent. */
export interface Message {
  readonly method: Dispatcher.HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** What came back. */
export interface Reply {
  readonly status: number;
  /** By lower-case name; of several of one name, the first. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body; undefined where a reply that is not 2xx broke off in it. */
  readonly bytes: Uint8Array | undefined;
}

/** A body as text. */
export function textOf({ bytes }: Reply): string {
  return new TextDecoder().decode(bytes);
}

/**
 * One request and its reply, read to the end. Follows no redirect.
 * @throws what undici throws, also where the body of a 2xx reply breaks off or is too long
 */
export async function exchange(
  agent: Agent,
  { url, method, headers, body }: Message,
  signal: AbortSignal,
): Promise<Reply> {
  const response = await agent.request({
    ...{ origin: url.origin, path: url.pathname + url.search },
    ...{ method, headers, signal, body: body ?? null },
  });
  const { statusCode: status } = response;
  return {
    status,
    headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, [value].flat()[0]])),
    bytes: await response.body.bytes().catch((error: unknown) => {
      if (isOk(status)) throw error;
      return undefined;
    }),
  };
}

export function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}
