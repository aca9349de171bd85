/** Sharing a key that is there with users and groups, or no longer: a note in its mark. */
import { VkeysError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Notice } from '../model/plan.ts';
import type { Desired, Live } from '../model/resource.ts';
import type { Selector } from '../model/selector.ts';
import { accessOf, sharingIn, usersIn, withSharing, type Sharing } from '../model/sharing.ts';
import { wishByHand } from './by-hand.ts';
import { keptGroups } from './kept-groups.ts';
import type { Context } from './open.ts';
import type { RunOptions } from './options.ts';
import { setOf } from './single.ts';
import { detailOf } from './survey.ts';
import { changeChosen, type Asked, type Updated } from './update.ts';

/**
 * Shares it with these too. A name is a group where a key of the server keeps one of that name, with its users; else a user.
 * Throws `NoSuchKey`, and `refused` for a key without a mark of ours, and for a group on which keys do not agree.
 */
export function shareChosen(context: Context<RunOptions>, word: Selector, names: readonly string[]): Promise<Updated> {
  return changeChosen(context, word, (session) =>
    asked(async (live) => {
      const before = keptBy(live);
      const added = [...new Set(names)].filter((name) => !before.shared_with.includes(name));
      const { groups, notices } = await keptGroups(session, context, setOf(live), added);
      const shared_with = [...before.shared_with, ...added];
      return { wish: wishByHand(live, { sharing: { shared_with, groups: { ...before.groups, ...groups } } }), notices };
    }),
  );
}

/** Shares it with these no longer; who still has access is told. Throws `NoSuchKey`, and `refused` for a key without a mark of ours. */
export function unshareChosen(
  context: Context<RunOptions>,
  word: Selector,
  names: readonly string[],
): Promise<Updated> {
  return changeChosen(context, word, () =>
    asked((live) => {
      const before = keptBy(live);
      const sharing: Sharing = {
        shared_with: before.shared_with.filter((name) => !names.includes(name)),
        groups: Object.fromEntries(Object.entries(before.groups).filter(([name]) => !names.includes(name))),
      };
      const wish = wishByHand(live, { sharing });
      const notices = [...missingNotices(wish, names, before), ...stillNotices(wish, live, names, before, sharing)];
      return Promise.resolve({ wish, notices });
    }),
  );
}

function asked(wanted: Asked['wishFor']): Promise<Asked> {
  return Promise.resolve({ look: detailOf([]), wishFor: wanted });
}

/** Without a mark it would not be known whose the key is, and a mark would make it a set's: that is for `--adopt` alone. */
function keptBy(live: Live): Sharing {
  if (live.mark !== null) return sharingIn(live);
  throw new VkeysError(
    'refused',
    `${live.name ?? live.id} was not made by vkeys, or has lost its mark, which is where it is kept with whom a key is shared.`,
    'Write the key into a spec with shared_with, and take it over: vkeys apply --adopt',
  );
}

function missingNotices({ ref }: Desired, names: readonly string[], { shared_with }: Sharing): readonly Notice[] {
  return names
    .filter((name) => !shared_with.includes(name))
    .map((name): Notice => {
      const message = `It is not shared with ${name}.${didYouMean(name, shared_with)}`;
      return { code: 'sharing', ref, message, hint: null };
    });
}

/** Users whom it was shared with, and who have access in another way. */
function stillNotices(
  { ref }: Desired,
  live: Live,
  names: readonly string[],
  before: Sharing,
  sharing: Sharing,
): readonly Notice[] {
  const vkeys = withSharing({ ...live.mark }, sharing);
  const after: Live = { ...live, metadata: { ...live.metadata, vkeys } };
  const ended = names.filter((name) => before.shared_with.includes(name));
  const users = new Set(ended.flatMap((name) => usersIn(before, name) ?? [name]));
  return [...users].flatMap((user): readonly Notice[] => {
    const access = accessOf(after, user);
    const message = `${user} still has access: ${String(access)}.`;
    return access === null ? [] : [{ code: 'sharing', ref, message, hint: null }];
  });
}
