import { VkeysError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { Facts } from '../plan/diff.ts';
import { createAll } from './create.ts';
import type { Change, Notice, Outcome, Plan, Snapshot } from '../model/model.ts';
import { failed, skipped, startPhase } from './phase.ts';
import { ORDER } from '../plan/make.ts';
import type { ApplyPorts, Entry, Gone, Keyring, Known, Line } from './ports.ts';
import type { Creation } from './read-back.ts';
import { correctAll, updateAll, type Update } from './update.ts';

export type Applied = { readonly outcomes: readonly Outcome[]; readonly notices: readonly Notice[] };

/**
 * Applies a plan: creates, then updates, then deletes, then delivers. One failure does not stop the others; each key's
 * end is an outcome. `forsaken`: keys that were gone already, but not from the hand-outs. Throws only what stops everything: a keyring that cannot be written, a list that cannot be read.
 */
export async function applyPlan(
  plan: Plan,
  snapshot: Snapshot,
  version: string | null,
  forsaken: readonly Gone[],
  ports: ApplyPorts,
): Promise<Applied> {
  const facts: Facts = { now: ports.now(), listed: snapshot.listed, version };
  const creations = plan.changes.filter(isCreation);
  const updates = plan.changes.filter(isUpdate);
  const phase = startPhase(creations.length + updates.length, ports);
  const created = await createAll(plan.set, creations, snapshot, ports, phase);
  const corrected = await correctAll(created.outcomes, { ...facts, listed: created.listed }, ports);
  const updated = await updateAll(plan.set, updates, facts, ports, phase);
  const deleted = await deleteAll(plan.changes.filter(isDeletion), ports);
  const unchanged = plan.changes.filter(({ action }) => action === 'noop').map(standing);
  const all = [...corrected.outcomes, ...updated.outcomes, ...deleted, ...unchanged];
  const { outcomes, notices } = await deliverAll(all, forsaken, ports);
  return {
    outcomes: outcomes.toSorted((a, b) => ORDER.indexOf(a.change.action) - ORDER.indexOf(b.change.action)),
    notices: [...created.notices, ...corrected.notices, ...updated.notices, ...notices],
  };
}

const isCreation = (change: Change): change is Creation => change.action === 'create' || change.action === 'rotate';
const isUpdate = (change: Change): change is Update => change.action === 'update' || change.action === 'adopt';
type Deletion = Extract<Change, { readonly action: 'delete' }>;
const isDeletion = (change: Change): change is Deletion => change.action === 'delete';

function standing(change: Change): Outcome {
  return { change, status: 'applied', live: change.live, secret: null, error: null };
}

/** Deletes in bulk by hash and looks whether the keys are gone, since the server names unknown ones as deleted too. */
async function deleteAll(deletions: readonly Deletion[], { server, stop }: ApplyPorts): Promise<readonly Outcome[]> {
  if (deletions.length === 0) return [];
  if (stop.aborted) return deletions.map(skipped);
  let left: ReadonlySet<string>;
  try {
    await server.delete(deletions.map(({ live }) => live.key_id));
    left = new Set((await server.list()).keys.map(({ key_id }) => key_id));
  } catch (error) {
    return deletions.map((change) => failed(change, error));
  }
  return deletions.map((change) =>
    left.has(change.live.key_id) ? failed(change, survived(change)) : { ...standing(change), live: null },
  );
}

function survived({ key_alias }: Deletion): VkeysError {
  return new VkeysError(
    'api',
    `The server said that it deleted ${key_alias}, and still has it.`,
    'Run the same command again; if it stays, look at the log of the server.',
  );
}

/**
 * Hands out every secret that is known, old ones too: a hand-out that was lost is made again. Then, and only then, a
 * creation is done. Where that cannot be noted, the next run does it all again, so it is no more than a notice.
 */
async function deliverAll(
  outcomes: readonly Outcome[],
  forsaken: readonly Gone[],
  { keyring, deliverer }: ApplyPorts,
): Promise<Applied> {
  const { entries } = keyring.state();
  const told = outcomes.map((outcome) => ({ ...outcome, secret: outcome.secret ?? secretIn(entries, outcome) }));
  const failures = await deliverer.deliver(told.flatMap(knownOf));
  const gone = [...forsaken, ...told.flatMap(goneOf)];
  const kept = await deliverer.withdraw(gone);
  const done = told
    .flatMap(knownOf)
    .filter(({ live, desired }) => entries.get(live.key_id)?.pending === true && !failures.has(desired.key_alias));
  const notices = await note(keyring, [
    ...done.map(({ live }): Line => ({ op: 'done', key_id: live.key_id })),
    ...gone
      .filter(({ key_id, key_alias }) => entries.has(key_id) && !kept.has(key_alias))
      .map(({ key_id }): Line => ({ op: 'drop', key_id })),
  ]);
  const ended = told.map((outcome): Outcome => {
    const error = knownOf(outcome).length === 0 ? undefined : failures.get(outcome.change.key_alias);
    return error === undefined ? outcome : { ...outcome, status: 'failed', error };
  });
  return { outcomes: ended, notices };
}

async function note(keyring: Keyring, lines: readonly Line[]): Promise<readonly Notice[]> {
  try {
    await keyring.record(lines);
    return [];
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    const message = `All is done, but could not be noted as done, so the next run looks at it again. ${error.message}`;
    return [{ code: 'keyring', key_alias: null, message, hint: error.hint }];
  }
}

function secretIn(entries: ReadonlyMap<string, Entry>, { change, live }: Outcome): Secret | null {
  return entries.get((live ?? change.live)?.key_id ?? '')?.secret ?? null;
}

function knownOf({ change: { desired, action }, live, secret }: Outcome): readonly Known[] {
  return desired === null || action === 'delete' || live === null || secret === null ? [] : [{ desired, live, secret }];
}

function goneOf({ change: { key_alias, desired, action, live }, status, secret }: Outcome): readonly Gone[] {
  if (action !== 'delete' || status !== 'applied') return [];
  return [{ key_alias, key_id: live.key_id, desired, secret }];
}
