/** What moving keys to another server comes to: what is wanted there, of which secrets are known, and what stays behind. */
import { storeOf } from '../apply/ports.ts';
import { KINDS } from '../kinds/kinds.ts';
import { readHealth } from '../litellm/health.ts';
import { keyStore } from '../litellm/key-store.ts';
import { VkeysError } from '../base/errors.ts';
import type { Entry } from '../model/keyring.ts';
import { bornAt } from '../model/lifetime.ts';
import type { Notice } from '../model/plan.ts';
import type { Ref } from '../model/ref.ts';
import type { Desired, Live } from '../model/resource.ts';
import type { Spec } from '../model/spec.ts';
import { isSpecKey, type SpecKey } from '../model/spec-key.ts';
import { movedTo, type Moved } from '../plan/moved.ts';
import { findEntries } from '../secrets/inventory.ts';
import type { Named } from './choice.ts';
import { keyringChoice } from './keyrings.ts';
import type { Context, Session } from './open.ts';
import type { RunOptions } from './options.ts';
import { ownersOf } from './owners.ts';
import { peopleStores } from './people.ts';
import { withPeople } from './people-of.ts';
import { shortRefusals } from './rest.ts';
import { RefusedError } from './plan.ts';
import { NoSuchKey, selectKeys } from './select.ts';
import { ADHOC, adhoc, setOf } from './single.ts';
import { WHOLE } from './survey.ts';

export type MigrateChoices = {
  /** What was spent goes along. */
  readonly spend: boolean;
  /** Keys whose secret nobody has get another one. */
  readonly newSecrets: boolean;
};

/** A key that is moved, as its plan calls it. `entry`: what this user's keyrings have of its secret. */
export type MovedKey = {
  readonly id: string;
  readonly set: string;
  readonly name: string;
  readonly entry: Entry | null;
};

export type Migration = {
  /** What each set is to have there. */
  readonly specs: readonly Spec[];
  readonly keys: readonly MovedKey[];
  readonly notices: readonly Notice[];
};

/** Throws `NoSuchKey`, `RefusedError` where more may be meant than was seen, and `usage` where both servers are one. */
export async function migrationOf(
  context: Context<RunOptions>,
  { source, target }: { readonly source: Session; readonly target: Session },
  { named, specs }: { readonly named: Named; readonly specs: readonly Spec[] },
  how: MigrateChoices,
): Promise<Migration> {
  const selection = await selectKeys({ session: source, hear: context.hear, look: WHOLE }, named);
  if (selection.missing.length > 0) throw new NoSuchKey(selection);
  const short = shortRefusals(selection);
  if (short.length > 0) throw new RefusedError(short);
  /* What retires has its name no longer. */
  const current = selection.keys.filter(({ mark }) => mark?.retiring === undefined);
  const { keys, people, gaps } = await withPeople(source, current, { all: false });
  const here = await keysAt(target, keys);
  if (keys.some(({ id, created_at }) => created_at !== null && here.get(id)?.created_at === created_at))
    throw sameServer(source, target);
  const entries = await secretsOf(context, keys);
  const isKept = ({ id }: Live): boolean => entries.has(id) || here.has(id) || how.newSecrets;
  const { version } = await readHealth(target.connection);
  const left = await withoutThere(target, people);
  const { moved, notices } = movedTo([...left, ...keys.filter(isKept)], KINDS, version, selection.survey.now);
  const ownerOf = await ownersOf([...people, ...keys], context, source);
  const words = named.selectors.filter((word) => word.is === 'spec');
  const sets = new Map<string, Moved[]>();
  for (const { live, desired } of moved) {
    const isKey = live.kind === 'key';
    const word = words.find((each) => isKey && isSpecKey(each, live));
    const set = word?.set ?? (isKey ? setOf(live) : (ownerOf(live) ?? ADHOC));
    const whole = { ...desired, ...calledIn(word), ...followed(live, how.spend && !here.has(live.id)) };
    sets.set(set, [...(sets.get(set) ?? []), { live, desired: whole }]);
  }
  const movedKeys = [...sets].flatMap(([set, all]) =>
    all.flatMap(({ live, desired }) =>
      live.kind === 'key' ? [{ id: live.id, set, name: desired.ref.name, entry: entries.get(live.id) ?? null }] : [],
    ),
  );
  return {
    specs: [...sets].map(([set, all]) => {
      const { files = [], deliver = [], publicUrl = null } = specs.find((one) => one.set === set) ?? {};
      return { ...adhoc(set), files, deliver, publicUrl, desired: all.map(({ desired }) => desired) };
    }),
    keys: movedKeys,
    notices: [
      ...[...selection.gaps, ...gaps].map((message): Notice => ({ code: 'survey', ref: null, message, hint: null })),
      ...keys.filter((key) => !isKept(key)).map(secretless),
      ...notices,
    ],
  };
}

/** Its lifetime counts from when it was made on the old server, so that no apply on the new one moves its end. */
function followed(live: Live, isSpent: boolean): Pick<Desired, 'follows'> {
  return live.kind === 'key' ? { follows: { since: bornAt(live), spend: isSpent ? live.spend : 0 } } : {};
}

/** What a spec calls a key, and what its deliveries may name of it. */
function calledIn(word: SpecKey | undefined): Partial<Desired> {
  if (word === undefined) return {};
  const { ref, user, placeholders, origin } = word.desired;
  return { ref, user, placeholders, origin };
}

async function keysAt({ connection }: Session, keys: readonly Live[]): Promise<ReadonlyMap<string, Live>> {
  const { lives } = await keyStore(connection).survey({ ids: keys.map(({ id }) => id), names: [], all: false });
  return new Map(lives.map((live) => [live.id, live]));
}

async function secretsOf(
  { world, options }: Context<RunOptions>,
  keys: readonly Live[],
): Promise<ReadonlyMap<string, Entry>> {
  const { roots, ...ports } = keyringChoice(world, options);
  const { entries } = await findEntries(
    roots,
    keys.map(({ id }) => id),
    ports,
  );
  return new Map([...entries].filter(([, { secret }]) => secret.isOpen()));
}

/** Those that the other server does not have: what is there stays as it is. */
async function withoutThere({ connection }: Session, people: readonly Live[]): Promise<readonly Live[]> {
  const stores = { stores: peopleStores(connection) };
  const left: Live[] = [];
  for (const kind of new Set(people.map((live) => live.kind))) {
    const own = people.filter((live) => live.kind === kind);
    const { lives } = await storeOf(stores, kind).survey({ ids: own.map(({ id }) => id), names: [], all: false });
    const there = new Set(lives.map(({ id }) => id));
    left.push(...own.filter(({ id }) => !there.has(id)));
  }
  return left;
}

function refOf({ mark, name, id }: Live): Ref {
  return { kind: 'key', name: mark?.name ?? name ?? id };
}

function secretless(live: Live): Notice {
  const message = 'No keyring of this machine has its secret, so it is not moved.';
  const hint = 'Bring it: vkeys keyring import. Or make it with another secret: --new-secrets';
  return { code: 'secret_unknown', ref: refOf(live), message, hint };
}

function sameServer({ url }: Session, target: Session): VkeysError {
  const message = `${url} and ${target.url} are the same server: they have the same keys.`;
  return new VkeysError('usage', message, 'Name another one with --to; see them: vkeys auth profiles');
}
