/** What is there of sets that were closed. */
import type { Account, Left } from '../model/account.ts';
import type { KeyringState } from '../model/keyring.ts';
import type { Spec } from '../model/spec.ts';
import { keyringState } from './keyrings.ts';
import { namedBy, withSessions, type Context } from './open.ts';
import type { RunOptions } from './options.ts';
import { findChosen } from './select.ts';

/** What is there that was to go: keys of the sets, and places that still have one of these. */
export async function leftOver(
  context: Context<RunOptions>,
  specs: readonly Spec[],
  { keys, url }: Account,
): Promise<readonly Left[]> {
  const { world, options, hear } = context;
  const ours = new Set(keys.map(({ key_id }) => key_id));
  const left: Left[] = [];
  await withSessions(context, async (sessions) => {
    for (const spec of specs) {
      const session = await sessions.open(namedBy(spec, specs));
      const there = await findChosen({ session, hear }, { selectors: [], filter: { set: spec.set } });
      left.push(...there.keys.map(({ name, id }): Left => ({ what: 'key', name: name ?? id })));
      left.push(...placesOf(await keyringState(world, options, { server: url, set: spec.set }), ours));
    }
  });
  return left;
}

function placesOf({ entries }: KeyringState, ids: ReadonlySet<string>): readonly Left[] {
  const held = [...entries.values()].filter(({ key_id }) => ids.has(key_id));
  return held.flatMap(({ places }) => places.map(({ path }): Left => ({ what: 'place', name: path })));
}
