/** Settings, a journal's place and an observer for the tests of jobs. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";
import { type GenesysExport, type GenesysImport, genesysSchema } from "../../src/config/genesys.ts";
import { openJournal } from "../../src/genesys/journal.ts";
import { type JournalKey, journalKey } from "../../src/genesys/journal-key.ts";
import type { ApiObserver, Journal } from "../../src/genesys/types.ts";
import { openStore, type Store } from "../../src/store/store.ts";

export const { signal } = new AbortController();

const client = { id: { env: "CLIENT_ID" }, secret: { env: "CLIENT_SECRET" } };
const poll = { every: "1ms", atMost: "1ms", deadline: "60s" };

export function exporting(more: object = {}): GenesysExport {
  return genesysSchema.parse({ export: { client, poll, staging: "s3://staging/exports/", ...more } }).export!;
}

export function importing(more: object = {}): GenesysImport {
  return genesysSchema.parse({ import: { client, poll, ...more } }).import!;
}

export function keyOf(more: object = {}, target: object = {}, output = "s3://masked/{environment}/"): JournalKey {
  return journalKey(
    "sandbox",
    output,
    genesysSchema.parse({
      export: { client, poll, staging: "s3://staging/exports/", ...more },
      import: { client, poll, ...target },
    }),
  );
}

/** A directory that goes when the tests of this file have ended. */
export async function temporary(): Promise<{
  readonly directory: string;
  readonly uri: string;
  readonly store: Store;
}> {
  const directory = await mkdtemp(join(tmpdir(), "maskline-genesys-"));
  after(() => rm(directory, { recursive: true }));
  const uri = `${pathToFileURL(directory).href}/`;
  return { directory, uri, store: openStore(uri) };
}

export async function journalIn({ store, uri }: { readonly store: Store; readonly uri: string }): Promise<Journal> {
  return await openJournal(store, uri, keyOf(), { fresh: false }, signal);
}

export class Told implements ApiObserver {
  readonly states: string[] = [];
  jobState(job: string, state: string): void {
    this.states.push(`${job} ${state}`);
  }
  apiCalled(): void {}
  apiRetried(): void {}
  apiWaited(): void {}
}
