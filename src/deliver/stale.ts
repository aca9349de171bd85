import type { Stale, Standing } from '../apply/ports.ts';
import type { Assigned } from './assign.ts';
import { atEach } from './at-each.ts';
import type { Addressee } from './handout.ts';
import { spotsOf } from './left.ts';
import type { Left } from './sink.ts';
import type { SinkFor } from './sinks.ts';

/** What putting these keys and taking those away would change, known by what stands there. Reads only. */
export async function staleOf(
  standing: readonly Standing[],
  { groups, failures }: Assigned<Addressee>,
  left: readonly Left[],
  sinkFor: SinkFor,
): Promise<Stale> {
  const secrets = new Map(standing.map(({ live, secret }) => [live.id, secret]));
  const isKnown = (key_id: string): boolean => (secrets.get(key_id) ?? null) !== null;
  const looked = await atEach(groups, sinkFor, async (sink, target) => {
    const parts = target.parts.flatMap((part) => {
      const secret = secrets.get(part.key.key_id) ?? null;
      return secret === null ? [] : [{ ...part, key: { ...part.key, secret } }];
    });
    const unknown = target.key_ids.filter((key_id) => !isKnown(key_id));
    return { ...(await sink.holds({ ...target, parts }, new Set(unknown))), unknown };
  });
  const withdrawn = await atEach(
    spotsOf(left),
    sinkFor,
    async (sink, spot) => (await sink.holds({ ...spot, parts: [] }, new Set(spot.key_ids))).held.size > 0,
  );
  const failed = [...failures, ...looked.failures];
  return {
    put: pathsOf([
      ...looked.done.flatMap(([at, { current }]) => (current ? [] : [at])),
      /* What nobody here could write again is not promised. */
      ...failed.filter(({ key_ids }) => key_ids.some(isKnown)),
    ]),
    remove: pathsOf([...withdrawn.done.flatMap(([at, isHeld]) => (isHeld ? [at] : [])), ...withdrawn.failures]),
    unknown: [
      ...new Set([
        ...looked.done.flatMap(([, { unknown, held }]) => unknown.filter((key_id) => !held.has(key_id))),
        ...failed.flatMap(({ key_ids }) => key_ids.filter((key_id) => !isKnown(key_id))),
      ]),
    ],
  };
}

function pathsOf(all: readonly { readonly path: string }[]): readonly string[] {
  return [...new Set(all.map(({ path }) => path))];
}
