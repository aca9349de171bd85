import type { Json, JsonObject } from '../base/json.ts';
import { FIELD_NAMES } from '../kinds/key.ts';
import { shownMetadata } from '../model/memo.ts';
import { USAGE, type Live } from '../model/resource.ts';
import { accessOf, sharingIn } from '../model/sharing.ts';
import { shownSettings } from '../model/shown.ts';
import { statusOf } from '../model/status.ts';
import type { ListView } from './list.ts';
import { modelsOf } from './outcome.ts';

/**
 * A live key for programs: LiteLLM's names, and `key_id`, `owned_by` (the set) and `status`. What most keys have is
 * always there, `null` where it is not set; other fields only where they are set.
 */
export function liveJson(live: Live, now: Date): JsonObject {
  return {
    key_alias: live.name,
    key_id: live.id,
    key_name: live.key_name,
    owned_by: live.mark?.set ?? null,
    status: statusOf(live, now),
    user_id: null,
    team_id: null,
    shared_with: sharingIn(live).shared_with,
    spend: live.spend,
    max_budget: null,
    budget_duration: null,
    budget_reset_at: live.budget_reset_at,
    tpm_limit: null,
    rpm_limit: null,
    max_parallel_requests: null,
    created_at: live.created_at,
    expires: live.expires,
    ...Object.fromEntries(USAGE.map((name) => [name, normalized(live.extra[name] ?? null)])),
    ...shownSettings(live.settings),
    models: modelsOf(live),
    blocked: live.settings['blocked'] === true,
    metadata: shownMetadata(live.metadata),
  };
}

const OWN = [
  'key_alias',
  'key_id',
  'key_name',
  'owned_by',
  'status',
  'spend',
  'created_at',
  'expires',
  'budget_reset_at',
  'shared_with',
  'metadata',
];

/** What a list shows of keys. */
export const KEYS: ListView = {
  kind: 'key',
  columns: [...new Set([...OWN, ...USAGE, ...FIELD_NAMES])],
  usual: ['key_alias', 'owned_by', 'key_name', 'status', 'models', 'spend', 'expires', 'user_id'],
  sort: 'key_alias',
  row: liveJson,
};

/** The keys that a user has access to, and how. */
export function keysOf(user: string): ListView {
  return {
    ...KEYS,
    columns: ['access', ...KEYS.columns],
    usual: ['key_alias', 'access', ...KEYS.usual.slice(1)],
    row: (live, now) => ({ ...liveJson(live, now), access: accessOf(live, user) }),
  };
}

/** Versions write one moment in several ways. */
function normalized(value: Json): Json {
  const date = typeof value === 'string' ? new Date(value) : null;
  return date === null || Number.isNaN(date.getTime()) ? value : date.toISOString();
}
