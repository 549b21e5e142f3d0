import { unescapeTo } from "./escape.ts";
import type { JsonText } from "./json-text.ts";

const QUOTE = 0x22;

/** The keys of an object, found by their bytes: rows mostly have the same keys in the same order. */
export class Keys {
  readonly #names: string[] = [];
  /** A key as it stands between quotes; empty where a text that equals these bytes would mean another key. */
  readonly #plain: Uint8Array[] = [];
  readonly #index = new Map<string, number>();

  get size(): number {
    return this.#names.length;
  }

  add(name: string): number {
    const index = this.#names.length;
    this.#names.push(name);
    this.#plain.push(/["\\\p{Cc}\ufffd]/u.test(name) ? new Uint8Array(0) : Buffer.from(name, "utf8"));
    this.#index.set(name, index);
    return index;
  }

  name(index: number): string {
    return this.#names[index]!;
  }

  /**
   * Reads the key whose opening quote is next.
   *
   * @param expected index of the key that would come next
   * @returns its index, -1 when it is none of these; then the name is `nameOf(text)`
   */
  find(text: JsonText, expected: number): number {
    const plain = this.#plain[expected];
    if (plain !== undefined && plain.length > 0) {
      const { bytes } = text;
      const start = text.at + 1;
      let i = 0;
      while (i < plain.length && bytes[start + i] === plain[i]) i++;
      if (i === plain.length && bytes[start + i] === QUOTE) {
        text.at = start + i + 1;
        return expected;
      }
    }
    text.string();
    return this.#index.get(nameOf(text)) ?? -1;
  }
}

/** What the string that was read last stands for; U+FFFD where it is not well-formed. */
export function nameOf(text: JsonText): string {
  const { bytes, start, stop } = text;
  if (!text.escaped) return bytes.toString("utf8", start, stop);
  const name = Buffer.allocUnsafe(stop - start);
  return name.toString("utf8", 0, unescapeTo(name, 0, bytes, start, stop));
}
