/** A window's length where no reply says when it ends: Genesys Cloud counts by the minute. Milliseconds. */
const WINDOW = 60_000;
/** Share of the calls allowed that is left to others who call with the same token. */
const RESERVE = 0.05;

/**
 * The rate limit as replies tell it (`inin-ratelimit-count`, `-allowed`, `-reset` in seconds), shared by all calls of
 * one API. Times are those of `performance.now`.
 */
export class Budget {
  /** Calls in a window; unknown until a reply says so. */
  #allowed: number | undefined;
  /** Calls that the server has counted in this window. */
  #count = 0;
  /** Calls under way, which it may or may not have counted. */
  #flying = 0;
  #endsAt = 0;
  /** The server refuses calls until then. */
  #refusedUntil = 0;

  /** Milliseconds until the next call may be sent; 0 at once. */
  pause(now = performance.now()): number {
    if (now < this.#refusedUntil) return this.#refusedUntil - now;
    if (now >= this.#endsAt) {
      this.#count = 0;
      this.#endsAt = now + WINDOW;
    }
    if (this.#allowed === undefined) return 0;
    const left = this.#allowed - this.#count - this.#flying;
    return left > Math.floor(this.#allowed * RESERVE) ? 0 : this.#endsAt - now;
  }

  sent(): void {
    this.#flying++;
  }

  /** The call ended; without a reply, it may have been counted. */
  ended(headers: Readonly<Record<string, string | undefined>> = {}, now = performance.now()): void {
    this.#flying--;
    const count = figure(headers["inin-ratelimit-count"]);
    const allowed = figure(headers["inin-ratelimit-allowed"]);
    const reset = figure(headers["inin-ratelimit-reset"]);
    // Replies overtake each other: within a window, the count only grows.
    this.#count = count === undefined ? this.#count + 1 : Math.max(this.#count, count);
    if (allowed) this.#allowed = allowed;
    if (reset !== undefined) this.#endsAt = now + reset * 1000;
  }

  /** The server asks to be left alone for so many milliseconds. */
  refused(milliseconds: number, now = performance.now()): void {
    this.#refusedUntil = Math.max(this.#refusedUntil, now + milliseconds);
  }
}

function figure(header: string | undefined): number | undefined {
  const value = Number.parseFloat(header ?? "");
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
