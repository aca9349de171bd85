/** Which keys of a spec can be handed out to people, under which seat and code. */
import { firstOf } from '../base/first-of.ts';
import { isList } from '../base/json.ts';
import type { Attendee } from '../handout/attendee.ts';
import { personIn } from '../handout/person.ts';
import type { Entry, KeyringState, Seat } from '../model/keyring.ts';
import type { Notice } from '../model/plan.ts';
import type { Desired } from '../model/resource.ts';
import type { Spec } from '../model/spec.ts';
import { keptKeys } from './kept-keys.ts';

/** A key that the spec wants and that the keyring has. */
export type Ready = { readonly desired: Desired; readonly entry: Entry };

/** `lacking`: keys that the keyring does not have, and such as have ended. */
export type Sorted = { readonly ready: readonly Ready[]; readonly lacking: readonly Notice[] };

export function sortKeys({ desired }: Pick<Spec, 'desired'>, state: KeyringState, now: Date): Sorted {
  const { kept, lacking } = keptKeys(desired, state);
  const hasEnded = ({ entry: { expires } }: Ready): boolean => expires !== null && Date.parse(expires) <= now.getTime();
  const ended = kept.filter(hasEnded).map((each) => each.desired.ref.name);
  const missing = lacking.map(({ ref }) => ref.name);
  return {
    ready: kept.filter((each) => !hasEnded(each)),
    lacking: [...missingNotices(missing), ...endedNotices(ended)],
  };
}

function missingNotices(names: readonly string[]): readonly Notice[] {
  if (names.length === 0) return [];
  const message = `The keyring of this machine does not have the key of ${firstOf(names)}, so nobody gets it.`;
  const hint =
    'Never made yet: vkeys apply -f FILE. Made elsewhere: run this where the keys were made; or bring the secret: vkeys keyring import NAME < KEYFILE; or say `on_lost: replace` in the spec, or vkeys delete NAME, and apply makes it anew.';
  return [{ code: 'secret_unknown', ref: null, message, hint }];
}

function endedNotices(names: readonly string[]): readonly Notice[] {
  if (names.length === 0) return [];
  const message = `The key of ${firstOf(names)} has ended, so nobody gets it.`;
  const hint =
    'Give it another end, or on_expired: recreate; then vkeys apply -f FILE, and run the same command again.';
  return [{ code: 'ended', ref: null, message, hint }];
}

/** In the order of their seats. */
export function attendeesOf(
  ready: readonly Ready[],
  codes: ReadonlyMap<string, Seat>,
  spec: Pick<Spec, 'desired'>,
  api_endpoint: string,
): readonly Attendee[] {
  const all = ready.flatMap(({ desired, entry }): Attendee[] => {
    const known = codes.get(entry.name);
    if (known === undefined) return [];
    const { set: _set, key_alias: _alias, ...columns } = desired.placeholders;
    return [
      {
        seat: known.seat,
        code: known.code,
        key: entry.secret,
        key_alias: desired.ref.name,
        name: personIn(columns) ?? desired.user ?? desired.ref.name,
        columns: desired.user === null ? {} : columns,
        about: { api_endpoint, models: modelsOf(desired), ...budgetOf(desired, spec), expires: entry.expires },
      },
    ];
  });
  return all.toSorted((a, b) => a.seat - b.seat);
}

/** LiteLLM's words for all that the team, or the proxy, has are no models. */
const ALL = new Set(['all-team-models', 'all-proxy-models']);

function modelsOf({ settings: { models } }: Desired): readonly string[] {
  const names = isList(models) ? models.filter((name) => typeof name === 'string') : [];
  return names.some((name) => ALL.has(name)) ? [] : names;
}

/** The key's own, or that of the budget of the spec that it names. */
function budgetOf({ settings, names }: Desired, spec: Pick<Spec, 'desired'>): Partial<Attendee['about']> {
  const named = spec.desired.find(({ ref }) => ref.kind === 'budget' && ref.name === names?.['budget_id'])?.settings;
  const { max_budget, budget_duration } = { ...named, ...settings };
  if (typeof max_budget !== 'number') return {};
  return { max_budget, ...(typeof budget_duration === 'string' ? { budget_duration } : {}) };
}
