/** Which keys are meant, as a command line says it: by words, as the keys that specs name, and by a filter. */
import { VkeysError } from '../base/errors.ts';
import type { KeyFilter, Selector } from '../model/selector.ts';
import type { Live } from '../model/resource.ts';
import type { Spec } from '../model/spec.ts';
import type { SpecKey } from '../model/spec-key.ts';
import { keyringState, type KeyringFlags } from './keyrings.ts';
import { namedBy, type Context, type Session, type Sessions } from './open.ts';
import type { World } from './world.ts';

/** A word that names keys. */
export type Word = Selector | SpecKey;

/** Of the keys that the words name, or of all where there are none, those that the filter lets pass. */
export type Named = {
  readonly selectors: readonly Word[];
  readonly filter: KeyFilter;
  /** Those of them that are not are left in peace, and are not missing. */
  readonly also?: (live: Live, now: Date) => boolean;
};

/** The same, and specs that name more. Words and specs exclude each other. */
export type Choice = Pick<Named, 'filter' | 'also'> & {
  readonly selectors: readonly Selector[];
  readonly specs: readonly Spec[];
  /** The specs are those of a server, and name no key. */
  readonly isOpen?: boolean;
};

/** Opens the one server that a choice is of, and says what its specs name there. Throws `usage` for specs of several servers. */
export async function openChoice(
  { world, options }: Context<KeyringFlags>,
  sessions: Sessions,
  choice: Choice,
): Promise<{ readonly session: Session; readonly named: Named }> {
  const { selectors, specs, isOpen = false, ...rest } = choice;
  const [first = null, ...others] = specs;
  const session = await sessions.open(first === null ? null : namedBy(first, specs));
  for (const spec of others) {
    if ((await sessions.open(namedBy(spec, specs))).url === session.url) continue;
    throw new VkeysError('usage', 'These specs are for several servers.', 'Give those of one server at a time.');
  }
  if (first === null || isOpen) return { session, named: { selectors, ...rest } };
  const words = await Promise.all(specs.map((spec) => wordsOf(spec, session, world, options)));
  return { session, named: { selectors: words.flat(), ...rest } };
}

/** The keys of a spec as words. */
async function wordsOf(
  { set, desired }: Spec,
  { url }: Session,
  world: World,
  flags: KeyringFlags,
): Promise<readonly SpecKey[]> {
  const keys = desired.filter(({ ref }) => ref.kind === 'key');
  const wanted = new Set(keys.flatMap(({ ref, previously }) => [ref.name, ...previously]));
  const { entries } = await keyringState(world, flags, { server: url, set });
  const kept = new Map(
    [...entries.values()].filter(({ name }) => wanted.has(name)).map(({ key_id, name }) => [key_id, name] as const),
  );
  return keys.map((each) => {
    const { ref, previously } = each;
    return { is: 'spec', desired: each, label: ref.name, set, names: [ref.name, ...previously], kept };
  });
}
