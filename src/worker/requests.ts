import type { MessagePort } from "node:worker_threads";
import { failure } from "../errors.ts";
import type { PartReply, PartRequest } from "./messages.ts";
import type { Bytes } from "./text/source.ts";

export type NextRequest = Extract<PartRequest, { type: "next" }>;

/** A part's port as the worker sees it: requests that came, replies that go. */
export class Requests {
  readonly #port: MessagePort;
  readonly #next: ("closed" | NextRequest)[] = [];
  readonly #bytes: (Uint8Array | null)[] = [];
  #closed = false;
  /** Decoding ahead waits for bytes while the part waits to be asked. */
  #waiting: (() => void)[] = [];

  constructor(port: MessagePort) {
    this.#port = port;
    port.on("message", (message: PartRequest) => {
      if (message.type === "next") this.#next.push(message);
      else this.#bytes.push(message.bytes);
      this.#wake();
    });
    port.on("close", () => {
      this.#next.push("closed");
      this.#closed = true;
      this.#wake();
    });
  }

  reply(reply: PartReply, transfer: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(reply, transfer);
  }

  async next(): Promise<"closed" | NextRequest> {
    return await this.#first(this.#next);
  }

  async *bytes(): Bytes {
    for (;;) {
      this.reply({ type: "want" });
      const bytes = await this.#first(this.#bytes);
      if (bytes === null) return;
      yield bytes;
    }
  }

  async #first<T>(queue: T[]): Promise<T> {
    while (queue.length === 0) {
      if (this.#closed) throw failure("reading on: nobody is listening any more", { stage: "decode" });
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    return queue.shift() as T;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
