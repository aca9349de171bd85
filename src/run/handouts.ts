/** What a plan says of hand-outs: which are refused, which would be written again, and whose secret nobody here knows. */
import type { Deliverer, Due, Gone, Stale, Standing } from '../apply/ports.ts';
import { firstOf } from '../base/first-of.ts';
import { isDeletion } from '../model/change.ts';
import type { KeyringState } from '../model/keyring.ts';
import { rotationNotices } from '../deliver/rotation.ts';
import { hasWork, type Notice, type Plan } from '../model/plan.ts';
import type { Spec } from '../model/spec.ts';

/** A plan, and the keys, by id, whose secret nobody has: neither the keyring nor a place. */
export type HandedPlan = { readonly plan: Plan; readonly unheld: ReadonlySet<string> };

/** The plan with what would become of the hand-outs. Reads only. */
export async function withHandouts(
  plan: Plan,
  spec: Pick<Spec, 'deliver' | 'desired'>,
  { entries, codes }: KeyringState,
  deliverer: Deliverer,
): Promise<HandedPlan> {
  const kept = plan.changes.filter(
    (change) => change.ref.kind === 'key' && !isDeletion(change) && change.live?.mark?.retiring === undefined,
  );
  const due = kept.flatMap(({ desired, live }): Due[] => {
    const secret = entries.get(live?.id ?? '')?.secret ?? null;
    return desired === null ? [] : [{ desired, live, secret: secret?.isOpen() === true ? secret : null }];
  });
  const standing = kept.flatMap(({ action, desired, live }): Standing[] => {
    if (desired === null || live === null || action === 'replace' || action === 'rotate') return [];
    const entry = entries.get(live.id);
    const seat = codes.get(entry?.name ?? '');
    return [{ desired, live, secret: entry?.secret ?? null, places: entry?.places ?? [], seat }];
  });
  const gone = plan.withdrawals.map(({ ref, ...rest }): Gone => ({ ...rest, name: ref.name, desired: null }));
  const { refusals, notices } = await deliverer.check(due);
  const stale = await deliverer.stale(standing, gone);
  const rotated = plan.state === 'present' && hasWork(plan) ? rotationNotices(spec) : [];
  const handed: Plan = {
    ...plan,
    rewrites: stale.put,
    retractions: stale.remove.filter((path) => !stale.put.includes(path)),
    notices: [
      ...plan.notices,
      ...notices,
      ...rotated,
      ...(spec.deliver.length === 0 ? [] : unknownSecrets(standing, stale)),
    ],
    refusals: [...plan.refusals, ...refusals],
  };
  return { plan: handed, unheld: new Set(stale.unheld) };
}

function namesOf(standing: readonly Standing[], key_ids: readonly string[]): readonly string[] {
  const ids = new Set(key_ids);
  return standing.filter(({ live }) => ids.has(live.id)).map(({ desired }) => desired.ref.name);
}

/** Keys whose hand-outs nobody here can make, because their secrets were made elsewhere or are forgotten. */
function unknownSecrets(standing: readonly Standing[], { unknown, unheld }: Stale): readonly Notice[] {
  const nobodys = new Set(unheld);
  const [lost, halved] = [unheld, unknown.filter((key_id) => !nobodys.has(key_id))].map((ids) =>
    namesOf(standing, ids),
  );
  return [
    ...told(
      lost,
      (names) => `The keyring of this machine does not have the secret of ${names}, and no hand-out holds it.`,
      'Run vkeys where the keys were made; or bring a secret that you have: vkeys keyring import; or say `on_lost: replace` in the spec, and apply makes them anew.',
    ),
    ...told(
      halved,
      (names) =>
        `The keyring of this machine does not have the secret of ${names}, so those of its places that lack it stay as they are.`,
      'Run vkeys where the keys were made; or bring the secret from a place that holds it: vkeys keyring import --help',
    ),
  ];
}

function told(
  names: readonly string[] | undefined,
  message: (names: string) => string,
  hint: string,
): readonly Notice[] {
  if (names === undefined || names.length === 0) return [];
  return [{ code: 'secret_unknown', ref: null, message: message(firstOf(names)), hint }];
}
