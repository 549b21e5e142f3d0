/**
 * Gives an ArrayBuffer's memory back at once: the garbage collector sees only the small object that holds it, and would
 * let hundreds of megabytes pass through before it looks. Every view of it is empty afterwards.
 */
export function release(buffer: ArrayBufferLike): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}
