/**
 * Keys that open at a moment: they are made blocked, and our mark keeps the moment until they are opened. Without it in the mark
 * a key is open, or blocked by somebody for a reason of theirs, and stays so.
 */
import { hasEnded } from '../model/lifetime.ts';
import type { Notice } from '../model/plan.ts';
import type { Desired, Live } from '../model/resource.ts';

/** What is to be made: closed, where its moment is yet to come. */
export function closedAtFirst(desired: Desired, now: Date): Desired {
  const { opens: _, ...open } = desired;
  return desired.opens == null || hasEnded(desired.opens, now) ? open : closed(desired, desired.opens);
}

/** What is to be of a key that is there. The spec's moment counts, and where it has none that of the mark. */
export function openedWhenDue(desired: Desired, { mark }: Live, now: Date): Desired {
  const { opens, ...open } = desired;
  if (mark?.opens === undefined) return open;
  const due = opens ?? mark.opens;
  return hasEnded(due, now) ? opened(desired) : closed(desired, due);
}

function closed(desired: Desired, opens: string): Desired {
  return { ...desired, opens, settings: { ...desired.settings, blocked: true } };
}

/** Whoever wants it blocked for good says so. */
function opened(desired: Desired): Desired {
  return { ...desired, opens: null, settings: { blocked: false, ...desired.settings } };
}

/** `wanted`: as `openedWhenDue` has it. */
export function openingNotices({ ref, opens }: Desired, wanted: Desired, now: Date): readonly Notice[] {
  if (typeof wanted.opens === 'string') {
    const message = `Opens ${wanted.opens}: until then the server refuses it.`;
    return [{ code: 'opens', ref, message, hint: 'The first apply after that opens it; at once: vkeys open ALIAS' }];
  }
  if (opens == null || wanted.opens === null || hasEnded(opens, now)) return [];
  const message = `Is open already, although the spec says that it opens ${opens}.`;
  return [{ code: 'opens', ref, message, hint: 'To close it: vkeys block ALIAS' }];
}
