import assert from "node:assert/strict";
import { loadKernels } from "../../src/kernels/load.ts";
import { createTwins, type TwinFunctions } from "../../src/kernels/twins.ts";
import { type Model, placeColumn } from "./columns.ts";

/** One instance for a test file, and its twins over the same memory. */
export const kernels = loadKernels();
export const twins = createTwins(kernels.memory);
export const memory = kernels.memory;

/** Bytes on both sides of every output, in which a kernel must not write. */
const GUARD = 64;
const UNTOUCHED = 0xaa;

/** Address of `size` bytes with guards around; `unguard` checks these. */
export function guarded(size: number, shift = 0): number {
  const address = memory.alloc(size + 2 * GUARD + shift);
  memory.u8(address, size + 2 * GUARD + shift).fill(UNTOUCHED);
  return address + GUARD + shift;
}

export function unguard(address: number, size: number): void {
  for (const side of [address - GUARD, address + size]) {
    assert.ok(
      memory.u8(side, GUARD).every((byte) => byte === UNTOUCHED),
      "wrote outside of its output",
    );
  }
}

export interface Encoded {
  readonly rows: number;
  readonly text: string;
}

/** What one call of `encodeRows` writes into `room` bytes. */
export function encode(functions: TwinFunctions, root: number, from: number, to: number, room: number): Encoded {
  const mark = memory.mark();
  const out = guarded(room);
  const rows = functions.encodeRows(root, from, to, out, out + room);
  unguard(out, room);
  const text = Buffer.from(memory.u8(out, functions.encodedBytes())).toString("utf8");
  memory.release(mark);
  return { rows, text };
}

export interface Rendered {
  readonly done: number;
  readonly offsets: readonly number[];
  readonly text: string;
}

/** What one call of `renderText` writes into `room` bytes. */
export function render(functions: TwinFunctions, node: number, from: number, to: number, room: number): Rendered {
  const mark = memory.mark();
  const out = guarded(room);
  const offsetsOut = guarded(4 * (to - from + 1));
  const done = functions.renderText(node, from, to, out, out + room, offsetsOut);
  unguard(out, room);
  unguard(offsetsOut, 4 * (to - from + 1));
  const offsets = [...memory.i32(offsetsOut, done + 1)];
  const text = Buffer.from(memory.u8(out, offsets[done]!)).toString("utf8");
  memory.release(mark);
  return { done, offsets, text };
}

/** The text forms of a column's elements, by the kernel. */
export function rendered(column: Model): string[] {
  memory.reset();
  const { done, offsets, text } = render(kernels, placeColumn(memory, column), 0, column.length, 1 << 16);
  assert.equal(done, column.length);
  const bytes = Buffer.from(text);
  return offsets.slice(1).map((end, i) => bytes.subarray(offsets[i]!, end).toString());
}

/** The JSON lines of a STRUCT, by the kernel. */
export function encoded(root: Model): string {
  memory.reset();
  const { rows, text } = encode(kernels, placeColumn(memory, root), 0, root.length, 1 << 20);
  assert.equal(rows, root.length);
  return text;
}
