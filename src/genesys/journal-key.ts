import { hash } from "node:crypto";
import type { Genesys } from "../config/genesys.ts";

/** Which journal it is, and what must be the same to go on with it. */
export interface JournalKey {
  /** One window at a time is under way of these. */
  readonly of: readonly string[];
  /** Digests by setting: what is exported, and where it goes. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether the same window is there once, not moving with the clock. */
  readonly fixed: boolean;
}

/**
 * An explicit list: a setting that a later maskline adds must not make another journal of it. Secrets, paces, and what
 * becomes of the files may change between two starts.
 */
export function journalKey(environment: string, output: string, genesys: Genesys): JournalKey {
  const { export: source, import: target } = genesys;
  const settings: Readonly<Record<string, unknown>> = {
    ...(source && {
      "export.api": source.api ?? source.region,
      "export.window": source.interval ?? source.window,
      "export.filters": [source.filters, source.conversationFilters, source.segmentFilters],
      "export.include": source.include,
      "export.staging": [source.staging, source.stagingRegion],
      "export.paths": source.paths,
    }),
    ...(target && {
      "import.api": [target.api ?? target.region, target.path],
      "import.environmentId": target.environmentId ?? environment,
      "import.entityType": target.entityType,
      "import.overwriteExisting": target.overwriteExisting,
      "import.outputRegion": target.outputRegion,
    }),
  };
  return {
    of: [environment, output, source?.dialect ?? "", source?.entityType ?? ""],
    settings: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, digest(value)])),
    fixed: source?.interval !== undefined,
  };
}

function digest(value: unknown): string {
  return hash("sha256", JSON.stringify(value)).slice(0, 16);
}

/** Names of the settings that differ. */
export function differing(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name]).toSorted();
}

/** What its files' names begin with. */
export function nameOf({ of }: JournalKey): string {
  return digest(of);
}

/** The file of its n-th window. */
export function generation(key: JournalKey, number: number): string {
  return `${nameOf(key)}-${String(number).padStart(6, "0")}.json`;
}
