import { failure, MasklineError } from "../errors.ts";
import type { Page } from "./page.ts";
import type { RecentIds } from "./recent-ids.ts";

/** Replies that may bring nothing new, one after the other: repeated pages, empty ones, damaged ones. */
const MOST_STALLS = 8;
/** Times that one page is asked for, before it is believed that it has nothing new. */
const MOST_ASKS = 3;

/** Pages of a job's results. */
export interface PageSource {
  /** @param cursor - of the page before; none asks for the first */
  fetch(cursor: string | undefined): Promise<Uint8Array>;
  read(body: Uint8Array): Page;
  /** Before a page is asked for once more. */
  pause(): Promise<void>;
}

/**
 * The pages from a cursor on, each conversation once: the API may give a page twice, under its own cursor or under that of the next.
 * A page that brings nothing new is asked for again, as what should stand in its place would be lost otherwise; where it stays
 * so, the repetition has a cursor of its own.
 * @param recent - ids of what came before; what is given is added
 * @throws MasklineError (exit 1, retryable) when nothing new comes, page after page, or a cursor comes again
 */
export async function* newPages(
  source: PageSource,
  from: string | undefined,
  recent: RecentIds,
): AsyncGenerator<Page, void> {
  // A circle longer than what `recent` remembers would go on forever.
  const cursors = new Set(from === undefined ? [] : [from]);
  let cursor = from;
  let stalls = 0;
  let asks = 0;
  const stall = async (why: string): Promise<void> => {
    if (++stalls > MOST_STALLS) throw stuck(why);
    await source.pause();
  };
  for (;;) {
    const body = await source.fetch(cursor);
    asks++;
    const page = readOrWhyNot(source, body);
    if (typeof page === "string") {
      await stall(page);
      continue;
    }
    const { conversations, cursor: next } = page;
    const fresh = conversations.filter(({ id }) => recent.add(id));
    const nothing = conversations.length > 0 ? "what came before came again and again" : "page after page was empty";
    if (fresh.length > 0) stalls = 0;
    else if (conversations.length > 0 || next !== undefined) {
      await stall(nothing);
      if (conversations.length > 0 ? asks < MOST_ASKS : next === cursor) continue;
    }
    if (next !== undefined && cursors.has(next)) throw stuck("a cursor led back to where it came from");
    yield { conversations: fresh, cursor: next };
    if (next === undefined) return;
    cursors.add(next);
    cursor = next;
    asks = 0;
  }
}

function readOrWhyNot({ read }: PageSource, body: Uint8Array): Page | string {
  try {
    return read(body);
  } catch (error) {
    if (error instanceof MasklineError) return error.message;
    throw error;
  }
}

function stuck(why: string): MasklineError {
  return failure(`paging through the conversations: ${why}; start again, or with --fresh if it stays so`, {
    stage: "export",
  });
}
