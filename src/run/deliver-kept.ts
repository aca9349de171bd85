/** Hands out again what the keyring has, and looks what places hold. No server is asked. */
import { handOut } from '../apply/hand-out.ts';
import { VkeysError } from '../base/errors.ts';
import type { Change } from '../model/change.ts';
import type { Keyring } from '../model/keyring.ts';
import { outcomeOf, type Outcome, type SetReport } from '../model/outcome.ts';
import type { Held, LookedAt } from '../model/place.ts';
import type { Desired } from '../model/resource.ts';
import type { Spec } from '../model/spec.ts';
import type { Ran } from './apply.ts';
import { delivererFor } from './deliver.ts';
import { keptKeys, type KeptKey } from './kept-keys.ts';
import { keyringState, withKeyrings } from './keyrings.ts';
import { namedBy, openingOf, type Context } from './open.ts';
import type { RunOptions } from './options.ts';
import { seating } from './seating.ts';
import { findAddress } from './server-address.ts';

type At = { readonly spec: Spec; readonly url: string };

/** Puts every key that the keyring has into its places. A key that it does not have fails. Throws `config`, `refused`, `usage`. */
export async function deliverKept(context: Context<RunOptions>, specs: readonly Spec[]): Promise<Ran> {
  const { world, options } = context;
  const started = world.now();
  const sets = await addressed(context, specs);
  const abouts = sets.map(({ spec, url }) => ({ server: url, set: spec.set }));
  return withKeyrings(world, options, abouts, openingOf(context, { stop: world.stop }), async (keyrings) => {
    const reports: SetReport[] = [];
    for (const [index, at] of sets.entries()) {
      const keyring = keyrings[index];
      if (keyring !== undefined) reports.push(await deliverSet(context, at, keyring));
    }
    return { report: { started, ended: world.now(), sets: reports }, error: null };
  });
}

async function deliverSet(context: Context<RunOptions>, { spec, url }: At, keyring: Keyring): Promise<SetReport> {
  const { world, options } = context;
  const { kept, lacking } = keptKeys(chosen(spec, options), keyring.state());
  const plan = {
    set: spec.set,
    state: spec.state,
    changes: [],
    rewrites: [],
    retractions: [],
    withdrawals: [],
    notices: [],
    refusals: [],
  };
  const deliverer = delivererFor(spec, url, context, false);
  const handed = await handOut(
    { plan, keyring, deliverer, ...seating(spec, world), isSurveyed: false },
    kept.map(standing),
  );
  const { outcomes, notices, written, withdrawn } = handed;
  const report: SetReport = {
    set: spec.set,
    state: spec.state,
    url,
    outcomes: [...outcomes, ...lacking.map(unknown)],
    missing: [],
    notices,
    written,
    withdrawn,
  };
  return report;
}

/** A spec's keys that the keyring has, each with what its places hold, and those that it has not. */
export type LookedSet = At & {
  readonly kept: readonly (KeptKey & { readonly held: readonly Held[] })[];
  readonly lacking: readonly Desired[];
};

/** What each place of each key holds, by hash. Changes nothing. */
export async function lookAtPlaces(context: Context<RunOptions>, specs: readonly Spec[]): Promise<readonly LookedAt[]> {
  return (await lookAtSets(context, specs)).flatMap(({ spec: { set }, kept, lacking }) => [
    ...kept.map(({ desired: { ref }, held }) => ({ set, ref, held, isKnown: true })),
    ...lacking.map(({ ref }) => ({ set, ref, held: [], isKnown: false })),
  ]);
}

/** The same, with the keys. */
export async function lookAtSets(context: Context<RunOptions>, specs: readonly Spec[]): Promise<readonly LookedSet[]> {
  const { world, options } = context;
  const looked: LookedSet[] = [];
  for (const { spec, url } of await addressed(context, specs)) {
    const state = await keyringState(world, options, { server: url, set: spec.set });
    const { kept, lacking } = keptKeys(chosen(spec, options), state);
    const deliverer = delivererFor(spec, url, context, false);
    const held = await deliverer.look(
      kept.map(({ desired, live, entry: { name, secret, places } }) => ({
        desired,
        live,
        secret,
        places,
        seat: state.codes.get(name),
      })),
    );
    looked.push({ spec, url, kept: kept.map((key) => ({ ...key, held: held.get(key.live.id) ?? [] })), lacking });
  }
  return looked;
}

async function addressed(context: Context<RunOptions>, specs: readonly Spec[]): Promise<readonly At[]> {
  const sets: At[] = [];
  for (const spec of specs) sets.push({ spec, url: (await findAddress(context, namedBy(spec, specs))).url });
  return sets;
}

function chosen({ desired }: Spec, { only }: RunOptions): readonly Desired[] {
  return desired.filter(({ ref }) => only(ref));
}

function standing({ desired, live, entry: { secret } }: KeptKey): Outcome {
  const { ref } = desired;
  const change: Change = { ref, action: 'noop', desired, live, fields: [], takes: [], reason: null };
  return outcomeOf(change, 'applied', { secret });
}

function unknown(desired: Desired): Outcome {
  const { ref } = desired;
  const change: Change = { ref, action: 'create', desired, live: null, fields: [], takes: [], reason: null };
  return outcomeOf(change, 'failed', { error: notKept() });
}

function notKept(): VkeysError {
  return new VkeysError(
    'delivery',
    'The keyring of this machine has no key of this name.',
    'Make it: vkeys apply -f FILE. If it was made elsewhere, run this there, or bring its secret: vkeys keyring import',
  );
}
