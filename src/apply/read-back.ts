/** What became of creations: only a look at the server tells, see `create.ts`. */
import { VkeysError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { Creation } from '../model/change.ts';
import type { Line } from '../model/keyring.ts';
import { factsOf } from '../model/kind.ts';
import type { Landed } from '../model/landed.ts';
import type { Kind } from '../model/ref.ts';
import { byAge, type Live } from '../model/resource.ts';
import { removeAll } from './delete.ts';
import { eventually } from './lag.ts';
import { applied, failed, skipped, type Done, type Task } from './phase.ts';
import { storeOf, type ApplyPorts, type Work } from './ports.ts';
import { notOurs, notThere, raceNotice, unread, withoutName } from './undone.ts';

/** A creation and the secret that the keyring has for it; `null` for a kind without secrets. */
export type Prepared = Task<Creation> & {
  readonly secret: Secret | null;
  /** Minted by this run. The creation of any other may still be under way at the server, so that its secret is never dropped. */
  readonly fresh: boolean;
  /** As the server called it; a key is known by its secret's hash anyway. */
  readonly id?: string | undefined;
  /** What still stands there of what it replaces. */
  readonly old: Live | null;
};

/** `landed`: `null` was not tried; `done`: the server said that it has it. */
export type Attempt = Prepared & { readonly landed: Landed['is'] | null; readonly error: VkeysError | null };

/**
 * Finds what was made on the server. Where another run made an older one under the same name, ours is taken away again; a
 * secret of which the server cannot have heard is dropped. A hash is nobody else's; an id of our choice may be, and what is
 * there under it, and is not ours, is left alone.
 */
export async function readBack(kind: Kind, attempts: readonly Attempt[], ports: ApplyPorts): Promise<readonly Done[]> {
  const heard = attempts.filter(({ landed }) => landed !== null && landed !== 'unsent');
  let seen: Seen = NOTHING;
  try {
    seen = heard.length === 0 ? NOTHING : await look(kind, heard, ports);
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    return attempts.map((one) =>
      one.landed === null
        ? skipped(one, { live: one.old })
        : failed(one, one.error ?? unread(one.change, error), { live: one.old }),
    );
  }
  const errors = await removeAll(
    heard.flatMap((one) => {
      const live = seen.twins.get(idOf(one)) ?? seen.nameless.get(idOf(one));
      return live === undefined ? [] : [{ work: one.work, live }];
    }),
    ports,
  );
  await forget(attempts, seen, errors);
  return attempts.map((one) => conclude(one, seen, errors));
}

function idOf({ id, secret }: Prepared): string {
  return id ?? secret?.hash() ?? '';
}

/** What the server has, by id. What it should not have is taken away again. */
type Seen = {
  readonly lives: ReadonlyMap<string, Live>;
  /** Those of ours that have an older one beside them. */
  readonly twins: ReadonlyMap<string, Live>;
  /** Those of ours that came without their name or mark. */
  readonly nameless: ReadonlyMap<string, Live>;
  /** Ids of our choice under which there is something that is not ours: they stay. */
  readonly others: ReadonlySet<string>;
};

const NOTHING: Seen = { lives: new Map(), twins: new Map(), nameless: new Map(), others: new Set() };

/** What the server has of them, and of others under their names; what it said that it made is waited for. */
async function look(kind: Kind, heard: readonly Attempt[], ports: ApplyPorts): Promise<Seen> {
  const wanted = { ids: heard.map(idOf), names: heard.map(({ change }) => change.ref.name), all: false };
  const sure = heard.filter(({ landed }) => landed === 'done').map(idOf);
  const { lives } = await eventually(
    () => storeOf(ports, kind).survey(wanted),
    (survey) => {
      const there = new Set(survey.lives.map(({ id }) => id));
      return sure.every((id) => there.has(id));
    },
    ports,
  );
  const ours = new Map(heard.map((one) => [idOf(one), one]));
  const { hasSecret, marks } = factsOf(ports.kinds, kind);
  const strange = lives.filter(({ id, name, mark }) => {
    const one = ours.get(id);
    if (one === undefined) return false;
    const isMarked = mark?.set === one.work.plan.set;
    if (hasSecret) return name !== one.change.ref.name || !isMarked;
    return marks === 'metadata' ? !isMarked : !mayBeThere(one);
  });
  return {
    lives: byId(lives),
    twins: byId(youngerOf(lives).filter(({ id }) => ours.has(id))),
    nameless: byId(hasSecret ? strange : []),
    others: new Set(hasSecret ? [] : strange.map(({ id }) => id)),
  };
}

function byId(lives: readonly Live[]): ReadonlyMap<string, Live> {
  return new Map(lives.map((live) => [live.id, live]));
}

/** Those that have an older one of the same set under the same name. */
function youngerOf(lives: readonly Live[]): readonly Live[] {
  const first = new Set<string>();
  return lives.toSorted(byAge).filter(({ mark, name }) => {
    if (mark === null || name === null) return false;
    const key = JSON.stringify([mark.set, name]);
    if (first.has(key)) return true;
    first.add(key);
    return false;
  });
}

/** Forgets what is not there, each in its set's keyring: secrets that are no key's, and ids that are nothing's. */
async function forget(attempts: readonly Attempt[], seen: Seen, errors: Errors): Promise<void> {
  const lines = new Map<Work, Line[]>();
  for (const one of attempts) {
    const key_id = idOf(one);
    const never = one.fresh && !mayBeThere(one) && !seen.lives.has(key_id);
    const gone = (seen.twins.has(key_id) || seen.nameless.has(key_id)) && !errors.has(key_id);
    if (!(never || gone || seen.others.has(key_id))) continue;
    const line: Line =
      one.secret === null
        ? { op: 'unmade', kind: one.change.ref.kind, id: key_id }
        : { op: 'drop', key_id, why: never ? 'refused' : 'deleted' };
    lines.set(one.work, [...(lines.get(one.work) ?? []), line]);
  }
  for (const [{ keyring }, each] of lines) await keyring.record(each);
}

/** Why some could not be taken away, by id. */
type Errors = ReadonlyMap<string, VkeysError>;

/** Whether the server has it, or may have it. A refusal alone proves nothing: a gateway may keep an answer with a key back. */
function mayBeThere({ landed }: Attempt): boolean {
  return landed === 'done' || landed === 'unsettled';
}

function conclude(one: Attempt, seen: Seen, errors: Errors): Done {
  const { change, landed, error, secret } = one;
  const id = idOf(one);
  const live = seen.lives.get(id) ?? null;
  const old = { live: one.old };
  const stays = errors.get(id);
  if (stays !== undefined) return failed(one, stays, { live });
  if (seen.twins.has(id)) return { ...skipped(one, old), notices: [raceNotice(change, id)] };
  if (landed === null) return skipped(one, old);
  if (seen.others.has(id)) return failed(one, error ?? notOurs(change, id), old);
  if (seen.nameless.has(id)) return failed(one, withoutName(change), old);
  return live === null ? failed(one, error ?? notThere(change), old) : applied(one, { live, secret });
}
