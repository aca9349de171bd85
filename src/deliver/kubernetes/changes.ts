/** What is done to one Secret, and to the workloads that use it: on what stands there, until nobody was faster. */
import { VkeysError } from '../../base/errors.ts';
import { oneLine } from '../../encode/terminal.ts';
import { NotOursError } from '../not-ours.ts';
import type { Left, Part, SinkPorts } from '../sink.ts';
import { addressOf, type SecretAddress } from './address.ts';
import type { Ask } from './api.ts';
import type { Cluster } from './cluster.ts';
import { workloadsFor } from './parts.ts';
import { TAKE_OVER } from './refusal.ts';
import { annotationFor, roll, unrolled, type Rollout } from './rollout.ts';
import { applySecret, deleteSecret, readSecret, stripSecret } from './secrets-api.ts';
import type { StoredSecret } from './stored-secret.ts';
import { foreignField, isHeld, leavingSecret, wantedSecret, type WantedSecret } from './wanted-secret.ts';

/** A Secret, and the way to it. */
export type SecretAt = {
  readonly cluster: Cluster;
  readonly at: SecretAddress;
  readonly ask: Ask;
  readonly sleep: SinkPorts['sleep'];
};

/** `isNew`: there was none. */
export type Brought = { readonly isNew: boolean; readonly changed: boolean };

/** Makes it hold the keys; `isDry`: has the server try it, with all that could refuse it, and changes nothing. */
export function bring(secretAt: SecretAt, parts: readonly Part[], isDry: boolean): Promise<Brought> {
  const { cluster, at, ask } = secretAt;
  const secrets = parts.map(({ key }) => key.secret);
  return settle(secretAt, async (stored) => {
    const wanted = wantedSecret(stored, parts);
    const isStale = stored === null || !isHeld(wanted, stored);
    const applying = { stored, wanted, isForced: isForced(parts), isDry, secrets };
    if (isStale && (await applySecret(cluster, at, applying, ask)) === 'outdated') return 'outdated';
    const rollout = rolloutOf(secretAt, parts, wanted);
    const late = await unrolled(rollout, ask);
    await roll(rollout, late, isDry, ask);
    return { isNew: stored === null, changed: isStale || late.length > 0 };
  });
}

/** Whether bringing the keys would change nothing. Throws `NotOursError` where somebody else has what it would change. */
export async function isBrought(secretAt: SecretAt, parts: readonly Part[], stored: StoredSecret): Promise<boolean> {
  const wanted = wantedSecret(stored, parts);
  const foreign = isForced(parts) ? null : foreignField(wanted, stored);
  if (foreign !== null) {
    const message = `somebody else has ${oneLine(foreign)} with another value.`;
    throw new NotOursError('delivery', message, TAKE_OVER);
  }
  if (!isHeld(wanted, stored)) return false;
  return (await unrolled(rolloutOf(secretAt, parts, wanted), secretAt.ask)).length === 0;
}

/** Takes the keys out, and deletes what is then empty and was nobody else's; says whether any was there. */
export function take(secretAt: SecretAt, left: readonly Left[]): Promise<boolean> {
  const { cluster, at, ask } = secretAt;
  return settle(secretAt, async (stored) => {
    const leaving = stored === null ? null : leavingSecret(stored, left);
    if (stored === null || leaving === null) return false;
    const isEmpty = stored.isOurs && Object.keys(stored.data).every((name) => leaving.data.includes(name));
    const deleted = isEmpty ? await deleteSecret(cluster, at, stored, ask) : 'forbidden';
    const done = deleted === 'forbidden' ? await stripSecret(cluster, at, { stored, leaving }, ask) : deleted;
    return done === 'outdated' ? done : true;
  });
}

function isForced(parts: readonly Part[]): boolean {
  return parts.some(({ delivery }) => delivery.to === 'kubernetes' && delivery.force === true);
}

function rolloutOf({ cluster, at }: SecretAt, parts: readonly Part[], wanted: WantedSecret): Rollout {
  const annotation = annotationFor(at.name, wanted);
  return { cluster, namespace: at.namespace, workloads: workloadsFor(parts), annotation };
}

/** As often somebody else may be first, and the milliseconds between, more each time. */
const TRIES = 20;
const PAUSE = 50;

async function settle<T>(
  { cluster, at, ask, sleep }: SecretAt,
  work: (stored: StoredSecret | null) => Promise<T | 'outdated'>,
): Promise<T> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const done = await work(await readSecret(cluster, at, ask));
    if (done !== 'outdated') return done;
    await sleep(PAUSE * tries);
  }
  throw new VkeysError(
    'delivery',
    `${oneLine(addressOf(at))} was changed by another program each time it was written.`,
    'End that program, or choose another name. Then run the same command again.',
  );
}
