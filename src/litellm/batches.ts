import pLimit from 'p-limit';

/**
 * Does for many with one request what is asked for one by one: what comes while a request is under way goes along with the
 * next, at most so many together. `work` answers for each under what it was asked for. `turn` lets one at a time do its work.
 */
export function inBatches<T, R>(
  most: number,
  work: (items: readonly T[]) => Promise<ReadonlyMap<T, R>>,
  turn: <W>(work: () => Promise<W>) => Promise<W> = pLimit(1),
): (item: T) => Promise<R | null> {
  let items: T[] = [];
  let batch: Promise<ReadonlyMap<T, R>> | null = null;
  return async (item) => {
    if (batch === null || items.length >= most) {
      const own: T[] = [];
      items = own;
      batch = turn(() => {
        if (items === own) batch = null;
        return work(own);
      });
    }
    items.push(item);
    return (await batch).get(item) ?? null;
  };
}
