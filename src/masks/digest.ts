import { Buffer } from "node:buffer";
import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import { textColumn } from "./text.ts";

/** What is hashed beside the value, and how the digest is written. */
export interface DigestOptions {
  readonly prefix: string;
  /** Hex digits, at most 64. */
  readonly digits: number;
  /** Stands after them. */
  readonly ending?: string;
}

/** HMAC-SHA-256 (RFC 2104) of every value under a key of at most 64 bytes. Nulls and empty values stay. */
export function hmacColumn(column: Column, key: Buffer, options: DigestOptions, kernels: Kernels): Column {
  const { memory } = kernels;
  const states = memory.alloc(64);
  kernels.hmacStates(memory.put(key), key.length, states);
  return digestColumn(column, { start: states, before: 64, outer: states + 32, suffix: "" }, options, kernels);
}

/** SHA-256 (FIPS 180-4) of every value followed by a suffix. Nulls and empty values stay. */
export function hashColumn(column: Column, suffix: string, options: DigestOptions, kernels: Kernels): Column {
  return digestColumn(column, { start: 0, before: 0, outer: 0, suffix }, options, kernels);
}

interface Digest {
  readonly start: number;
  readonly before: number;
  readonly outer: number;
  readonly suffix: string;
}

function digestColumn(
  column: Column,
  how: Digest,
  { prefix, digits, ending = "" }: DigestOptions,
  kernels: Kernels,
): Column {
  const { memory } = kernels;
  const suffix = Buffer.from(how.suffix, "utf8");
  const suffixAt = memory.put(suffix);
  const lead = Buffer.from(prefix, "utf8");
  const leadAt = memory.put(lead);
  const end = Buffer.from(ending, "utf8");
  const endAt = memory.put(end);
  const offsets = memory.alloc((column.length + 1) * 4);
  const out = memory.alloc(column.length * (lead.length + digits + end.length));
  const length = kernels.digestHex(
    column.values,
    column.offsets,
    column.validity,
    column.length,
    how.start,
    how.before,
    suffixAt,
    suffix.length,
    how.outer,
    leadAt,
    lead.length,
    digits,
    endAt,
    end.length,
    out,
    offsets,
  );
  return textColumn(column, offsets, out, length);
}
