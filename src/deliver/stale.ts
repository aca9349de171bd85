import type { Stale, Standing } from '../apply/ports.ts';
import type { Assigned } from './assign.ts';
import { atEach } from './at-each.ts';
import type { Addressee } from './handout.ts';
import { soughtAt, spotsOf } from './left.ts';
import type { Left, SpotState } from './sink.ts';
import type { SinkFor } from './sinks.ts';

/** What putting these keys and taking those away would change, known by what stands there. Reads only. */
export async function staleOf(
  standing: readonly Standing[],
  { groups, failures }: Assigned<Addressee>,
  left: readonly Left[],
  sinkFor: SinkFor,
): Promise<Stale> {
  /* What is encrypted for others is known here as little as what is not kept. */
  const secrets = new Map(standing.map(({ live, secret }) => [live.id, secret?.isOpen() === true ? secret : null]));
  const seats = new Map(standing.map(({ live, seat }) => [live.id, seat]));
  const isKnown = (key_id: string): boolean => (secrets.get(key_id) ?? null) !== null;
  const looked = await atEach(groups, sinkFor, async (sink, target) => {
    const parts = target.parts.flatMap((part) => {
      const secret = secrets.get(part.key.key_id) ?? null;
      return secret === null ? [] : [{ ...part, key: { ...part.key, secret, seat: seats.get(part.key.key_id) } }];
    });
    const unknown = target.parts
      .filter(({ key }) => !isKnown(key.key_id))
      .map((part) => ({ key_id: part.key.key_id, before: part.before, detail: sink.detail(part) }));
    return { ...(await sink.holds({ ...target, parts }, unknown)), unknown: unknown.map(({ key_id }) => key_id) };
  });
  const withdrawn = await atEach(spotsOf(left), sinkFor, async (sink, spot) =>
    isLeft(await sink.holds({ ...spot, parts: [] }, soughtAt(spot))),
  );
  const failed = [...failures, ...looked.failures];
  const unread = new Set(failed.flatMap(({ key_ids }) => key_ids.filter((key_id) => !isKnown(key_id))));
  const sought = looked.done.flatMap(([, { unknown, ...state }]) => unknown.map((key_id) => ({ key_id, state })));
  const doubted = new Set(sought.flatMap(({ key_id, state }) => (mayHold(state, key_id) ? key_id : [])));
  const absent = sought.flatMap(({ key_id, state }) => (mayHold(state, key_id) ? [] : key_id));
  return {
    put: pathsOf([
      ...looked.done.flatMap(([at, { current }]) => (current ? [] : [at])),
      /* What nobody here could write again is not promised. */
      ...failed.filter(({ key_ids }) => key_ids.some(isKnown)),
    ]),
    remove: pathsOf([...withdrawn.done.flatMap(([at, isHeld]) => (isHeld ? [at] : [])), ...withdrawn.failures]),
    unknown: [...new Set([...absent, ...unread])],
    unheld: [...new Set(absent)].filter((key_id) => !unread.has(key_id) && !doubted.has(key_id)),
  };
}

/** Where nobody can look, what is there may well be it. */
function mayHold({ held, isThere }: SpotState, key_id: string): boolean {
  return held === null ? isThere !== false : held.has(key_id);
}

/** Where nobody can look, memory counts. */
function isLeft({ held, isThere }: SpotState): boolean {
  return held === null ? isThere !== false : held.size > 0;
}

function pathsOf(all: readonly { readonly path: string }[]): readonly string[] {
  return [...new Set(all.map(({ path }) => path))];
}
