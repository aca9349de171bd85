/** Whether the secrets of a plan would be kept: what an apply would find out when it is too late, or what only it would find out. */
import { VkeysError } from '../base/errors.ts';
import { KINDS } from '../kinds/kinds.ts';
import { isDeletion, isMinting, type Change } from '../model/change.ts';
import { forEachUser } from '../model/each-user.ts';
import type { KeyringState, Line } from '../model/keyring.ts';
import { factsOf } from '../model/kind.ts';
import { hasWork, type Notice, type Plan, type Refusal } from '../model/plan.ts';
import { usersOf } from '../model/sharing.ts';
import type { Spec } from '../model/spec.ts';
import { assertWritable } from '../secrets/access.ts';
import { journalPath, keyringChoice, lockPath } from './keyrings.ts';
import type { Context } from './open.ts';
import type { RunOptions } from './options.ts';

/** A planned set, and what its keyring knows and would be told. */
export type Keeping = {
  readonly spec: Pick<Spec, 'set' | 'state' | 'deliver'>;
  readonly session: { readonly url: string };
  readonly plan: Plan;
  readonly state: KeyringState;
  readonly borrowed: readonly Line[];
};

/** What refuses a plan because a secret of it could not be kept. Changes nothing. */
export async function keptRefusals(
  context: Context<RunOptions>,
  sets: readonly Keeping[],
): Promise<readonly Refusal[]> {
  const { world, options } = context;
  if (options.sandbox === true) return [];
  const choice = keyringChoice(world, options);
  const unkept = choice.keep || options.printsKeys === true ? [] : sets.flatMap(lost);
  const working = sets.some(({ plan }) => hasWork(plan)) ? sets : [];
  const isBlind = sets.every(({ spec }) => spec.state === 'absent');
  const minting = sets.filter(({ plan, borrowed }) => plan.changes.some(isMinting) || borrowed.length > 0);
  const tried = [
    ...working.flatMap(({ session: { url: server }, spec: { set } }) => {
      const about = { server, set };
      return [
        async () => assertWritable(journalPath(choice, about)),
        async () => assertWritable(lockPath(choice, journalPath(choice, about))),
      ];
    }),
    ...(isBlind
      ? []
      : working.map(
          ({ state }) =>
            () =>
              assertOpen(state),
        )),
    ...(minting.length > 0 && choice.seal !== null ? [choice.seal.ready] : []),
  ];
  const refusals: Refusal[] = [];
  for (const attempt of tried) refusals.push(...(await refusalFrom(attempt)));
  return [...alike(refusals), ...new Set(unkept)];
}

/** Keys that a run with `--keyring none` would only print: whoever reads a plan may apply it otherwise. */
export function printedNotices({ world, options }: Context<RunOptions>, sets: readonly Keeping[]): readonly Notice[] {
  if (options.sandbox === true || options.printsKeys !== true || keyringChoice(world, options).keep) return [];
  return sets.some((set) => unkeptOf(set).length > 0) ? [PRINTED] : [];
}

const LOST: Refusal = {
  code: 'keyring',
  ref: null,
  message: 'With --keyring none nobody would ever know the new keys.',
  hint: 'Add deliver: to the spec, or print the keys: -o json, or --show-keys.',
};
const UNUSED: Omit<Refusal, 'ref'> = {
  code: 'keyring',
  message: 'Nobody has access to it, so no file would hold it, and with --keyring none nobody would ever know it.',
  hint: 'Give it a user_id or shared_with, or deliver it to a path without {each_user}; or print the keys: -o json, or --show-keys.',
};
const PRINTED: Notice = {
  code: 'keyring',
  ref: null,
  message: 'With --keyring none the new keys are nowhere but in what apply prints.',
  hint: 'Apply with -o json or --show-keys, and keep what it prints; or add deliver: to the spec.',
};

/** What to say of a set whose secrets nobody would get. */
function lost(set: Keeping): readonly Refusal[] {
  const unkept = unkeptOf(set);
  if (set.spec.deliver.length === 0) return unkept.length === 0 ? [] : [LOST];
  return unkept.map(({ ref }) => ({ ...UNUSED, ref }));
}

/** What has a secret that no hand-out will hold: what is new, and what a cut run left unfinished. */
function unkeptOf({ spec, plan, state }: Keeping): readonly Change[] {
  const isPending = (id: string): boolean => state.entries.get(id)?.pending === true;
  return plan.changes.filter(
    (change) =>
      !isDeletion(change) &&
      factsOf(KINDS, change.ref.kind).hasSecret &&
      (isMinting(change) || isPending(change.live.id)) &&
      !spec.deliver.some(({ path }) => forEachUser(change.desired, usersOf(change.desired), path).length > 0),
  );
}

/** Whoever cannot read a set's secrets could not hand them out. */
function assertOpen({ entries }: KeyringState): Promise<void> {
  for (const { secret } of entries.values()) if (!secret.isOpen()) secret.reveal();
  return Promise.resolve();
}

async function refusalFrom(attempt: () => Promise<void>): Promise<readonly Refusal[]> {
  try {
    await attempt();
    return [];
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    return [{ code: 'keyring', ref: null, message: error.message, hint: error.hint }];
  }
}

/** What stops all sets is told once. */
function alike(refusals: readonly Refusal[]): readonly Refusal[] {
  return [...new Map(refusals.map((refusal) => [refusal.message, refusal])).values()];
}
