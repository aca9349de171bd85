/** Deleting keys that are over: they have ended, or newer ones have their names and their grace is over. */
import { endOf } from '../base/duration.ts';
import type { Deletion } from '../model/change.ts';
import { hasEnded } from '../model/lifetime.ts';
import type { Live } from '../model/resource.ts';
import { deletion } from '../plan/deletion.ts';
import type { Ran } from './apply.ts';
import type { Choice } from './choice.ts';
import { deleteChosen, type Doomed } from './delete.ts';
import type { Context } from './open.ts';
import type { RunOptions } from './options.ts';
import { ADHOC, setOf } from './single.ts';

/** Of what is meant; without words those that vkeys made. `expiredFor`: a duration, since when they have to have ended. */
export function deleteEnded(
  context: Context<RunOptions>,
  choice: Choice,
  expiredFor: string | null,
  approve: (doomed: Doomed) => Promise<boolean>,
): Promise<Ran | null> {
  const isNamed = choice.selectors.length > 0;
  const also = (live: Live, now: Date): boolean =>
    (isNamed || live.mark !== null) && (choice.also?.(live, now) ?? true) && isOver(live, expiredFor, now);
  return deleteChosen(context, { ...choice, also }, approve, endedDeletion);
}

function isOver({ expires, mark }: Live, expiredFor: string | null, now: Date): boolean {
  if (mark?.retiring !== undefined && hasEnded(mark.retiring, now)) return true;
  if (expires === null) return false;
  return expiredFor === null ? hasEnded(expires, now) : endOf(expiredFor, new Date(expires)) <= now;
}

/** What a set's spec may still name is remembered as ended. */
function endedDeletion(live: Live, isMatched: boolean): Deletion {
  const { kind, name, id, expires, mark } = live;
  const because = isMatched ? 'matched' : 'named';
  const ref = { kind, name: name ?? id };
  if (mark?.retiring !== undefined) return deletion(ref, live, because, `retired ${mark.retiring}`);
  return { ...deletion(ref, live, because, `expired ${String(expires)}`), hadEnded: setOf(live) !== ADHOC };
}
