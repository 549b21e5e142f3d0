import { resolve } from "node:path";
import { type GenesysExport, HEAVY_FIELDS } from "./config/genesys.ts";
import type { LoadedConfig } from "./config/load.ts";
import { requireApproval } from "./drift.ts";
import type { VendorSchema } from "./genesys/schemas.ts";
import { readLock } from "./lock-file.ts";
import type { Drift } from "./policy/drift.ts";
import { checkIncluded } from "./policy/included.ts";
import { schemaDrifts } from "./policy/vendor-schema.ts";

/** What the schema gate found. */
export interface SchemaDrifts {
  /** What was compared, as errors begin. */
  readonly doing: string;
  readonly drifts: readonly Drift[];
}

/**
 * The API's schema against the lock, where there is one, and the policy: before anything is exported.
 * @throws MasklineError (exit 2) where the lock cannot be read, or nothing masks what the export includes
 */
export async function compareSchema(
  { config: { policy, lock: lockFile }, directory }: LoadedConfig,
  { entityType, include }: Pick<GenesysExport, "entityType" | "include">,
  { version, fields }: VendorSchema,
): Promise<SchemaDrifts> {
  checkIncluded(policy, include, fields);
  const file = resolve(directory, lockFile);
  const lock = await readLock(file);
  const name = `the export's schema of ${entityType}${version === undefined ? "" : `, version ${version}`}`;
  const leftOut = new Set<string>(HEAVY_FIELDS.filter((one) => !include.includes(one)));
  return {
    doing: lock ? `comparing ${name}, with ${file}` : `deciding the fields of ${name}`,
    drifts: schemaDrifts({ name, fields, leftOut }, policy, lock),
  };
}

/**
 * Nothing is exported while a field needs a person's decision.
 * @throws MasklineError (exit 3) naming each and what to do
 */
export function gateSchema({ doing, drifts }: SchemaDrifts): void {
  requireApproval(doing, drifts);
}
