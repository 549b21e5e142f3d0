import {
  type Field as ArrowField,
  TimeUnit as ArrowTimeUnit,
  type DataType,
  type Date_,
  DateUnit,
  type Decimal,
  type Dictionary,
  type Duration,
  type FixedSizeBinary,
  type FixedSizeList,
  type Float,
  type Int,
  type Interval,
  type List,
  type Map_,
  Precision,
  type Schema,
  type Struct,
  type Time,
  type Timestamp,
  Type,
} from "apache-arrow";
import { badInput } from "../errors.ts";
import type { Field, Kind, TimeUnit } from "../types.ts";

/** The fields of an Arrow schema as the rest of the program sees them: dictionaries, views and large types plain. */
export function fieldsOf(schema: Schema): Field[] {
  return schema.fields.map((field) => fieldOf(field.name, field.type));
}

function fieldOf(name: string, type: DataType): Field {
  switch (type.typeId) {
    case Type.Struct:
      return { name, kind: "struct", children: (type as Struct).children.map(named) };
    case Type.List:
    case Type.LargeList:
    case Type.FixedSizeList:
      return { name, kind: "list", children: [named((type as List | FixedSizeList).children[0] as ArrowField)] };
    case Type.Map: {
      const entries = (type as Map_).children[0] as unknown as ArrowField<Struct>;
      return { name, kind: "map", children: entries.type.children.map(named) };
    }
    case Type.Dictionary:
      return fieldOf(name, (type as Dictionary).dictionary);
    default:
      return { name, children: [], ...scalarOf(name, type) };
  }
}

function named(field: ArrowField): Field {
  return fieldOf(field.name, field.type);
}

const UNITS: Readonly<Record<ArrowTimeUnit, TimeUnit>> = {
  [ArrowTimeUnit.SECOND]: "s",
  [ArrowTimeUnit.MILLISECOND]: "ms",
  [ArrowTimeUnit.MICROSECOND]: "us",
  [ArrowTimeUnit.NANOSECOND]: "ns",
};

function scalarOf(name: string, type: DataType): Pick<Field, "kind" | "unit" | "utc" | "scale" | "width"> {
  switch (type.typeId) {
    case Type.Null:
      return { kind: "null" };
    case Type.Bool:
      return { kind: "bool" };
    case Type.Int: {
      const { isSigned, bitWidth } = type as Int;
      return { kind: `${isSigned ? "int" : "uint"}${bitWidth}` as Kind };
    }
    case Type.Float:
      return { kind: FLOATS[(type as Float).precision] };
    case Type.Decimal:
      return { kind: "decimal", scale: (type as Decimal).scale, width: (type as Decimal).bitWidth / 8 };
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
      return { kind: "utf8" };
    case Type.Binary:
    case Type.LargeBinary:
    case Type.BinaryView:
      return { kind: "binary" };
    case Type.FixedSizeBinary:
      return { kind: "binary", width: (type as FixedSizeBinary).byteWidth };
    case Type.Date:
      return { kind: (type as Date_).unit === DateUnit.DAY ? "date32" : "date64" };
    case Type.Time:
      return { kind: "time", unit: UNITS[(type as Time).unit] };
    case Type.Timestamp:
      return { kind: "timestamp", unit: UNITS[(type as Timestamp).unit], utc: Boolean((type as Timestamp).timezone) };
    case Type.Duration:
      return { kind: "duration", unit: UNITS[(type as Duration).unit] };
    case Type.Interval:
      return { kind: "interval", width: [4, 8, 16][(type as Interval).unit] ?? 16 };
    default:
      throw badInput(`reading the schema: the column ${name} has the type ${type}, which is not supported`, {
        stage: "plan",
      });
  }
}

const FLOATS: Readonly<Record<Precision, Kind>> = {
  [Precision.HALF]: "float16",
  [Precision.SINGLE]: "float32",
  [Precision.DOUBLE]: "float64",
};
