import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import { canonicalColumn } from "./canonical.ts";
import { type Decimal, decimalText, floorTo, readDecimal, roundTo, unitsAt } from "./decimal.ts";
import { Draws } from "./draws.ts";
import { type Beside, declareMask, TEXT_AND_NUMBERS } from "./mask.ts";
import { memoised } from "./memo.ts";
import { mapValues } from "./text.ts";

/** The domain of the key, and of the canonical form of those whom noise belongs to. */
const DOMAIN = "number-noise";
/** Of what options say: these and a number's own digits stay countable. */
const SMALLEST = 1e-9;
const LARGEST = 1e15;

export const number = declareMask({
  name: "number",
  summary: "a number rounded, put into a bucket, kept within bounds, or with keyed noise; a numeric column stays one",
  options: (z) => ({
    to: z
      .enum(["round", "bucket", "bounds", "noise"])
      .default("round")
      .describe("the nearest multiple of step; the one below; unchanged between min and max; another number near it"),
    step: z.number().min(SMALLEST).max(LARGEST).default(10).describe("round, bucket: multiples of this"),
    min: z.number().min(-LARGEST).max(LARGEST).optional().describe("lower numbers become this one (bottom code)"),
    max: z.number().min(-LARGEST).max(LARGEST).optional().describe("higher numbers become this one (top code)"),
    within: z
      .union([
        z.number().min(SMALLEST).max(LARGEST),
        z.string().regex(/^\d{1,4}(?:\.\d{1,4})?%$/, 'a number, or a share such as "10%"'),
      ])
      .default("10%")
      .describe("noise: at most so much is added or taken, never nothing; the sign stays"),
    by: z
      .string()
      .min(1)
      .optional()
      .describe("noise: the field beside it whose value decides, the same for all of one entity; else the number does"),
    with: z.string().default("[NUMBER]").describe("written in place of text that is no number"),
  }),
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  counts: "changed",
  numeric: true,
  problem: ({ to, min, max, by }) => {
    if (to === "bounds" && min === undefined && max === undefined) return "`to: bounds` needs min or max";
    if (min !== undefined && max !== undefined && min > max) return "min is above max";
    return by !== undefined && to !== "noise" ? "`by` belongs to `to: noise`" : undefined;
  },
  reads: ({ by }) => (by === undefined ? [] : [by]),
  compile: ({ to, step, min, max, within, by, with: unread }, context) => {
    const clamp = clampTo(min, max);
    const write = (read: Decimal, scale: number, change: (units: Units, scale: number) => Units) =>
      decimalText(clamp(change(clamp(unitsAt(read, scale), scale), scale), scale), scale);
    if (to !== "noise") {
      const size = decimalOf(step);
      const steps = scaled(size);
      const change = (units: Units, scale: number) =>
        to === "round" ? roundTo(units, steps(scale)) : floorTo(units, steps(scale));
      return memoised((column, kernels) =>
        mapValues(column, kernels, (value) => {
          const read = readDecimal(value.trim());
          if (!read) return unread;
          if (to !== "bounds") return write(read, Math.max(read.scale, size.scale, clamp.scale), change);
          const scale = Math.max(read.scale, clamp.scale);
          const units = unitsAt(read, scale);
          return clamp(units, scale) === units ? value : decimalText(clamp(units, scale), scale);
        }),
      );
    }
    const key = context.domainKey(DOMAIN);
    const noise = noiseWithin(within);
    const noisy = (column: Column, kernels: Kernels, others?: Draws): Column => {
      const reads: (Decimal | undefined)[] = new Array(column.length);
      // One text for 10 and 10.0, so that both get the same noise.
      const forms = mapValues(column, kernels, (value, index) => {
        const read = readDecimal(value.trim());
        reads[index] = read;
        return read ? decimalText(read.units, read.scale) : value;
      });
      const draws = new Draws(forms, key, kernels);
      return mapValues(column, kernels, (_, index) => {
        const read = reads[index];
        if (!read) return unread;
        const draw = others?.has(index) ? others.at(index) : draws.at(index);
        const scale = Math.max(read.scale, noise.scale, clamp.scale);
        return write(read, scale, (units) => noise(units, scale, draw / 2 ** 47 - 1));
      });
    };
    if (by === undefined) return memoised(noisy);
    const canonical = canonicalColumn(DOMAIN);
    return (column: Column, kernels: Kernels, beside: Beside) =>
      noisy(column, kernels, new Draws(canonical(beside.text(by), kernels), key, kernels));
  },
});

type Units = number | bigint;

function decimalOf(option: number): Decimal {
  return readDecimal(String(option))!;
}

/** An option's units at any scale; columns have one, as a rule. */
function scaled(decimal: Decimal): (scale: number) => Units {
  let last = decimal.scale;
  let { units } = decimal;
  return (scale) => {
    if (scale !== last) {
      units = unitsAt(decimal, scale);
      last = scale;
    }
    return units;
  };
}

/** A function of units at a scale, which must be no coarser than its own. */
type AtScale<Arguments extends unknown[]> = ((units: Units, scale: number, ...more: Arguments) => Units) & {
  readonly scale: number;
};

function clampTo(min: number | undefined, max: number | undefined): AtScale<[]> {
  const low = min === undefined ? undefined : decimalOf(min);
  const high = max === undefined ? undefined : decimalOf(max);
  const lowest = low && scaled(low);
  const highest = high && scaled(high);
  const clamp = (units: Units, scale: number) => {
    if (lowest && units < lowest(scale)) return lowest(scale);
    return highest && units > highest(scale) ? highest(scale) : units;
  };
  return Object.assign(clamp, { scale: Math.max(low?.scale ?? 0, high?.scale ?? 0) });
}

/** Noise takes a share from -1 to 1 of the most that it may add to a number's size. */
function noiseWithin(within: number | string): AtScale<[share: number]> {
  if (typeof within === "string") {
    const most = Number(within.slice(0, -1)) / 100;
    return Object.assign((units: Units, _: number, share: number) => noisyBy(units, most * share), { scale: 0 });
  }
  const most = decimalOf(within);
  const units = scaled(most);
  const noise = (of: Units, scale: number, share: number) => {
    return moved(of, Math.trunc(Number(units(scale)) * share), share);
  };
  return Object.assign(noise, { scale: most.scale });
}

/** Fractions of a share that a bigint is multiplied by. */
const FRACTIONS = 2 ** 40;

function noisyBy(units: Units, share: number): Units {
  if (typeof units === "number") return moved(units, Math.trunc(Math.abs(units) * share), share);
  const size = units < 0n ? -units : units;
  return moved(units, (size * BigInt(Math.trunc(share * FRACTIONS))) / BigInt(FRACTIONS), share);
}

/** A number whose size grows by `amount`, by one unit at least, and never passes zero. */
function moved(units: Units, amount: Units, direction: number): Units {
  const least = direction < 0 ? -1 : 1;
  if (typeof units === "number" && typeof amount === "number" && Math.abs(amount) < Number.MAX_SAFE_INTEGER / 2) {
    const size = Math.abs(units);
    const found = Math.abs(size + (amount === 0 ? least : amount));
    const other = found === size ? found + 1 : found;
    return units < 0 ? -other : other;
  }
  const value = BigInt(units);
  const size = value < 0n ? -value : value;
  const sum = size + (BigInt(amount) === 0n ? BigInt(least) : BigInt(amount));
  const found = sum < 0n ? -sum : sum;
  const other = found === size ? found + 1n : found;
  return value < 0n ? -other : other;
}
