import * as arrow from "apache-arrow";

/** A table of one column. */
export function tableOf(data: arrow.Data): arrow.Table {
  const schema = new arrow.Schema([new arrow.Field("c", data.type, true)]);
  const struct = arrow.makeData({
    type: new arrow.Struct(schema.fields),
    length: data.length,
    nullCount: 0,
    children: [data],
  });
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, struct as never)]);
}

export function make(props: object): arrow.Data {
  return arrow.makeData(props as never) as arrow.Data;
}

/** Bits, least significant first. */
export function bitmap(bits: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [i, bit] of bits.entries()) if (bit) bytes[i >> 3]! |= 1 << (i & 7);
  return bytes;
}

export function utf8(values: readonly (string | null)[], type: arrow.DataType = new arrow.Utf8()): arrow.Data {
  return arrow.vectorFromArray([...values], type).data[0]! as arrow.Data;
}
