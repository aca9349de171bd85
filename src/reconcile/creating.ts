/**
 * Making keys so that no key is without its secret and no secret without its key, wherever the run is cut:
 * the secrets are minted here and journaled, all with one write, before the server hears of them; what the server has
 * is then read back, because an existing key answers 200 too, fields get lost, and another run may have been first.
 */
import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import { VkeysError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { createBody } from './bodies.ts';
import type { Change, Live, Mark, Notice, Outcome, Snapshot } from './model.ts';
import { failed, skipped, type Phase } from './phase.ts';
import type { ApplyPorts, Entry, Line, Server } from './ports.ts';
import { losersOf, raceNotice } from './settle.ts';

export type Creation = Extract<Change, { readonly action: 'create' | 'rotate' }>;

type Attempt = {
  readonly change: Creation;
  readonly secret: Secret;
  /** `null`: the server said that it has the key. */
  readonly error: VkeysError | null;
  readonly tried: boolean;
};

/** `listed`: the fields in the rows that were read back. */
type Created = {
  readonly outcomes: readonly Outcome[];
  readonly notices: readonly Notice[];
  readonly listed: Snapshot['listed'];
};

/** Creates keys. What it answers with is on the server and in the keyring, and not yet delivered. */
export async function createAll(
  set: string,
  creations: readonly Creation[],
  snapshot: Snapshot,
  ports: ApplyPorts,
  phase: Phase,
): Promise<Created> {
  if (creations.length === 0) return { outcomes: [], notices: [], listed: snapshot.listed };
  const secrets = await journal(creations, snapshot, ports);
  await clearTheWay(creations, ports);
  const mayMint = { ours: true };
  const attempts = await pMap(
    creations,
    (change) =>
      phase.step(
        () => attempt(set, change, secretOf(secrets, change), ports, mayMint),
        () => untried(change, secretOf(secrets, change)),
      ),
    { concurrency: ports.concurrency },
  );
  return readBack(set, attempts, ports);
}

function secretOf(secrets: ReadonlyMap<string, Secret>, { key_alias }: Creation): Secret {
  const secret = secrets.get(key_alias);
  if (secret === undefined) throw new Error(`no secret was minted for ${key_alias}`);
  return secret;
}

/** A secret for each alias, on the disk before it is used. One that an earlier run left unfinished is used again. */
async function journal(
  creations: readonly Creation[],
  snapshot: Snapshot,
  { keyring, mint, now }: ApplyPorts,
): Promise<ReadonlyMap<string, Secret>> {
  const live = new Set(snapshot.keys.map(({ key_id }) => key_id));
  const left = new Map<string, Entry>();
  const stale: Line[] = [];
  const wanted = new Set(creations.map(({ key_alias }) => key_alias));
  for (const entry of keyring.state().entries.values()) {
    if (live.has(entry.key_id) || !wanted.has(entry.key_alias)) continue;
    if (entry.pending && !left.has(entry.key_alias)) left.set(entry.key_alias, entry);
    else stale.push({ op: 'drop', key_id: entry.key_id });
  }
  const at = now().toISOString();
  const secrets = new Map<string, Secret>();
  const lines: Line[] = [];
  for (const { key_alias } of creations) {
    const secret = left.get(key_alias)?.secret ?? mint();
    secrets.set(key_alias, secret);
    if (!left.has(key_alias)) lines.push({ op: 'mint', key_id: secret.hash(), key_alias, secret, at });
  }
  await keyring.record([...stale, ...lines]);
  return secrets;
}

/** An expired key holds its alias until it is deleted. */
async function clearTheWay(creations: readonly Creation[], { server, keyring }: ApplyPorts): Promise<void> {
  const replaced = creations.flatMap(({ live }) => (live === null ? [] : [live.key_id]));
  if (replaced.length === 0) return;
  await server.delete(replaced);
  await keyring.record(replaced.map((key_id): Line => ({ op: 'drop', key_id })));
}

async function attempt(
  set: string,
  change: Creation,
  secret: Secret,
  ports: ApplyPorts,
  mayMint: { ours: boolean },
): Promise<Attempt> {
  try {
    if (mayMint.ours) {
      await ports.server.create(secret, createBody(change.desired, { set }, ports.now()));
      return { change, secret, error: null, tried: true };
    }
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    if (error.details['code'] !== 'custom_keys_disabled') return { change, secret, error, tried: true };
    mayMint.ours = false;
  }
  return attemptMinted(set, change, secret, ports);
}

/** The server insists on choosing the secret: what it is asked is journaled before, and what it answers right after. */
async function attemptMinted(
  set: string,
  change: Creation,
  unused: Secret,
  { server, keyring, now }: ApplyPorts,
): Promise<Attempt> {
  const mark: Mark = { set, mint: randomUUID() };
  const { key_alias } = change;
  const at = now().toISOString();
  await keyring.record([
    { op: 'drop', key_id: unused.hash() },
    { op: 'ask', mint: mark.mint ?? '', key_alias, at },
  ]);
  try {
    const secret = await server.createMinted(createBody(change.desired, mark, now()));
    await keyring.record([
      { op: 'mint', key_id: secret.hash(), key_alias, secret, at },
      { op: 'answered', mint: mark.mint ?? '' },
    ]);
    return { change, secret, error: null, tried: true };
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    return { change, secret: unused, error, tried: true };
  }
}

function untried(change: Creation, secret: Secret): Attempt {
  return { change, secret, error: null, tried: false };
}

async function readBack(set: string, attempts: readonly Attempt[], { server, keyring }: ApplyPorts): Promise<Created> {
  let snapshot: Snapshot | null = null;
  try {
    if (attempts.some(({ tried, error }) => tried && unclear(error))) snapshot = await server.list();
  } catch (error) {
    const outcomes = attempts.map(({ change, tried }) => (tried ? failed(change, error) : skipped(change)));
    return { outcomes, notices: [], listed: null };
  }
  const keys = snapshot?.keys ?? [];
  const losers = new Map(losersOf(set, keys).map((key) => [key.key_id, key]));
  const lives = new Map(keys.map((key) => [key.key_id, key]));
  const ended = await pMap(attempts, (one) => conclude(one, lives, losers, server), { concurrency: 4 });
  const lost = ended.flatMap(({ race }) => (race === null ? [] : [race]));
  if (lost.length > 0) await server.delete(lost.map(({ key_id }) => key_id));
  const never = attempts.filter(({ tried, error }) => !tried || !unclear(error)).map(({ secret }) => secret.hash());
  await keyring.record([...never, ...lost.map(({ key_id }) => key_id)].map((key_id): Line => ({ op: 'drop', key_id })));
  return {
    outcomes: ended.map(({ outcome }) => outcome),
    notices: lost.map(raceNotice),
    listed: snapshot?.listed ?? null,
  };
}

/** Whether the server has the key, or may have it. */
function unclear(error: VkeysError | null): boolean {
  return error === null || error.details['unsettled'] === true;
}

async function conclude(
  one: Attempt,
  lives: ReadonlyMap<string, Live>,
  losers: ReadonlyMap<string, Live>,
  server: Server,
): Promise<{ readonly outcome: Outcome; readonly race: Live | null }> {
  const { change, secret, error, tried } = one;
  if (!tried) return { outcome: skipped(change), race: null };
  const key_id = secret.hash();
  const race = losers.get(key_id) ?? null;
  if (race !== null) return { outcome: skipped(change), race };
  const live = lives.get(key_id) ?? (error === null ? await server.info(key_id) : null);
  if (live !== null) return { outcome: { change, status: 'applied', live, secret, error: null }, race: null };
  return {
    outcome: { change, status: 'failed', live: null, secret: null, error: error ?? vanished(change) },
    race: null,
  };
}

function vanished({ key_alias }: Creation): VkeysError {
  return new VkeysError(
    'protocol',
    `The server said that it created ${key_alias}, and then did not have it.`,
    'Run the same command again: its secret is kept, and is sent again.',
  );
}
