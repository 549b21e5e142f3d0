import { mapAtOnce } from "../concurrency.ts";
import type { Store } from "../store/store.ts";
import { joinUri } from "../store/uri.ts";
import type { Page, PagedConversation } from "./page.ts";
import { newPages, type PageSource } from "./pages.ts";
import { RecentIds } from "./recent-ids.ts";
import { stagedIds, stageLines } from "./staged.ts";
import type { ExportedFile, Journal } from "./types.ts";

/** Lines go to the compressor in blocks of about so many bytes. */
const BLOCK_BYTES = 256 << 10;
const REMOVALS_AT_ONCE = 8;
const LINE_END = Buffer.from("\n");

/**
 * Writes a job's results, from the journal's cursor on, into objects beneath a directory: `conversations-000001.jsonl.gz`
 * and so on. An object ends with a page, and once it is finished the journal names it and the page to go on with.
 * @param directory - URI that ends in "/"
 * @param objectBytes - of JSON lines in an object; it ends with the page that passes it
 * @returns all files, those of earlier starts included
 */
export async function stagePages(
  store: Store,
  directory: string,
  journal: Journal,
  source: PageSource,
  objectBytes: number,
  signal: AbortSignal,
): Promise<readonly ExportedFile[]> {
  const { cursor, files: before } = journal.state.pages ?? { files: [] };
  const files = [...before];
  const recent = await recentOf(store, files.at(-1), signal);
  const pages = newPages(source, cursor, recent);
  const next = async (): Promise<Page | undefined> => (await pages.next()).value ?? undefined;

  for (let page = await next(); page; page = await next()) {
    let last = page;
    if (page.conversations.length > 0) {
      let rows = 0;
      const lines = async function* (first: Page): AsyncGenerator<Uint8Array> {
        let bytes = 0;
        for (let one: Page | undefined = first; one; one = bytes < objectBytes ? await next() : undefined) {
          for (const block of blocksOf(one.conversations)) {
            bytes += block.length;
            yield block;
          }
          rows += one.conversations.length;
          last = one;
        }
      };
      const uri = joinUri(directory, `conversations-${String(files.length + 1).padStart(6, "0")}.jsonl.gz`);
      files.push({ ...(await stageLines(store, uri, lines(page), objectBytes, signal)), rows });
      recent.turn();
    }
    const { cursor: onward } = last;
    const position = onward === undefined ? { done: true } : { done: false, cursor: onward };
    await journal.update({ pages: { files: [...files], ...position } }, signal);
  }
  return files;
}

/** A page's lines, some at a time. */
function* blocksOf(conversations: readonly PagedConversation[]): Generator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for (const { json } of conversations) {
    parts.push(json, LINE_END);
    bytes += json.length + 1;
    if (bytes < BLOCK_BYTES) continue;
    yield Buffer.concat(parts);
    parts = [];
    bytes = 0;
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

/** The ids of the object that was finished last: the page after it may repeat what is in it. */
async function recentOf(store: Store, file: ExportedFile | undefined, signal: AbortSignal): Promise<RecentIds> {
  const recent = new RecentIds();
  const object = file && (await store.head(file.uri, signal));
  if (object) for await (const id of stagedIds(store, object, signal)) recent.add(id);
  return recent;
}

/**
 * Removes what lies beneath the staging directory of a window, but for these files.
 * @returns whether all of them are there, in their size
 */
export async function cleanStaging(
  store: Store,
  base: string,
  files: readonly ExportedFile[],
  signal: AbortSignal,
): Promise<boolean> {
  const kept = new Map(files.map(({ uri, size }) => [uri, size]));
  const found = await store.list(base, signal);
  const others = found.filter(({ uri }) => !kept.has(uri));
  await mapAtOnce(others, REMOVALS_AT_ONCE, ({ uri }) => store.remove(uri, signal));
  return found.filter(({ uri, size }) => kept.get(uri) === size).length === kept.size;
}
