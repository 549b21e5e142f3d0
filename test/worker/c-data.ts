/** apache-arrow's batches as a program with 32-bit pointers hands them over: Arrow's C data interface. */
import * as arrow from "apache-arrow";

const ARRAY_BYTES = 64;
const SCHEMA_BYTES = 48;

/** A batch in a memory of its own. */
export interface Exported {
  readonly memory: ArrayBuffer;
  /** Address of the ArrowArray. */
  readonly array: number;
  /** Address of the ArrowSchema. */
  readonly schema: number;
}

/** @param offset elements that are not meant stand in front of every array's own */
export function exportBatch(batch: arrow.RecordBatch, offset = 0): Exported {
  const out = new Exporter(offset);
  const type = new arrow.Struct(batch.schema.fields);
  const data = arrow.makeData({ type, length: batch.numRows, nullCount: 0, children: [...batch.data.children] });
  const array = out.array(data as arrow.Data, 0);
  const schema = out.schema("", type);
  return { memory: out.memory(), array, schema };
}

class Exporter {
  readonly #offset: number;
  #bytes = Buffer.alloc(1 << 16);
  #top = 64;

  constructor(offset: number) {
    this.#offset = offset;
  }

  memory(): ArrayBuffer {
    return new Uint8Array(this.#bytes.subarray(0, this.#top)).buffer;
  }

  /** @param lead elements that a struct around it skips */
  array(data: arrow.Data, lead: number): number {
    if (data.offset !== 0) throw new Error("a slice");
    const before = lead + this.#offset;
    const address = this.#alloc(ARRAY_BYTES);
    const { type } = data;
    const skipped = arrow.DataType.isStruct(type) ? before : 0;
    const fixed = arrow.DataType.isFixedSizeList(type) ? before * type.listSize : 0;
    const children = data.children.map((child) => this.array(child, skipped + fixed));
    const dictionary = data.dictionary ? this.array(data.dictionary.data[0] as arrow.Data, 0) : 0;
    const buffers = this.#buffers(data, before);
    this.#int64(address, data.length);
    this.#int64(address + 8, buffers[0] === 0 ? 0 : -1);
    this.#int64(address + 16, this.#offset);
    this.#int64(address + 24, buffers.length);
    this.#int64(address + 32, children.length);
    this.#uint32(address + 40, this.#pointers(buffers));
    this.#uint32(address + 44, this.#pointers(children));
    this.#uint32(address + 48, dictionary);
    return address;
  }

  schema(name: string, type: arrow.DataType): number {
    const address = this.#alloc(SCHEMA_BYTES);
    const dictionary = arrow.DataType.isDictionary(type) ? this.schema("", type.dictionary) : 0;
    const own = arrow.DataType.isDictionary(type) ? type.indices : type;
    const children = ((own as arrow.Struct).children ?? []).map((field) => this.schema(field.name, field.type));
    this.#uint32(address, this.#text(formatOf(own)));
    this.#uint32(address + 4, this.#text(name));
    this.#int64(address + 24, children.length);
    this.#uint32(address + 32, this.#pointers(children));
    this.#uint32(address + 36, dictionary);
    return address;
  }

  #buffers(data: arrow.Data, before: number): number[] {
    const { type } = data;
    if (arrow.DataType.isNull(type)) return [];
    const bitmap = data.nullBitmap as Uint8Array | undefined;
    const validity = bitmap && bitmap.length > 0 ? this.#bits(bitmap, data.length, before) : 0;
    if (arrow.DataType.isStruct(type) || arrow.DataType.isFixedSizeList(type)) return [validity];
    if (arrow.DataType.isBool(type)) return [validity, this.#bits(data.values as Uint8Array, data.length, before)];
    if (arrow.DataType.isUtf8View(type) || arrow.DataType.isBinaryView(type)) {
      const views = this.#fixed(data.values, 16, before);
      return [validity, views, ...data.variadicBuffers.map((bytes) => this.#put(bytes)), this.#alloc(8)];
    }
    if (data.valueOffsets === undefined || arrow.DataType.isFixedSizeBinary(type)) {
      return [validity, this.#fixed(data.values, widthOf(data), before)];
    }
    const offsets = data.valueOffsets as unknown as Int32Array | BigInt64Array;
    const first = offsets[0] ?? 0;
    const Offsets = offsets.constructor as unknown as { from(values: Iterable<unknown>): ArrayBufferView };
    const led = this.#put(
      bytesOf(Offsets.from([...Array(before).fill(first), ...(offsets.length > 0 ? offsets : [first])])),
    );
    const nested = data.children.length > 0;
    return nested ? [validity, led] : [validity, led, this.#put(bytesOf(data.values))];
  }

  #bits(bitmap: Uint8Array, length: number, before: number): number {
    const bits = new Uint8Array(Math.ceil((before + length) / 8)).fill(0b10101010);
    for (let i = 0; i < length; i++) {
      const bit = (bitmap[i >> 3]! >> (i & 7)) & 1;
      const at = before + i;
      bits[at >> 3] = (bits[at >> 3]! & ~(1 << (at & 7))) | (bit << (at & 7));
    }
    return this.#put(bits);
  }

  #fixed(values: ArrayBufferView, width: number, before: number): number {
    return this.#put(Buffer.concat([Buffer.alloc(before * width, 0xa5), bytesOf(values)]));
  }

  #pointers(addresses: readonly number[]): number {
    return addresses.length === 0 ? 0 : this.#put(bytesOf(Uint32Array.from(addresses)));
  }

  #text(text: string): number {
    return this.#put(Buffer.from(`${text}\0`));
  }

  #put(bytes: Uint8Array): number {
    const address = this.#alloc(bytes.length);
    this.#bytes.set(bytes, address);
    return address;
  }

  #alloc(bytes: number): number {
    const address = this.#top;
    this.#top += Math.ceil((bytes + 1) / 16) * 16;
    if (this.#top > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#top)]);
    return address;
  }

  #int64(address: number, value: number): void {
    this.#bytes.writeBigInt64LE(BigInt(value), address);
  }

  #uint32(address: number, value: number): void {
    this.#bytes.writeUInt32LE(value, address);
  }
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function widthOf({ values, stride }: arrow.Data): number {
  return (values as Uint8Array).BYTES_PER_ELEMENT * stride;
}

const UNITS = ["s", "m", "u", "n"];

function formatOf(type: arrow.DataType): string {
  switch (type.typeId) {
    case arrow.Type.Null:
      return "n";
    case arrow.Type.Bool:
      return "b";
    case arrow.Type.Int: {
      const { isSigned, bitWidth } = type as arrow.Int;
      const signed = { 8: "c", 16: "s", 32: "i", 64: "l" }[bitWidth];
      return isSigned ? signed : signed.toUpperCase();
    }
    case arrow.Type.Float:
      return "efg"[(type as arrow.Float).precision]!;
    case arrow.Type.Decimal: {
      const { precision, scale, bitWidth } = type as arrow.Decimal;
      return `d:${precision},${scale}${bitWidth === 128 ? "" : `,${bitWidth}`}`;
    }
    case arrow.Type.Utf8:
      return "u";
    case arrow.Type.LargeUtf8:
      return "U";
    case arrow.Type.Utf8View:
      return "vu";
    case arrow.Type.Binary:
      return "z";
    case arrow.Type.LargeBinary:
      return "Z";
    case arrow.Type.BinaryView:
      return "vz";
    case arrow.Type.FixedSizeBinary:
      return `w:${(type as arrow.FixedSizeBinary).byteWidth}`;
    case arrow.Type.Date:
      return (type as arrow.Date_).unit === arrow.DateUnit.DAY ? "tdD" : "tdm";
    case arrow.Type.Time:
      return `tt${UNITS[(type as arrow.Time).unit]}`;
    case arrow.Type.Timestamp:
      return `ts${UNITS[(type as arrow.Timestamp).unit]}:${(type as arrow.Timestamp).timezone ?? ""}`;
    case arrow.Type.Duration:
      return `tD${UNITS[(type as arrow.Duration).unit]}`;
    case arrow.Type.Interval:
      return ["tiM", "tiD", "tin"][(type as arrow.Interval).unit]!;
    case arrow.Type.Struct:
      return "+s";
    case arrow.Type.List:
      return "+l";
    case arrow.Type.FixedSizeList:
      return `+w:${(type as arrow.FixedSizeList).listSize}`;
    case arrow.Type.Map:
      return "+m";
    default:
      throw new Error(`no format for ${type}`);
  }
}
