import { mapAtOnce } from "../concurrency.ts";
import { badInput, MasklineError, usageError } from "../errors.ts";
import { openStore, type Store, type StoreOptions } from "../store/store.ts";
import { displayUri, formatUri, globBase, parseUri, relativeTo } from "../store/uri.ts";
import type { Field, ObjectInfo } from "../types.ts";
import type { WorkerPool } from "../worker/pool.ts";
import { type Footer, readFooter } from "./footer.ts";
import { type Format, formatOf, isBookkeeping } from "./format.ts";
import { textSupply } from "./supply.ts";
import { unite } from "./unite.ts";

/** An input as it was found: what it is and what it holds. */
export interface Inspected {
  readonly object: ObjectInfo;
  /** Its name beneath the static part of the pattern that found it. */
  readonly name: string;
  readonly format: Format;
  readonly fields: readonly Field[];
  readonly rows: number;
  /** Parquet only. */
  readonly footer?: Footer;
}

/**
 * Fields that JSON lines beneath a prefix are known to have, whether or not a line has them: absent ones are null, and a map
 * stays one. All these inputs get one schema: the declared fields, then what any of them has beside.
 */
export interface Declared {
  /** Complete URI that ends in "/". */
  readonly base: string;
  readonly fields: readonly Field[];
}

/** An input that cannot be read, and why. */
export interface Quarantined {
  readonly object: ObjectInfo;
  readonly reason: string;
}

export interface Inspection {
  readonly inputs: readonly Inspected[];
  readonly quarantined: readonly Quarantined[];
}

/** Footers that are read at once. */
const AT_ONCE = 8;

/**
 * Finds the inputs and reads what each holds: footers of Parquet files, one pass over text files.
 * @param declared - prefixes whose JSON lines have known fields
 * @param folder - objects beneath it are named from there, however they are given
 * @throws MasklineError (exit 5) when there are none, or one is unreadable and `onBadInput` is `fail`
 */
export async function inspect(
  patterns: readonly string[],
  onBadInput: "fail" | "skip",
  pool: WorkerPool,
  options: StoreOptions,
  signal: AbortSignal,
  declared: readonly Declared[] = [],
  folder?: string,
): Promise<Inspection> {
  const found = await findInputs(patterns, folder, options, signal);
  const results = await mapAtOnce(found, AT_ONCE, async ({ object, name }): Promise<Inspected | Quarantined> => {
    try {
      await using store = openStore(object.uri, options);
      const known = declared.find(({ base }) => object.uri.startsWith(base));
      return { object, name, ...(await describe(object, store, pool, known?.fields, signal)) };
    } catch (error) {
      if (onBadInput === "fail" || !isBadInput(error)) throw error;
      return { object, reason: (error as Error).message };
    }
  });
  return {
    inputs: alike(
      results.filter((one): one is Inspected => "format" in one),
      declared,
    ),
    quarantined: results.filter((one): one is Quarantined => "reason" in one),
  };
}

/** Gives the inputs beneath each declared prefix the fields of all of them. */
function alike(inputs: readonly Inspected[], declared: readonly Declared[]): Inspected[] {
  const isOf = ({ object, format }: Inspected, { base }: Declared) =>
    format.type === "jsonl" && object.uri.startsWith(base);
  const groups = new Map(
    declared.map((one) => {
      const own = inputs.filter((input) => isOf(input, one));
      return [one, unite(own.map(({ object, fields }) => ({ name: displayUri(object.uri), fields })))];
    }),
  );
  return inputs.map((input) => {
    const one = declared.find((group) => isOf(input, group));
    return one ? { ...input, fields: groups.get(one)! } : input;
  });
}

export function isBadInput(error: unknown): boolean {
  return error instanceof MasklineError && error.code === "ERR_BAD_INPUT";
}

interface Found {
  readonly object: ObjectInfo;
  readonly name: string;
}

async function findInputs(
  patterns: readonly string[],
  folder: string | undefined,
  options: StoreOptions,
  signal: AbortSignal,
): Promise<Found[]> {
  const found = new Map<string, Found>();
  for (const pattern of patterns) {
    await using store = openStore(pattern, options);
    const objects = await store.list(pattern, signal);
    const base = globBase(pattern);
    const exact = formatUri(parseUri(pattern));
    const wanted = objects.filter(({ uri }) => uri === exact || !isBookkeeping(relativeTo(base, uri)));
    if (wanted.length === 0) {
      throw badInput(
        `finding the inputs: nothing is at ${displayUri(pattern)}; check the path and that the export has finished`,
      );
    }
    for (const object of wanted) {
      // A literal name that holds glob characters lies in a directory of its own, not beneath the glob's base.
      const own = object.uri.startsWith(base) ? base : globBase(object.uri);
      const from = folder !== undefined && object.uri.startsWith(folder) ? folder : own;
      found.set(object.uri, { object, name: relativeTo(from, object.uri) });
    }
  }
  return [...found.values()];
}

async function describe(
  object: ObjectInfo,
  store: Store,
  pool: WorkerPool,
  declared: readonly Field[] | undefined,
  signal: AbortSignal,
): Promise<Omit<Inspected, "object" | "name">> {
  const name = displayUri(object.uri);
  const format = formatOf(object.uri);
  if (!format) {
    throw usageError(
      `reading ${name}: its name says no format; .parquet, .csv, .csv.gz, .jsonl and .jsonl.gz are read, narrow the input to these`,
      { stage: "plan" },
    );
  }
  try {
    if (format.type === "parquet") {
      const footer = await readFooter(object, store, signal);
      const pieces = [{ start: footer.piece.start, bytes: footer.piece.bytes.slice() }];
      const { fields } = await pool.describeFile({ size: object.size, pieces, annotations: footer.annotations });
      return { format, fields, rows: footer.rows, footer };
    }
    if (object.size === 0 && format.type === "csv")
      throw badInput("the file is empty (0 bytes); not even a header is there");
    const task = { format: format.type, gzip: format.gzip, declared };
    return { format, ...(await pool.describeText(task, textSupply(object, store, signal))) };
  } catch (error) {
    if (error instanceof MasklineError && error.message.startsWith("reading")) throw error;
    if (error instanceof MasklineError) {
      const { code, exit, message, stage, retryable } = error;
      throw new MasklineError(code, exit, `reading ${name}: ${message}`, { stage, retryable, cause: error });
    }
    throw badInput(`reading ${name}: its footer ends the decoder; the file is damaged`, {
      stage: "plan",
      cause: error,
    });
  }
}
