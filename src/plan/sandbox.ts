/**
 * A `vkeys sandbox` forgets everything when it ends, and says in each answer which one it is. So its keys end with it: where
 * another answers at its address, or a server that lasts, they are not missed. Their secrets are kept as those of any key
 * that is gone, because the same sandbox may be reached again, through another port.
 */
import type { Entry, KeyringState, Line } from '../model/keyring.ts';
import type { Notice } from '../model/plan.ts';
import type { Surveys } from '../model/survey.ts';

/** What a keyring knows of sandboxes other than the one that answers, by id. */
export function lapsedIn({ entries }: Pick<KeyringState, 'entries'>, surveys: Surveys): ReadonlyMap<string, Entry> {
  const keys = surveys.get('key');
  const live = new Set(keys?.lives.map(({ id }) => id));
  return new Map(
    [...entries].filter(([id, { sandbox }]) => sandbox !== null && sandbox !== keys?.sandbox && !live.has(id)),
  );
}

/** Told once, when they are missed for the first time. */
export function lapsedNotices(lapsed: ReadonlyMap<string, Entry>): readonly Notice[] {
  const count = [...lapsed.values()].filter(({ gone }) => gone === null).length;
  if (count === 0) return [];
  const keys = count === 1 ? 'the key that was made there has' : `the ${String(count)} keys that were made there have`;
  const message = `The sandbox of this address was started again, or is gone: ${keys} ended with it.`;
  return [{ code: 'server', ref: null, message, hint: null }];
}

/** The line with which a keyring follows, so that what is minted from now on ends with the sandbox that answers. */
export function sandboxLines({ sandbox }: KeyringState, surveys: Surveys): readonly Line[] {
  const id = surveys.get('key')?.sandbox ?? null;
  return id === sandbox ? [] : [{ op: 'sandbox', id }];
}
