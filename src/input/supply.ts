import type { Store } from "../store/store.ts";
import type { ObjectInfo } from "../types.ts";
import type { Supply } from "../worker/session.ts";

/** Bytes of one read of a text input. */
const CHUNK = 4 * 1024 * 1024;

/** An object's bytes from its start, a piece at a time, as they are asked for. */
export function textSupply(object: ObjectInfo, store: Store, signal: AbortSignal): Supply {
  let start = 0;
  return async () => {
    if (start >= object.size) return null;
    const end = Math.min(object.size, start + CHUNK);
    const bytes = await store.read(object, { start, end }, signal);
    start = end;
    return bytes;
  };
}
