/**
 * Making keys so that no key is without its secret and no secret without its key, wherever the run is cut:
 * the secrets are minted here and journaled, all with one write, before the server hears of them; what the server has
 * is then read back, because an existing key answers 200 too, fields get lost, and another run may have been first.
 */
import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import { VkeysError } from '../base/errors.ts';
import { createBody } from '../kinds/bodies.ts';
import type { Snapshot } from '../model/model.ts';
import type { Phase } from './phase.ts';
import type { ApplyPorts, Entry, Line } from './ports.ts';
import { readBack, type Attempt, type Created, type Creation, type Prepared } from './read-back.ts';

/** Creates keys. What it answers with is on the server and in the keyring, and not yet delivered. */
export async function createAll(
  set: string,
  creations: readonly Creation[],
  snapshot: Snapshot,
  ports: ApplyPorts,
  phase: Phase,
): Promise<Created> {
  if (creations.length === 0) return { outcomes: [], notices: [], listed: snapshot.listed };
  const prepared = await journal(creations, snapshot, ports);
  const obstacle = await clearTheWay(creations, ports);
  const mayMint = { ours: true };
  const attempts = await pMap(
    prepared,
    (one) =>
      phase.step(
        async () =>
          obstacle !== null && one.change.live !== null
            ? { ...one, error: obstacle, tried: true }
            : attempt(set, one, ports, mayMint),
        () => ({ ...one, error: null, tried: false }),
      ),
    { concurrency: ports.concurrency },
  );
  return readBack(set, attempts, ports);
}

/** A secret for each creation, on the disk before it is used. One that an earlier run left unfinished is used again. */
async function journal(
  creations: readonly Creation[],
  snapshot: Snapshot,
  { keyring, mint, now }: ApplyPorts,
): Promise<readonly Prepared[]> {
  const live = new Set(snapshot.keys.map(({ key_id }) => key_id));
  const left = new Map<string, Entry>();
  const stale: Line[] = [];
  const wanted = new Set(creations.map(({ key_alias }) => key_alias));
  for (const entry of keyring.state().entries.values()) {
    if (live.has(entry.key_id) || !wanted.has(entry.key_alias)) continue;
    if (entry.pending) left.set(entry.key_alias, entry);
    else stale.push({ op: 'drop', key_id: entry.key_id });
  }
  const at = now().toISOString();
  const prepared = creations.map((change): Prepared => {
    const entry = left.get(change.key_alias);
    return { change, secret: entry?.secret ?? mint(), fresh: entry === undefined };
  });
  const lines = prepared
    .filter(({ fresh }) => fresh)
    .map(({ change: { key_alias }, secret }): Line => ({ op: 'mint', key_id: secret.hash(), key_alias, secret, at }));
  await keyring.record([...stale, ...lines]);
  return prepared;
}

/** Deletes expired keys, which hold their alias until then; answers with why that could not be done. */
async function clearTheWay(
  creations: readonly Creation[],
  { server, keyring }: ApplyPorts,
): Promise<VkeysError | null> {
  const replaced = creations.flatMap(({ live }) => (live === null ? [] : [live.key_id]));
  if (replaced.length === 0) return null;
  try {
    await server.delete(replaced);
  } catch (error) {
    if (error instanceof VkeysError) return error;
    throw error;
  }
  await keyring.record(replaced.map((key_id): Line => ({ op: 'drop', key_id })));
  return null;
}

async function attempt(set: string, one: Prepared, ports: ApplyPorts, mayMint: { ours: boolean }): Promise<Attempt> {
  try {
    if (mayMint.ours) {
      await ports.server.create(one.secret, createBody(one.change.desired, { set }, ports.now()));
      return { ...one, error: null, tried: true };
    }
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    if (error.details['code'] !== 'custom_keys_disabled') return { ...one, error, tried: true };
    mayMint.ours = false;
  }
  return attemptMinted(set, one, ports);
}

/** The server insists on choosing the secret: what it is asked is journaled before, and what it answers right after. */
async function attemptMinted(set: string, one: Prepared, { server, keyring, now }: ApplyPorts): Promise<Attempt> {
  const { key_alias, desired } = one.change;
  const mint = randomUUID();
  const at = now().toISOString();
  try {
    await keyring.record([
      { op: 'drop', key_id: one.secret.hash() },
      { op: 'ask', mint, key_alias, at },
    ]);
    const secret = await server.createMinted(createBody(desired, { set, mint }, now()));
    await keyring.record([
      { op: 'mint', key_id: secret.hash(), key_alias, secret, at },
      { op: 'answered', mint },
    ]);
    return { ...one, secret, error: null, tried: true };
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    if (isRefusal(error)) await keyring.record([{ op: 'answered', mint }]);
    return { ...one, error, tried: true };
  }
}

/** Whether the server said no, or never heard the question: there is no key, and there will be none. */
function isRefusal({ details: { status, sent, code } }: VkeysError): boolean {
  return typeof status === 'number' ? status >= 400 && status < 500 && code !== 'database_away' : sent === false;
}
