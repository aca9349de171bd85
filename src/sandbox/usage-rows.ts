import type { JsonObject } from '../base/json.ts';
import type { Server, StoredKey } from './state.ts';
import { COMPLETION_TOKENS, COST, PROMPT_TOKENS, type Counted } from './usage.ts';

/** What usage is of. */
export type UsageEntity = 'user' | 'team' | 'tag';

/** A row of LiteLLM's tables: one day, entity, key and model. */
export type UsageEntry = Pick<Counted, 'day' | 'api_key' | 'model' | 'model_group'> & {
  readonly entity: string;
  readonly requests: number;
  readonly failed: number;
};

type Growing = { -readonly [K in keyof UsageEntry]: UsageEntry[K] };

/** The rows of these days, the newest first. The oldest version knows no keys without a user. */
export function usageEntries(server: Server, entity: UsageEntity, since: string, until: string): readonly UsageEntry[] {
  const rows = new Map<string, Growing>();
  for (const call of server.counted) {
    if (call.day < since || call.day > until) continue;
    if (entity === 'user' && call.user_id === '' && !server.facts.usageEntities) continue;
    for (const name of entitiesOf(call, entity)) {
      const { day, api_key, model, model_group } = call;
      const id = JSON.stringify([day, name, api_key, model, model_group]);
      const row = rows.get(id) ?? { day, entity: name, api_key, model, model_group, requests: 0, failed: 0 };
      row.requests += 1;
      row.failed += call.failed ? 1 : 0;
      rows.set(id, row);
    }
  }
  return [...rows.values()].toSorted((a, b) => (a.day > b.day ? -1 : a.day < b.day ? 1 : 0));
}

function entitiesOf(call: Counted, entity: UsageEntity): readonly string[] {
  if (entity === 'tag') return call.tags;
  return [entity === 'user' ? call.user_id : call.team_id];
}

/** What rows add up to, in LiteLLM's words. */
export function usageMetrics(rows: readonly UsageEntry[]) {
  const requests = rows.reduce((sum, row) => sum + row.requests, 0);
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  const done = requests - failed;
  return {
    spend: Number((done * COST).toFixed(6)),
    prompt_tokens: done * PROMPT_TOKENS,
    completion_tokens: done * COMPLETION_TOKENS,
    total_tokens: done * (PROMPT_TOKENS + COMPLETION_TOKENS),
    successful_requests: done,
    failed_requests: failed,
    api_requests: requests,
  } satisfies JsonObject;
}

/** The key of a row, if it is there, or was and this version remembers it. */
export function usageKey(
  server: Server,
  api_key: string,
): { readonly row: StoredKey | null; readonly exists: boolean } {
  const row = server.keys.get(api_key);
  if (row !== undefined) return { row, exists: true };
  const gone = server.facts.usageArchive ? server.deleted.findLast(({ token }) => token === api_key) : undefined;
  return { row: gone ?? null, exists: false };
}
