/** Teams, users, members and budgets as the server has them, for lists, cards and programs: what each kind shows, as data. */
import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import { KINDS } from '../kinds/kinds.ts';
import { LIMITS } from '../kinds/member.ts';
import { toldFields } from '../model/fields.ts';
import { factsOf, type KindFacts } from '../model/kind.ts';
import { shownMetadata } from '../model/memo.ts';
import type { Live } from '../model/resource.ts';
import { shownSettings } from '../model/shown.ts';
import { statusOf } from '../model/status.ts';
import { MODEL_LISTS, type ListView } from './list.ts';

/** Kinds that are looked at beside keys. */
export type ThingKind = 'team' | 'user' | 'member' | 'budget';

/** What of a kind is shown beside its fields. */
type Shown = {
  /** Members that no field has, by what they are made from; `null`: the server does not tell. */
  readonly beside: Readonly<Record<string, (live: Live, now: Date) => Json>>;
  readonly usual: readonly string[];
};

/** What most have is always there, `null` where it is not set. */
const ALWAYS = ['max_budget', 'max_budget_in_team', 'budget_duration', 'tpm_limit', 'rpm_limit'];

const spend = (live: Live): Json => live.spend;
const owned_by = (live: Live): Json => live.mark?.set ?? null;
const budget_reset_at = (live: Live): Json => live.budget_reset_at;
const created_at = (live: Live): Json => live.created_at;
const metadata = (live: Live): Json => shownMetadata(live.metadata);

const MEMBER_LIMITS = [
  'spend',
  'budget_duration',
  'budget_reset_at',
  'budget_source',
  'tpm_limit',
  'rpm_limit',
  'allowed_models',
];

const SHOWN: Readonly<Record<ThingKind, Shown>> = {
  team: {
    beside: {
      owned_by,
      status: statusOf,
      members_count: ({ extra: { members_with_roles: members } }) => (isList(members) ? members.length : null),
      keys_count: told('keys_count'),
      spend,
      budget_reset_at,
      created_at,
      metadata,
    },
    usual: ['team_alias', 'team_id', 'owned_by', 'status', 'members_count', 'keys_count', 'models', 'spend'],
  },
  user: {
    beside: {
      owned_by,
      status: statusOf,
      teams: ({ extra: { teams } }) => (isList(teams) ? teams : []),
      key_count: told('key_count'),
      spend,
      budget_reset_at,
      created_at,
      metadata,
    },
    usual: ['user_id', 'user_email', 'user_role', 'owned_by', 'status', 'key_count', 'models', 'spend', 'teams'],
  },
  member: {
    beside: {
      team_alias: told('team_alias'),
      /* Only memberships have it, and not on every version. */
      spend: told('spend'),
      ...Object.fromEntries(Object.keys(LIMITS).map((name) => [name, limitNamed(name)])),
      budget_id: told('budget_id'),
      budget_source: told('budget_source'),
      budget_reset_at,
    },
    usual: ['user_id', 'role', ...MEMBER_LIMITS],
  },
  budget: {
    beside: { budget_reset_at, created_at },
    usual: ['budget_id', 'max_budget', 'soft_budget', 'budget_duration', 'budget_reset_at', 'tpm_limit', 'rpm_limit'],
  },
};

/** What of a row the server tells beside fields, for `Live.extra`. */
export const BESIDE: readonly string[] = ['members_with_roles', 'keys_count', 'teams', 'key_count'];

/** What a list shows of each kind. */
export const THING_VIEWS: Readonly<Record<ThingKind, ListView>> = {
  team: viewOf('team'),
  user: viewOf('user'),
  member: viewOf('member'),
  budget: viewOf('budget'),
};

/** What a list shows of one user's memberships of teams. */
export const MEMBERSHIPS: ListView = {
  ...THING_VIEWS.member,
  kind: 'membership',
  usual: ['team_alias', 'team_id', 'role', ...MEMBER_LIMITS],
  sort: 'team_alias',
};

function viewOf(kind: ThingKind): ListView {
  const facts = factsOf(KINDS, kind);
  const { beside, usual } = SHOWN[kind];
  return {
    kind,
    columns: [...new Set([...nameFields(facts), ...Object.keys(beside), ...toldFields(facts.fields)])],
    usual,
    sort: facts.naming,
    row: (live, now) => rowOf(facts, beside, live, now),
  };
}

/** LiteLLM's fields for its name and its id. */
function nameFields({ naming, identity }: KindFacts): readonly string[] {
  return [...new Set([naming, identity ?? naming])];
}

function rowOf({ naming, identity, fields }: KindFacts, beside: Shown['beside'], live: Live, now: Date): JsonObject {
  const always = ALWAYS.filter((name) => Object.hasOwn(fields, name));
  const lists = [...MODEL_LISTS].filter((name) => Object.hasOwn(fields, name));
  return {
    ...(identity === null ? {} : { [identity]: live.id }),
    [naming]: live.name,
    ...Object.fromEntries(always.map((name) => [name, null])),
    ...shownSettings(live.settings),
    ...Object.fromEntries(lists.map((name) => [name, namesIn(live, name)])),
    ...(Object.hasOwn(fields, 'blocked') ? { blocked: live.settings['blocked'] === true } : {}),
    ...Object.fromEntries(Object.entries(beside).map(([name, value]) => [name, value(live, now)])),
  };
}

/** A member's own limit, or the one that its team gives to those who have none. */
function limitNamed(name: string): (live: Live) => Json {
  return ({ settings, extra: { limits_of_team: shared = null } }) =>
    settings[name] ?? (isObject(shared) ? shared[name] : null) ?? (MODEL_LISTS.has(name) ? [] : null);
}

function namesIn({ settings }: Live, field: string): readonly Json[] {
  const names = settings[field] ?? [];
  return isList(names) ? names : [];
}

function told(name: string): (live: Live) => Json {
  return ({ extra }) => extra[name] ?? null;
}
