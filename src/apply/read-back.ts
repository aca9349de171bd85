/** What became of creations: only a list of the server's keys tells, see `creating.ts`. */
import pMap from 'p-map';
import { VkeysError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { Change, Live, Notice, Outcome, Snapshot } from '../model/model.ts';
import { failed, skipped } from './phase.ts';
import type { ApplyPorts, Line, Server } from './ports.ts';
import { losersOf, raceNotice } from './settle.ts';

export type Creation = Extract<Change, { readonly action: 'create' | 'rotate' }>;

/** A creation and the secret that the keyring has for it. */
export type Prepared = {
  readonly change: Creation;
  readonly secret: Secret;
  /** Minted by this run. The creation of any other may still be under way at the server, so that its secret is never dropped. */
  readonly fresh: boolean;
};

export type Attempt = Prepared & {
  /** `null`: the server said that it has the key. */
  readonly error: VkeysError | null;
  readonly tried: boolean;
};

/** `listed`: the fields in the rows that were read back. */
export type Created = {
  readonly outcomes: readonly Outcome[];
  readonly notices: readonly Notice[];
  readonly listed: Snapshot['listed'];
};

/**
 * Finds the keys of the attempts on the server. Where another run made an older key under the same alias, ours is
 * taken away again; a secret of which the server cannot have heard is dropped.
 */
export async function readBack(
  set: string,
  attempts: readonly Attempt[],
  { server, keyring }: ApplyPorts,
): Promise<Created> {
  let snapshot: Snapshot | null = null;
  let lost: readonly Live[] = [];
  let unnamed: readonly Live[] = [];
  try {
    if (attempts.some(wasHeard)) {
      snapshot = await server.list();
      const ours = new Map(attempts.map(({ secret, change }) => [secret.hash(), change.key_alias]));
      lost = losersOf(set, snapshot.keys).filter(({ key_id }) => ours.has(key_id));
      unnamed = snapshot.keys.filter(
        ({ key_id, key_alias, mark }) => ours.has(key_id) && (ours.get(key_id) !== key_alias || mark?.set !== set),
      );
      const gone = [...lost, ...unnamed].map(({ key_id }) => key_id);
      if (gone.length > 0) await server.delete(gone);
    }
  } catch (error) {
    const outcomes = attempts.map(({ change, tried, error: own }) =>
      tried ? failed(change, own ?? unread(change, error)) : skipped(change),
    );
    return { outcomes, notices: [], listed: null };
  }
  const races = new Set(lost.map(({ key_id }) => key_id));
  const strangers = new Set(unnamed.map(({ key_id }) => key_id));
  const lives = new Map(snapshot?.keys.map((key) => [key.key_id, key]));
  const outcomes = await pMap(attempts, (one) => conclude(one, lives, races, strangers, server), { concurrency: 4 });
  const never = attempts
    .filter((one) => one.fresh && !mayBeThere(one))
    .map(({ secret }) => secret.hash())
    .filter((key_id) => !lives.has(key_id));
  await keyring.record([...never, ...races, ...strangers].map((key_id): Line => ({ op: 'drop', key_id })));
  return { outcomes, notices: lost.map(raceNotice), listed: snapshot?.listed ?? null };
}

/** Whether the server knows the secret. A refusal alone proves nothing: a gateway may refuse to let an answer with a key pass. */
function wasHeard({ tried, error }: Attempt): boolean {
  return tried && error?.details['sent'] !== false;
}

/** Whether the server has the key, or may have it. */
function mayBeThere({ tried, error }: Attempt): boolean {
  return tried && (error === null || error.details['unsettled'] === true);
}

async function conclude(
  one: Attempt,
  lives: ReadonlyMap<string, Live>,
  races: ReadonlySet<string>,
  strangers: ReadonlySet<string>,
  server: Server,
): Promise<Outcome> {
  const { change, secret, error, tried } = one;
  const key_id = secret.hash();
  if (!tried || races.has(key_id)) return skipped(change);
  if (strangers.has(key_id)) return failed(change, nameless(change));
  try {
    const live = lives.get(key_id) ?? (error === null ? await server.info(key_id) : null);
    if (live !== null) return { change, status: 'applied', live, secret, error: null };
    return failed(change, error ?? vanished(change));
  } catch (thrown) {
    return failed(change, thrown);
  }
}

function nameless({ key_alias }: Creation): VkeysError {
  return new VkeysError(
    'protocol',
    `The server had the new key of ${key_alias} without its alias or its metadata, which vkeys knows it by, so it was taken away again.`,
    'Look at what stands before the server and changes requests; then run the same command again.',
  );
}

/** The server said that it has the key, and then could not be asked. A bug is thrown on. */
function unread({ key_alias }: Creation, error: unknown): VkeysError {
  if (!(error instanceof VkeysError)) throw error;
  return new VkeysError(
    error.kind,
    `${key_alias} was created, but could not be read back. ${error.message}`,
    'Run the same command again: its secret is kept, and the next run hands it out.',
    { cause: error, details: error.details },
  );
}

function vanished({ key_alias }: Creation): VkeysError {
  return new VkeysError(
    'protocol',
    `The server said that it created ${key_alias}, and then did not have it.`,
    'Run the same command again: its secret is kept, and is sent again.',
  );
}
