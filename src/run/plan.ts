import pMap from 'p-map';
import { VkeysError } from '../base/errors.ts';
import { listAccessGroups, listModels } from '../litellm/models.ts';
import { readHealth } from '../litellm/health.ts';
import { withDetails } from './detail.ts';
import { guard, parseMaxDeletions } from '../plan/guard.ts';
import type { Notice, Plan, Snapshot, Spec } from '../model/model.ts';
import { newModels, unknownModels, unknownModelsText } from '../plan/models.ts';
import { dependsOnVersion, makePlan, type PlanOptions } from '../plan/make.ts';
import type { Gone, Keyring, Server } from '../apply/ports.ts';
import { forsakenOf, settle } from '../apply/settle.ts';
import { matcher } from '../cli/glob.ts';
import type { Session } from './open.ts';

/** What the flags of `apply`, `plan` and `delete -f` say. */
export type PlanFlags = {
  readonly prune?: boolean | undefined;
  readonly adopt?: boolean | undefined;
  readonly only?: readonly string[] | undefined;
  readonly maxDeletions?: string | undefined;
  readonly modelCheck?: boolean | undefined;
};

/** A plan and what it was made from. */
export type Planned = {
  readonly plan: Plan;
  readonly snapshot: Snapshot;
  readonly version: string | null;
  /** How far the server's clock is ahead of ours, in milliseconds. */
  readonly ahead: number;
  /** Keys that an earlier run deleted without taking them out of the hand-outs. */
  readonly forsaken: readonly Gone[];
};

/**
 * Plans one set against the server: list, settle what an earlier run left (only with the keyring that apply holds),
 * compare, guard, and look the new models up. Throws `spec` for a model that the server does not offer.
 */
export async function planSpec(
  spec: Spec,
  session: Session,
  server: Server,
  flags: PlanFlags,
  keyring: Keyring | null,
): Promise<Planned> {
  const listed = await server.list();
  const ahead = aheadOf(listed, session.connection.now());
  const settled =
    keyring === null ? { snapshot: listed, notices: [] } : await settle(spec.set, listed, server, keyring);
  const snapshot = await withDetails(spec.set, spec.desired, settled.snapshot, server);
  const options: PlanOptions = {
    adopt: flags.adopt === true || spec.adopt,
    prune: flags.prune === true,
    only: matcher(flags.only),
  };
  const first = makePlan(spec, snapshot, null, options);
  const version = dependsOnVersion(first) ? (await readHealth(session.connection)).version : null;
  const made = version === null ? first : makePlan(spec, snapshot, version, options);
  const size = snapshot.keys.filter(({ mark }) => mark?.set === spec.set).length;
  const max = flags.maxDeletions === undefined ? null : parseMaxDeletions(flags.maxDeletions);
  const plan = guard(made, size, max);
  const models = flags.modelCheck === false ? [] : await checkModels(plan, session);
  const forsaken = keyring === null ? [] : await forsakenKeys(spec, snapshot, server, keyring, options);
  const notices = [...settled.notices, ...plan.notices, ...models];
  return {
    plan: { ...plan, notices },
    snapshot,
    version,
    forsaken,
    ahead,
  };
}

/** How far the server's clock is ahead of ours; `now` is the moment at which the snapshot came. */
export function aheadOf(snapshot: Snapshot, now: Date): number {
  return snapshot.now.getTime() - now.getTime();
}

/** A credential that may see only some keys must not make the others look gone, so each is asked for. */
async function forsakenKeys(
  spec: Spec,
  snapshot: Snapshot,
  server: Server,
  keyring: Keyring,
  { only }: PlanOptions,
): Promise<readonly Gone[]> {
  const unlisted = forsakenOf(spec.desired, snapshot, keyring.state()).filter(({ key_alias }) => only(key_alias));
  const found = await pMap(unlisted, ({ key_id }) => server.info(key_id), { concurrency: 4 });
  return unlisted.filter((_, index) => found[index] === null);
}

async function checkModels(plan: Plan, { connection }: Session): Promise<readonly Notice[]> {
  const wanted = unknownModels(newModels(plan), []);
  if (wanted.length === 0) return [];
  let offered: readonly string[];
  try {
    offered = await listModels(connection);
    if (unknownModels(wanted, offered).length > 0) offered = [...offered, ...(await listAccessGroups(connection))];
  } catch (error) {
    if (!(error instanceof VkeysError) || error.kind !== 'auth') throw error;
    const message = 'The models were not checked: this credential may not list them.';
    return [{ code: 'model', key_alias: null, message, hint: null }];
  }
  const unknown = unknownModels(wanted, offered);
  if (unknown.length === 0) return [];
  throw new VkeysError(
    'spec',
    unknownModelsText(unknown, offered),
    'See `vkeys models`, or go on all the same with --no-model-check.',
  );
}

/** Throws `refused` when the plan must not be applied. */
export function assertAllowed({ refusals, set }: Plan): void {
  const [first] = refusals;
  if (first === undefined) return;
  const lines = refusals.map(({ key_alias, message }) => (key_alias === null ? message : `${key_alias}: ${message}`));
  const hints = [...new Set(refusals.flatMap(({ hint }) => (hint === null ? [] : [hint])))];
  throw new VkeysError('refused', `Nothing was changed in ${set}.\n${lines.join('\n')}`, hints.join('\n'), {
    details: { refusals },
  });
}
