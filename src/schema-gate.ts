import { resolve } from "node:path";
import { HEAVY_FIELDS } from "./config/genesys.ts";
import type { LoadedConfig } from "./config/load.ts";
import { requireApproval } from "./drift.ts";
import type { VendorSchema } from "./genesys/schemas.ts";
import { readLock } from "./lock-file.ts";
import type { Drift } from "./policy/drift.ts";
import { checkIncluded } from "./policy/included.ts";
import type { Lock } from "./policy/lock.ts";
import { schemaChanged, schemaDrifts } from "./policy/vendor-schema.ts";

/** Told of what stops nothing. */
interface Warned {
  warned(message: string): void;
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
  check(schema: VendorSchema, observer: Warned): void {
    const { policy, genesys } = this.#loaded.config;
    const { entityType = "", include = [] } = genesys?.export ?? {};
    checkIncluded(policy, include, schema.fields);
    const { version, fields } = schema;
    const name = `the export's schema of ${entityType}${version === undefined ? "" : `, version ${version}`}`;
    const leftOut = new Set<string>(HEAVY_FIELDS.filter((one) => !include.includes(one)));
    const drifts = schemaDrifts({ name, fields, leftOut }, policy, this.#lock);
    for (const one of drifts.filter(({ stops }) => !stops)) observer.warned(`${name}: ${saysDrift(one)}`);
    requireApproval(this.#lock ? `comparing ${name}, with ${this.#file}` : `deciding the fields of ${name}`, drifts);
  }

  /**
   * A schema may change while a job runs, and the files may have been written with either.
   * @param written - the version that they were written with, where the job says it
   * @throws as `check` does, of the schema as it is now
   */
  recheck(before: VendorSchema, after: VendorSchema, written: string | undefined, observer: Warned): void {
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

function saysDrift({ kind, path, what, advice }: Drift): string {
  return `${path}: ${kind}: ${what}; ${advice}`;
}
