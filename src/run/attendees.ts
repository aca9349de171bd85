/** Which keys of a spec can be handed out to people, under which seat and code. */
import { firstOf } from '../base/first-of.ts';
import { isList } from '../base/json.ts';
import { Secret } from '../base/secret.ts';
import type { Attendee } from '../handout/attendee.ts';
import { personIn } from '../handout/person.ts';
import { CODE_BYTES, makeCode } from '../model/code.ts';
import type { Entry, KeyringState, Line, Seat } from '../model/keyring.ts';
import type { Notice } from '../model/plan.ts';
import type { Desired } from '../model/resource.ts';
import type { Spec } from '../model/spec.ts';

/** A key that the spec wants and that the keyring has. */
export type Ready = { readonly desired: Desired; readonly entry: Entry };

/** `lacking`: keys that the keyring does not have, and such as have ended. */
export type Sorted = { readonly ready: readonly Ready[]; readonly lacking: readonly Notice[] };

/** A newer key of a name is the one that its user has. */
export function sortKeys({ desired }: Pick<Spec, 'desired'>, { entries }: KeyringState, now: Date): Sorted {
  const live = new Map<string, Entry>();
  for (const entry of entries.values())
    if (!entry.pending && !entry.deleting && entry.gone === null && (live.get(entry.name)?.at ?? '') <= entry.at)
      live.set(entry.name, entry);
  const wanted = desired.filter(({ ref, state }) => ref.kind === 'key' && state === 'present');
  const ready: Ready[] = [];
  const [missing, ended]: [string[], string[]] = [[], []];
  for (const each of wanted) {
    const entry = live.get(each.ref.name);
    if (entry === undefined) missing.push(each.ref.name);
    else if (entry.expires !== null && Date.parse(entry.expires) <= now.getTime()) ended.push(each.ref.name);
    else ready.push({ desired: each, entry });
  }
  return { ready, lacking: [...missingNotices(missing), ...endedNotices(ended)] };
}

function missingNotices(names: readonly string[]): readonly Notice[] {
  if (names.length === 0) return [];
  const message = `The keyring of this machine does not have the key of ${firstOf(names)}, so nobody gets it.`;
  const hint = 'Make what is missing: vkeys apply -f FILE. Then run the same command again.';
  return [{ code: 'secret_unknown', ref: null, message, hint }];
}

function endedNotices(names: readonly string[]): readonly Notice[] {
  if (names.length === 0) return [];
  const message = `The key of ${firstOf(names)} has ended, so nobody gets it.`;
  const hint =
    'Give it another end, or on_expired: recreate; then vkeys apply -f FILE, and run the same command again.';
  return [{ code: 'ended', ref: null, message, hint }];
}

/** `renews`: whether the key with this name gets another code than it has. */
type Renewal = {
  readonly renews: (name: string) => boolean;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly now: Date;
};

/** Codes for those who have none yet, or are to have another: a seat is kept, and a new one is the next that nobody had. */
export function newCodes(
  ready: readonly Ready[],
  { codes }: KeyringState,
  { renews, randomBytes, now }: Renewal,
): readonly Line[] {
  const at = now.toISOString();
  let last = Math.max(0, ...[...codes.values()].map(({ seat }) => seat));
  return ready.flatMap(({ entry: { name } }): Line[] => {
    const known = codes.get(name);
    if (known !== undefined && !renews(name)) return [];
    const seat = known?.seat ?? (last += 1);
    return [{ op: 'code', name, seat, code: new Secret(makeCode(seat, randomBytes(CODE_BYTES)).text), at }];
  });
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
