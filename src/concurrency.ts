/**
 * Maps items in order of their start, at most `atOnce` at a time. The first failure rejects; items not yet begun then
 * never are.
 */
export async function mapAtOnce<T, R>(
  items: readonly T[],
  atOnce: number,
  map: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let first: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      try {
        results[index] = await map(items[index]!, index);
      } catch (error) {
        next = items.length;
        // Later ones are often its consequence: what was cancelled because of it.
        first ??= { error };
        return;
      }
    }
  };
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, work);
  // Others may still clean up after the first failure: it is told when all have ended.
  await Promise.all(workers);
  if (first) throw first.error;
  return results;
}

/** Items of the first `atOnce` lists in turn; where one ends, the next takes its place. Each list keeps its order. */
export function* inTurn<T>(lists: readonly (readonly T[])[], atOnce: number): Generator<T> {
  const rest = lists[Symbol.iterator]();
  const begun = (): Iterator<T> | undefined => rest.next().value?.[Symbol.iterator]();
  const turns: Iterator<T>[] = [];
  for (;;) {
    while (turns.length < atOnce) {
      const next = begun();
      if (!next) break;
      turns.push(next);
    }
    const turn = turns.shift();
    if (!turn) return;
    const { done, value } = turn.next();
    if (done) continue;
    yield value;
    turns.push(turn);
  }
}

/** Resolves tickets up to a limit at once; more wait their turn, in order. */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(tickets: number) {
    this.#free = tickets;
  }

  async acquire(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
