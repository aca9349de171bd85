import type { Landed } from '../model/landed.ts';
import { landing, readAfter } from './landing.ts';

const DONE: Landed = { is: 'done', value: undefined };

/** So often what is left is deleted again. */
const ROUNDS = 3;

/**
 * Deletes things. One that is unknown would keep the server from deleting the others, so those that are there are looked
 * for first, and afterwards: a refusal alone never means that they are gone. But one after a deletion that was answered does:
 * then the looks lag.
 */
export async function removeThings(
  ids: readonly string[],
  there: (ids: readonly string[]) => Promise<readonly string[]>,
  remove: (ids: readonly string[]) => Promise<unknown>,
): Promise<ReadonlyMap<string, Landed>> {
  let left = ids;
  let end: Landed<unknown> = DONE;
  let wasDone = false;
  for (let round = 0; ; round += 1) {
    const seen = await (round === 0 ? landing(() => there(left)) : readAfter(() => there(left)));
    if (seen.is === 'done') left = seen.value;
    else end = seen;
    if (seen.is !== 'done' || left.length === 0 || round === ROUNDS) break;
    const answer = await landing(() => remove(left));
    end = wasDone && answer.is === 'refused' ? DONE : answer;
    if (end !== answer) break;
    wasDone ||= answer.is === 'done';
  }
  const still = new Set(left);
  return new Map(ids.map((id) => [id, still.has(id) && end.is !== 'done' ? end : DONE]));
}
