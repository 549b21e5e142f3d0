import * as arrow from "apache-arrow";
import type { Field } from "../../../src/types.ts";
import type { Table, Value } from "./value.ts";

/**
 * The rows as an Arrow table, buffer by buffer, so that every value is exact (apache-arrow's own builders take
 * timestamps as floating point milliseconds).
 * @param dictionary top-level text columns become dictionary arrays
 */
export function arrowTable({ fields, rows }: Table, dictionary = false): arrow.Table {
  const data = fields.map((field, index) => {
    const values = rows.map((row) => row[index]!);
    return dictionary && field.kind === "utf8" ? dictionaryData(values) : dataOf(field, values);
  });
  const schema = new arrow.Schema(fields.map((field, index) => new arrow.Field(field.name, data[index]!.type, true)));
  const batch = new arrow.RecordBatch(
    schema,
    arrow.makeData({
      type: new arrow.Struct(schema.fields),
      length: rows.length,
      nullCount: 0,
      children: data,
    }) as never,
  );
  return new arrow.Table(schema, [batch]);
}

function dictionaryData(values: readonly Value[]): arrow.Data {
  const words = [...new Set(values.filter((value) => value !== null))];
  const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32());
  return arrow.makeData({
    type,
    ...lengthAndNulls(values),
    data: Int32Array.from(values, (value) => (value === null ? 0 : words.indexOf(value))),
    dictionary: new arrow.Vector([dataOf({ name: "", kind: "utf8", children: [] }, words) as arrow.Data<arrow.Utf8>]),
  }) as arrow.Data;
}

function dataOf(field: Field, values: readonly Value[]): arrow.Data {
  const base = lengthAndNulls(values);
  const make = (props: object) => arrow.makeData({ ...base, ...props } as never) as arrow.Data;
  switch (field.kind) {
    case "struct": {
      const children = field.children.map((child, index) =>
        dataOf(
          child,
          values.map((value) => (value === null ? null : (value as readonly Value[])[index]!)),
        ),
      );
      return make({ type: new arrow.Struct(arrowFields(field.children, children)), children });
    }
    case "list": {
      const child = dataOf(field.children[0]!, values.flatMap(itemsOf));
      const type = new arrow.List(arrowFields(field.children, [child])[0]!);
      return make({ type, valueOffsets: offsetsOf(values, (value) => itemsOf(value).length), child });
    }
    case "map": {
      const pairs = values.flatMap(itemsOf) as readonly (readonly Value[])[];
      const child = dataOf({ name: "entries", kind: "struct", children: field.children }, pairs);
      const [key, value] = (child.type as unknown as arrow.Struct).children;
      const entries = new arrow.Struct([new arrow.Field("key", key!.type, false), value!]);
      const type = new arrow.Map_(new arrow.Field("entries", entries, false) as never);
      return make({
        type,
        valueOffsets: offsetsOf(values, (value) => itemsOf(value).length),
        child: arrow.makeData({ type: entries, length: pairs.length, nullCount: 0, children: [...child.children] }),
      });
    }
    case "utf8":
    case "binary": {
      const bytes = values.map((value) => Buffer.from((value ?? "") as string));
      const type = field.kind === "utf8" ? new arrow.Utf8() : new arrow.Binary();
      const valueOffsets = Int32Array.of(0, ...bytes.map(running((one) => one.length)));
      return make({ type, valueOffsets, data: new Uint8Array(Buffer.concat(bytes)) });
    }
    case "bool": {
      const bits = bitmap(values.map((value) => value === true));
      return make({ type: new arrow.Bool(), data: bits });
    }
    case "decimal": {
      const words = values.flatMap((value) =>
        [0n, 32n, 64n, 96n].map((shift) => Number(BigInt.asUintN(32, ((value ?? 0n) as bigint) >> shift))),
      );
      return make({ type: new arrow.Decimal(field.scale ?? 0, 38, 128), data: Uint32Array.from(words) });
    }
    default: {
      const [type, Values] = fixedWidth(field);
      const data =
        Values.BYTES_PER_ELEMENT === 8 && field.kind !== "float64"
          ? (Values as BigInt64ArrayConstructor).from(values.map((value) => BigInt((value ?? 0) as bigint)))
          : (Values as Int32ArrayConstructor).from(values.map((value) => Number(value ?? 0)));
      return make({ type, data });
    }
  }
}

function fixedWidth(field: Field): [arrow.DataType, Int32ArrayConstructor | BigInt64ArrayConstructor] {
  const wide = BigInt64Array;
  const units = { s: arrow.TimeUnit.SECOND, ms: arrow.TimeUnit.MILLISECOND, us: arrow.TimeUnit.MICROSECOND };
  const unit = field.unit === "ns" || field.unit === undefined ? arrow.TimeUnit.NANOSECOND : units[field.unit];
  const plain: Readonly<Record<string, [arrow.DataType, unknown]>> = {
    int8: [new arrow.Int8(), Int8Array],
    int16: [new arrow.Int16(), Int16Array],
    int32: [new arrow.Int32(), Int32Array],
    int64: [new arrow.Int64(), BigInt64Array],
    uint8: [new arrow.Uint8(), Uint8Array],
    uint16: [new arrow.Uint16(), Uint16Array],
    uint32: [new arrow.Uint32(), Uint32Array],
    uint64: [new arrow.Uint64(), BigUint64Array],
    float32: [new arrow.Float32(), Float32Array],
    float64: [new arrow.Float64(), Float64Array],
    date32: [new arrow.DateDay(), Int32Array],
    date64: [new arrow.DateMillisecond(), BigInt64Array],
    time:
      field.unit === "s" || field.unit === "ms"
        ? [new arrow.Time(unit, 32), Int32Array]
        : [new arrow.Time(unit, 64), wide],
    timestamp: [new arrow.Timestamp(unit, field.utc ? "UTC" : null), wide],
    duration: [new arrow.Duration(unit), wide],
  };
  const found = plain[field.kind];
  if (!found) throw new TypeError(`no Arrow type here for ${field.kind}`);
  return found as [arrow.DataType, Int32ArrayConstructor];
}

function lengthAndNulls(values: readonly Value[]): { length: number; nullCount: number; nullBitmap: Uint8Array } {
  const nullBitmap = bitmap(values.map((value) => value !== null));
  return { length: values.length, nullCount: values.filter((value) => value === null).length, nullBitmap };
}

function bitmap(bits: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 64) * 8);
  for (const [index, bit] of bits.entries()) if (bit) bytes[index >> 3]! |= 1 << (index & 7);
  return bytes;
}

function itemsOf(value: Value): readonly Value[] {
  return (value ?? []) as readonly Value[];
}

function offsetsOf(values: readonly Value[], size: (value: Value) => number): Int32Array {
  return Int32Array.of(0, ...values.map(running(size)));
}

function running<T>(size: (value: T) => number): (value: T) => number {
  let total = 0;
  return (value) => {
    total += size(value);
    return total;
  };
}

function arrowFields(fields: readonly Field[], data: readonly arrow.Data[]): arrow.Field[] {
  return fields.map((field, index) => new arrow.Field(field.name, data[index]!.type, true));
}
