/** Whose live things are: by their marks, and what can have none by the keyrings of the sets. A member is whose its team is. */
import { textOf } from '../base/json.ts';
import type { Live } from '../model/resource.ts';
import { keyringState, type KeyringFlags } from './keyrings.ts';
import type { Context, Session } from './open.ts';

/** The set whose a thing is; `null`: nobody's. */
export type Owners = (live: Live) => string | null;

/** For these things, of the sets that their marks name. */
export async function ownersOf(
  lives: readonly Live[],
  { world, options }: Context<KeyringFlags>,
  { url }: Pick<Session, 'url'>,
): Promise<Owners> {
  const marks = new Map(lives.flatMap((live) => (live.mark === null ? [] : [[idOf(live), live.mark.set] as const])));
  const known = new Map<string, string>();
  for (const set of new Set(marks.values()))
    for (const { kind, id } of (await keyringState(world, options, { server: url, set })).things.values())
      known.set(`${kind}/${id}`, set);
  return (live) => marks.get(idOf(live)) ?? known.get(idOf(live)) ?? null;
}

/** A part is known by its whole. */
function idOf({ kind, id, settings }: Live): string {
  return kind === 'member' ? `team/${textOf(settings['team_id'])}` : `${kind}/${id}`;
}
