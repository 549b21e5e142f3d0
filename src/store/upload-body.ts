import { Readable } from "node:stream";

/**
 * The body of an upload: blocks go in one by one, each as soon as there is room. Once destroyed, whoever waits for
 * room and whoever comes later gets the error, and so does the upload: it never takes it for the end of the body.
 * (It must not have a `length` or `size`, which lib-storage would take for the body's.)
 */
export class UploadBody extends Readable {
  #room: PromiseWithResolvers<void> | undefined;
  #failure: Error | undefined;

  /** @param room - blocks held before `offer` waits */
  constructor(room: number) {
    // As objects: a stream of bytes would join all blocks it holds at every read, one more copy of everything.
    super({ objectMode: true, highWaterMark: room });
    // Without a listener an error that comes before the upload reads would end the process.
    this.on("error", () => {});
  }

  /** Takes a block over; resolves when there is room for another. One at a time. */
  async offer(block: Uint8Array): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (this.push(block)) return;
    this.#room = Promise.withResolvers();
    await this.#room.promise;
  }

  /** Nothing follows: the object may be completed. */
  end(): void {
    if (this.#failure) throw this.#failure;
    this.push(null);
  }

  override _read(): void {
    this.#room?.resolve();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (error) this.#failure = error;
    if (error) this.#room?.reject(error);
    callback(error);
  }
}
