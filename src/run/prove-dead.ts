/** Proof that keys are dead: each server is asked with the keys themselves, and for their hashes where nobody has those. */
import { VkeysError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { keyStore } from '../litellm/key-store.ts';
import type { AccountKey, Proof } from '../model/account.ts';
import type { Spec } from '../model/spec.ts';
import type { TriedKey } from '../model/verified.ts';
import { namedBy, withSessions, type Context } from './open.ts';
import type { RunOptions } from './options.ts';
import { verifyKeys } from './verify.ts';

/** A key that is to go, and what the keyring has of it. `secret`: `null` where it cannot be read here. */
export type Doomed = {
  readonly set: string;
  readonly name: string;
  readonly key_id: string;
  readonly user: string | null;
  readonly secret: Secret | null;
  readonly places: readonly string[];
};

/** By `key_id`. Waits until every process of the server knows, for a minute at most. */
export async function proveDead(
  context: Context<RunOptions>,
  specs: readonly Spec[],
  keys: readonly AccountKey[],
  doomed: readonly Doomed[],
): Promise<ReadonlyMap<string, Proof>> {
  return withSessions(context, async (sessions) => {
    const [first] = specs;
    const { url, connection } = await sessions.open(first === undefined ? null : namedBy(first, specs));
    const tried = doomed.flatMap(({ set, name, key_id, secret }): readonly TriedKey[] =>
      secret === null ? [] : [{ set, name, key_id, url, secret, models: null, held: [] }],
    );
    const verified = await verifyKeys(context, tried, { expected: 'unknown', chat: undefined, wait: true }).catch(
      (error: unknown) => {
        if (error instanceof VkeysError && error.kind !== 'interrupted') return [];
        throw error;
      },
    );
    const refused = new Set(verified.flatMap(({ key_id, verdict }) => (verdict === 'unknown' ? [key_id] : [])));
    const ids = keys.map(({ key_id }) => key_id);
    const { lives } = await keyStore(connection, {}).survey({ ids, names: [], all: false });
    const there = new Set(lives.map(({ id }) => id));
    const asked = new Set(tried.map(({ key_id }) => key_id));
    const proofOf = (id: string): Proof => {
      if (refused.has(id)) return 'refused';
      return there.has(id) || asked.has(id) ? 'doubtful' : 'gone';
    };
    return new Map(ids.map((id) => [id, proofOf(id)]));
  });
}
