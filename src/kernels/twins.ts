import type { KernelFunctions } from "./load.ts";
import type { KernelMemory } from "./memory.ts";
import {
  INT_QUOTED,
  KIND_BOOL,
  KIND_DECIMAL,
  KIND_FLOAT,
  KIND_INT,
  KIND_LIST,
  KIND_MAP,
  KIND_NULL,
  KIND_OMIT,
  KIND_RAW,
  KIND_STRUCT,
  NODE_BYTES,
  SLOT_B,
  SLOT_CHILD_COUNT,
  SLOT_CHILDREN,
  SLOT_KEY,
  SLOT_KEY_LENGTH,
  SLOT_KIND,
  SLOT_OFFSETS,
  SLOT_QUOTED,
  SLOT_VALIDITY,
} from "./node.ts";
import { foldTwins } from "./twin-fold.ts";
import { islandTwins } from "./twin-islands.ts";
import { bitAt, bytesAt, scalarText } from "./twin-scalars.ts";

/** Some have a better oracle than a twin: digests node:crypto, the memo and sketches what they were given. */
export type TwinFunctions = Omit<
  KernelFunctions,
  "hmacStates" | "digestHex" | "memoFind" | "memoInsert" | "sketchPairs"
>;

/**
 * Every kernel again in plain TypeScript, over the same memory and with the same contracts: the oracle of the
 * kernels' tests. Meant to be obviously right; never fast.
 */
export function createTwins(memory: KernelMemory): TwinFunctions {
  let written = 0;
  // Made for each use: growth of the memory detaches old ones.
  const view = () => new DataView(memory.buffer);

  function writeOffset(offsets: number, index: number, value: number): void {
    view().setInt32(offsets + 4 * index, value, true);
  }

  /** Writes the pieces one after the other; how many of them fit, and their ends. */
  function writePieces(pieces: Iterable<string>, out: number, outEnd: number): number[] {
    const ends: number[] = [];
    let at = out;
    for (const piece of pieces) {
      const bytes = Buffer.from(piece, "utf8");
      if (bytes.length > outEnd - at) break;
      memory.u8(at, bytes.length).set(bytes);
      at += bytes.length;
      ends.push(at - out);
    }
    return ends;
  }

  /** Copies of the values: an output may be its input. */
  function textValues(values: number, offsets: number, length: number): Buffer[] {
    return Array.from({ length }, (_, i) => Buffer.from(bytesAt(view(), values, offsets, i)));
  }

  function writeTexts(texts: readonly Buffer[], outValues: number, outOffsets: number): number {
    let at = 0;
    writeOffset(outOffsets, 0, 0);
    for (const [k, text] of texts.entries()) {
      memory.u8(outValues + at, text.length).set(text);
      at += text.length;
      writeOffset(outOffsets, k + 1, at);
    }
    return at;
  }

  function gathered(values: number, offsets: number, indices: number, count: number): Buffer[] {
    return Array.from({ length: count }, (_, k) => {
      const index = view().getInt32(indices + 4 * k, true);
      return index < 0 ? Buffer.alloc(0) : Buffer.from(bytesAt(view(), values, offsets, index));
    });
  }

  return {
    encodeRows(root, fromRow, toRow, out, outEnd) {
      const ends = writePieces(
        range(fromRow, toRow).map((row) => `${jsonText(view(), root, row)}\n`),
        out,
        outEnd,
      );
      written = ends.at(-1) ?? 0;
      return ends.length;
    },

    encodedBytes: () => written,

    renderText(node, from, to, out, outEnd, offsetsOut) {
      const ends = writePieces(
        range(from, to).map((i) => (isNull(view(), node, i) ? "" : scalarText(view(), node, i))),
        out,
        outEnd,
      );
      for (const [k, end] of [0, ...ends].entries()) writeOffset(offsetsOut, k, end);
      return ends.length;
    },

    join(values, offsets, length, separator, out) {
      const pieces = textValues(values, offsets, length).flatMap((value) => [value, Buffer.of(separator)]);
      const joined = Buffer.concat(pieces);
      memory.u8(out, joined.length).set(joined);
      return joined.length;
    },

    split(bytes, byteLength, separator, length, out, offsetsOut) {
      const values: Buffer[] = [];
      let rest = Buffer.from(memory.u8(bytes, byteLength));
      for (let at = rest.indexOf(separator); at >= 0; at = rest.indexOf(separator)) {
        values.push(rest.subarray(0, at));
        rest = rest.subarray(at + 1);
      }
      const kept = values.slice(0, length);
      const missing = Array.from({ length: length - kept.length }, () => Buffer.alloc(0));
      writeTexts([...kept, ...missing], out, offsetsOut);
      return rest.length > 0 ? -1 : values.length;
    },

    countChanged(aValues, aOffsets, bValues, bOffsets, length) {
      const a = textValues(aValues, aOffsets, length);
      const b = textValues(bValues, bOffsets, length);
      return a.filter((value, i) => !value.equals(b[i]!)).length;
    },

    finiteBits(values, width, validity, length, out) {
      const valid = range(0, length).filter((i) => validity === 0 || bitAt(view(), validity, i));
      const at = (i: number) =>
        width === 8 ? view().getFloat64(values + 8 * i, true) : view().getFloat32(values + 4 * i, true);
      const finite = valid.filter((i) => Number.isFinite(at(i)));
      const bits = memory.u8(out, (length + 7) >> 3).fill(0);
      for (const i of finite) bits[i >> 3]! |= 1 << (i & 7);
      return valid.length - finite.length;
    },

    countValid(validity, length) {
      return range(0, length).filter((i) => validity === 0 || bitAt(view(), validity, i)).length;
    },

    gatherTextSize(offsets, indices, count) {
      // Sizes do not depend on where the values are.
      return gathered(0, offsets, indices, count).reduce((size, text) => size + text.length, 0);
    },

    gatherText(values, offsets, indices, count, outValues, outOffsets) {
      return writeTexts(gathered(values, offsets, indices, count), outValues, outOffsets);
    },

    patchText(values, offsets, length, indices, count, byValues, byOffsets, out, outOffsets) {
      const texts = textValues(values, offsets, length);
      const by = textValues(byValues, byOffsets, count);
      for (const [k, text] of by.entries()) texts[view().getInt32(indices + 4 * k, true)] = text;
      return writeTexts(texts, out, outOffsets);
    },

    canonicalText(values, offsets, length, ascii, pairs, rules, out, outOffsets, left) {
      const bytes = memory.u8(ascii, 128).slice();
      const points = memory.u16(pairs, 1920).slice();
      const texts = textValues(values, offsets, length);
      const forms = texts.map((text) => canonicalOf(text.toString("utf8"), bytes, points, rules));
      writeTexts(
        forms.map((form) => Buffer.from(form ?? "", "utf8")),
        out,
        outOffsets,
      );
      const without = range(0, length).filter((i) => forms[i] === undefined);
      for (const [k, i] of without.entries()) view().setInt32(left + 4 * k, i, true);
      return without.length;
    },

    gatherFixed(values, width, indices, count, out) {
      for (let k = 0; k < count; k++) {
        const index = view().getInt32(indices + 4 * k, true);
        const value = index < 0 ? new Uint8Array(width) : memory.u8(values + index * width, width);
        memory.u8(out + k * width, width).set(value);
      }
    },

    charBoundaries(values, offsets, length) {
      const ends = view().getInt32(offsets + 4 * length, true);
      const starts = range(0, length).map((i) => view().getInt32(offsets + 4 * i, true));
      const inside = starts.some((at) => at < ends && (view().getUint8(values + at) & 0xc0) === 0x80);
      return inside ? 0 : 1;
    },

    withWindow(values, offsets, length, window, count, out) {
      const wanted = [...memory.u8(window, count)];
      const isAt = (value: Buffer, at: number) =>
        wanted.every((byte, k) =>
          byte === 0x80 ? value[at + k]! >= 0x30 && value[at + k]! <= 0x39 : value[at + k] === byte,
        );
      const texts = textValues(values, offsets, length);
      const found = range(0, length).filter((i) =>
        range(0, texts[i]!.length - count + 1).some((at) => isAt(texts[i]!, at)),
      );
      for (const [k, i] of found.entries()) view().setInt32(out + 4 * k, i, true);
      return found.length;
    },

    ...foldTwins(memory),

    ...islandTwins(memory),

    hasByte: (address, length, byte) => (memory.u8(address, length).includes(byte) ? 1 : 0),
  };
}

/** A value's form by the tables of `canonicalText`, undefined where it is left out. */
function canonicalOf(text: string, ascii: Uint8Array, pairs: Uint16Array, rules: number): string | undefined {
  if (text === "") return "";
  const points = [...text].map((character) => character.codePointAt(0)!);
  if (points.some((point) => point > 0x7ff || (point < 0x80 ? ascii[point] === 0x81 : pairs[point - 0x80] === 0))) {
    return undefined;
  }
  if (ascii[0x20] === 0x20 && (/^ | $/.test(text) || ((rules & 1) !== 0 && text.includes("  ")))) return undefined;
  const kept = points.filter((point) => point >= 0x80 || ascii[point] !== 0x80);
  const form = String.fromCodePoint(...kept.map((point) => (point < 0x80 ? ascii[point]! : pairs[point - 0x80]!)));
  return form === "" || ((rules & 2) !== 0 && form.startsWith("0")) ? undefined : form;
}

/** The integers [from, to). */
function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_, k) => from + k);
}

function isNull(view: DataView<ArrayBuffer>, node: number, i: number): boolean {
  const validity = view.getUint32(node + 4 * SLOT_VALIDITY, true);
  const kind = view.getInt32(node + 4 * SLOT_KIND, true);
  return kind === KIND_NULL || (validity !== 0 && !bitAt(view, validity, i));
}

/** Element i of a record as JSON: the plain twin of assembly/encode.ts. */
function jsonText(view: DataView<ArrayBuffer>, node: number, i: number): string {
  const slot = (index: number, of = node) => view.getUint32(of + 4 * index, true);
  const child = (index: number) => slot(SLOT_CHILDREN) + NODE_BYTES * index;
  const isOmitted = (of: number) => slot(SLOT_KIND, of) === KIND_OMIT;
  /** The indices of the items of element i. */
  const items = () => {
    const offsets = slot(SLOT_OFFSETS);
    return range(view.getInt32(offsets + 4 * i, true), view.getInt32(offsets + 4 * (i + 1), true));
  };

  if (isNull(view, node, i)) return "null";
  switch (slot(SLOT_KIND)) {
    case KIND_STRUCT: {
      const members = range(0, slot(SLOT_CHILD_COUNT))
        .map(child)
        .filter((of) => !isOmitted(of));
      const keyOf = (of: number) =>
        Buffer.from(view.buffer, slot(SLOT_KEY, of), slot(SLOT_KEY_LENGTH, of)).toString("utf8");
      return `{${members.map((of) => keyOf(of) + jsonText(view, of, i)).join(",")}}`;
    }
    case KIND_LIST: {
      const present = isOmitted(child(0)) ? [] : items();
      return `[${present.map((k) => jsonText(view, child(0), k)).join(",")}]`;
    }
    case KIND_MAP: {
      const present = isOmitted(child(0)) || isOmitted(child(1)) ? [] : items();
      const entry = (k: number) => `${JSON.stringify(scalarText(view, child(0), k))}:${jsonText(view, child(1), k)}`;
      return `{${present.map(entry).join(",")}}`;
    }
    default: {
      const text = scalarText(view, node, i);
      return isQuoted(view, node) ? JSON.stringify(text) : text;
    }
  }
}

function isQuoted(view: DataView<ArrayBuffer>, node: number): boolean {
  const slot = (index: number) => view.getInt32(node + 4 * index, true);
  switch (slot(SLOT_KIND)) {
    case KIND_BOOL:
    case KIND_RAW:
    case KIND_FLOAT:
      return false;
    case KIND_INT:
      return (slot(SLOT_B) & INT_QUOTED) !== 0;
    case KIND_DECIMAL:
      return slot(SLOT_QUOTED) !== 0;
    default:
      return true;
  }
}
