import type { JsonObject } from '../base/json.ts';
import { type Reply, ok } from './answers.ts';
import { requireAdmin } from './auth.ts';
import type { Call } from './call.ts';
import type { Row, Server } from './state.ts';
import { usageEntries, usageMetrics } from './usage-rows.ts';
import { COMPLETION_TOKENS, COST, PROMPT_TOKENS, type Counted } from './usage.ts';

const TOKENS = PROMPT_TOKENS + COMPLETION_TOKENS;

/** GET /spend/logs of one key: its calls. Between two days, the last one left out: what keys, users and models spent on each. */
export function spendLogs({ server, query, caller, route }: Call): Reply {
  requireAdmin(server, caller, route);
  const key = query.get('api_key');
  if (key !== null && !query.has('start_date'))
    return ok(server.counted.filter(({ api_key }) => api_key === key).map((call) => callRow(server, call)));
  const [since, until] = [query.get('start_date') ?? '', query.get('end_date') ?? ''];
  const calls = server.counted.filter(({ day }) => day >= since && day < until);
  const days = [...new Set(calls.map(({ day }) => day))].toSorted();
  return ok([
    ...days.map((startTime) => ({ ...dayOf(calls.filter(({ day }) => day === startTime)), startTime })),
    { startTime: until, spend: 0, users: {}, models: {} },
  ]);
}

/** The oldest version keeps no status. */
function callRow({ facts }: Server, call: Counted): JsonObject {
  const { api_key, model, model_group, failed } = call;
  const status = facts.usageEntities ? { status: failed ? 'failure' : 'success' } : {};
  return { api_key, model, model_group, spend: costOf(call), total_tokens: failed ? 0 : TOKENS, ...status };
}

function dayOf(calls: readonly Counted[]): JsonObject {
  const sums = (nameOf: (call: Counted) => string): JsonObject => {
    const sum: Row = {};
    for (const call of calls) sum[nameOf(call)] = Number(sum[nameOf(call)] ?? 0) + costOf(call);
    return sum;
  };
  const spend = calls.reduce((sum, call) => sum + costOf(call), 0);
  return {
    users: sums(({ user_id }) => user_id),
    models: sums(({ model }) => model),
    spend,
    ...sums(({ api_key }) => api_key),
  };
}

function costOf({ failed }: Counted): number {
  return failed ? 0 : COST;
}

/** GET /global/spend/tags */
export function spendTags({ server, query, caller, route }: Call): Reply {
  requireAdmin(server, caller, route);
  const rows = usageEntries(server, 'tag', query.get('start_date') ?? '', query.get('end_date') ?? '');
  const names = [...new Set(rows.map(({ entity }) => entity))];
  return ok({
    spend_per_tag: names.map((name) => {
      const { spend, api_requests } = usageMetrics(rows.filter(({ entity }) => entity === name));
      return { name, spend, log_count: api_requests };
    }),
  });
}
