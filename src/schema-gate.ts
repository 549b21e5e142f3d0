import { resolve } from "node:path";
import { HEAVY_FIELDS } from "./config/genesys.ts";
import type { LoadedConfig } from "./config/load.ts";
import { requireApproval } from "./drift.ts";
import type { VendorSchema } from "./genesys/schemas.ts";
import { readLock } from "./lock-file.ts";
import { Decider } from "./policy/decide.ts";
import { compare, type Drift } from "./policy/drift.ts";
import { checkIncluded } from "./policy/included.ts";
import { leavesOf } from "./policy/leaves.ts";
import { type Lock, type LockedLeaf, lockedLeaves } from "./policy/lock.ts";
import { withRecordNames } from "./policy/record-names.ts";
import { announcedLeaves, schemaChanged, schemaDrifts } from "./policy/vendor-schema.ts";
import type { Field } from "./types.ts";

/** Told of what stops nothing, and of how many fields differ. */
interface Told {
  warned(message: string): void;
  drifted(drifts: readonly Drift[]): void;
}

/** A schema that is announced, beside the approved one. */
export interface ComparedSchema {
  /** For people. */
  readonly name: string;
  /** The lock's file, and whether it is there. */
  readonly lock: string;
  readonly approved: boolean;
  readonly leaves: readonly LockedLeaf[];
  readonly drifts: readonly Drift[];
}

/** Compares the API's schema with the approved one, where there is one, and the policy: before anything is exported, and after. */
export class SchemaGate {
  readonly #loaded: LoadedConfig;
  readonly #file: string;
  readonly #lock: Lock | undefined;

  private constructor(loaded: LoadedConfig, file: string, lock: Lock | undefined) {
    this.#loaded = loaded;
    this.#file = file;
    this.#lock = lock;
  }

  /** @throws MasklineError (exit 2) where the lock cannot be read */
  static async open(loaded: LoadedConfig): Promise<SchemaGate> {
    const file = resolve(loaded.directory, loaded.config.lock);
    return new SchemaGate(loaded, file, await readLock(file));
  }

  /**
   * Nothing is exported while a field needs a person's decision; what else differs is told.
   * @throws MasklineError (exit 3) naming each field and what to do, (exit 2) where nothing masks what the export includes
   */
  check(schema: VendorSchema, observer: Told): void {
    const { policy, genesys } = this.#loaded.config;
    checkIncluded(policy, genesys?.export?.include ?? [], schema.fields);
    const compared = this.compare(schema);
    const told = compared.drifts.filter(({ stops }) => !stops);
    for (const one of told) observer.warned(`${compared.name}: ${saysDrift(one)}`);
    observer.drifted(compared.drifts);
    gateSchema(compared);
  }

  /** What is decided on a schema's fields, and how they differ from the approved ones. */
  compare({ version, fields }: VendorSchema): ComparedSchema {
    const { policy, genesys } = this.#loaded.config;
    const { entityType = "", include = [] } = genesys?.export ?? {};
    const name = `the export's schema of ${entityType}${version === undefined ? "" : `, version ${version}`}`;
    const leftOut = new Set<string>(HEAVY_FIELDS.filter((one) => !include.includes(one)));
    const announced = { name, fields, leftOut };
    return {
      ...{ name, lock: this.#file, approved: this.#lock !== undefined },
      leaves: announcedLeaves(announced, policy, this.#lock),
      drifts: schemaDrifts(announced, policy, this.#lock),
    };
  }

  /** The same of fields that are known without asking: the API's own model of conversations. */
  compareFields(fields: readonly Field[]): ComparedSchema {
    const decider = new Decider(this.#loaded.config.policy);
    const decided = leavesOf(fields).map((leaf) => ({ ...leaf, decision: decider.decide(leaf) }));
    const leaves = lockedLeaves(withRecordNames(decided));
    const told = this.#lock ? leaves : leaves.filter(({ mask }) => mask === "pause");
    const name = "the model of conversations";
    const drifts = compare(this.#lock ?? { version: 1, leaves: [] }, [{ input: name, leaves: told }]);
    return { name, lock: this.#file, approved: this.#lock !== undefined, leaves, drifts };
  }

  /**
   * A schema may change while a job runs, and the files may have been written with either.
   * @param written - the version that they were written with, where the job says it
   * @throws as `check` does, of the schema as it is now
   */
  recheck(before: VendorSchema, after: VendorSchema, written: string | undefined, observer: Told): void {
    const changes = schemaChanged(before.fields, after.fields);
    for (const { path, what } of changes) {
      observer.warned(`the export's schema changed during the job: ${path}: ${what}`);
    }
    if (changes.length > 0) this.check(after, observer);
    const known = [before, after].flatMap(({ version }) => version ?? []);
    if (written !== undefined && known.length > 0 && !known.includes(written)) {
      observer.warned(
        `the export's files are of schema version ${written}, the API has ${[...new Set(known)].join(" and ")}; their own columns are what counts`,
      );
    }
  }
}

/** @throws MasklineError (exit 3) naming each field that needs a person's decision, and what to do */
export function gateSchema({ name, lock, approved, drifts }: ComparedSchema): void {
  requireApproval(approved ? `comparing ${name}, with ${lock}` : `deciding the fields of ${name}`, drifts);
}

function saysDrift({ kind, path, what, advice }: Drift): string {
  return `${path}: ${kind}: ${what}; ${advice}`;
}
