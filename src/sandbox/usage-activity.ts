import type { JsonObject } from '../base/json.ts';
import { type Reply, ok, refuse, refuseInvalid } from './answers.ts';
import { isAdmin } from './auth.ts';
import type { Call } from './call.ts';
import { has } from './versions.ts';
import { usageEntries, usageKey, usageMetrics, type UsageEntity, type UsageEntry } from './usage-rows.ts';

/** GET /user/daily/activity, /team/… and /tag/…: days, each broken down, in pages of rows. Both ends are in it. */
export function dailyActivity(entity: UsageEntity): (call: Call) => Reply {
  return (call) => {
    const { query } = call;
    const size = Number(query.get('page_size') ?? 50);
    const page = Number(query.get('page') ?? 1);
    if (size > 1000) {
      const problem = {
        type: 'less_than_equal',
        loc: ['query', 'page_size'],
        msg: 'Input should be less than or equal to 1000',
      };
      throw refuseInvalid(call.server.facts, [{ ...problem, input: query.get('page_size') }]);
    }
    const rows = askedRows(call, entity);
    const shown = rows.slice((page - 1) * size, page * size);
    const pages = Math.ceil(rows.length / size);
    const totals = Object.entries(usageMetrics(shown)).map(([name, value]) => [`total_${name}`, value] as const);
    return ok({
      results: [...new Set(shown.map(({ day }) => day))].map((day) =>
        dayOf(
          call,
          entity,
          day,
          shown.filter((row) => row.day === day),
        ),
      ),
      metadata: { ...Object.fromEntries(totals), page, total_pages: pages, has_more: page < pages },
    });
  };
}

/** GET /user/daily/activity/export and the like: a row for each day and entity, and with what `export_type` says. */
export function exportActivity(entity: UsageEntity): (call: Call) => Reply {
  return (call) => {
    const type = call.query.get('export_type') ?? 'daily';
    const groups = new Map<string, UsageEntry[]>();
    for (const row of askedRows(call, entity)) {
      const more = type === 'daily_with_keys' ? row.api_key : type === 'daily_with_models' ? row.model : '';
      const id = JSON.stringify([row.day, row.entity, more]);
      groups.set(id, [...(groups.get(id) ?? []), row]);
    }
    const rows = [...groups.values()].map((some) => exportRow(call, entity, type, some));
    const lines = [COLUMNS, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`);
    return { status: 200, body: lines.join(''), headers: { 'content-type': 'text/csv; charset=utf-8' } };
  };
}

const COLUMNS =
  'date,entity_id,entity_alias,api_key,key_alias,user_id,user_email,model,spend,flat_cost,prompt_tokens,completion_tokens,api_requests,successful_requests,failed_requests'.split(
    ',',
  );

function exportRow(
  { server }: Call,
  entity: UsageEntity,
  type: string,
  rows: readonly UsageEntry[],
): readonly string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { row } = usageKey(server, type === 'daily_with_keys' ? first.api_key : '');
  const alias = entity === 'team' ? server.teams.get(first.entity)?.['team_alias'] : null;
  const metrics = usageMetrics(rows);
  const names = [first.day, first.entity, typeof alias === 'string' ? alias : ''];
  const key = [type === 'daily_with_keys' ? first.api_key : '', row?.key_alias ?? '', row?.user_id ?? '', ''];
  const { spend, prompt_tokens, completion_tokens, api_requests, successful_requests, failed_requests } = metrics;
  const counted = [spend, 0, prompt_tokens, completion_tokens, api_requests, successful_requests, failed_requests];
  return [...names, ...key, type === 'daily_with_models' ? first.model : '', ...counted.map(String)];
}

/** Texts that a spreadsheet would take for a formula get a quote in front. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The rows that the caller may see. Filters that the version does not know are ignored. */
function askedRows({ server, query, caller }: Call, entity: UsageEntity): readonly UsageEntry[] {
  const [since, until] = [query.get('start_date'), query.get('end_date')];
  if (since === null || until === null) {
    throw refuse(400, 'internal_server_error', "{'error': 'Please provide start_date and end_date'}");
  }
  const isRight = [since, until].every((day) => /^\d{4}-\d\d-\d\d$/.test(day)) && since <= until;
  if (!isRight && server.facts.usageDates === 'checked') {
    throw refuse(400, 'invalid_request_error', `Invalid date range: ${since} to ${until}`, null);
  }
  const key = query.get('api_key');
  return usageEntries(server, entity, since, until)
    .filter(({ api_key }) => key === null || api_key === key)
    .filter((row) => isAdmin(caller) || (entity === 'user' && row.entity === caller.userId));
}

function dayOf(call: Call, entity: UsageEntity, date: string, rows: readonly UsageEntry[]): JsonObject {
  const { server } = call;
  const hasKeys = has(server.version, '1.77.7');
  const parts = (
    of: readonly UsageEntry[],
    nameOf: (row: UsageEntry) => string,
    metadata: (name: string) => JsonObject,
  ): JsonObject =>
    Object.fromEntries(
      grouped(of, nameOf).map(([name, some]) => [
        name,
        {
          metrics: usageMetrics(some),
          metadata: metadata(name),
          ...(hasKeys ? { api_key_breakdown: keys(some) } : {}),
        },
      ]),
    );
  const keys = (some: readonly UsageEntry[]): JsonObject =>
    Object.fromEntries(
      grouped(some, ({ api_key }) => api_key).map(([api_key, of]) => [
        api_key,
        { metrics: usageMetrics(of), metadata: keyMetadata(call, api_key) },
      ]),
    );
  const ofTeam = (id: string): JsonObject => {
    const team = entity === 'team' ? server.teams.get(id) : undefined;
    return team === undefined ? {} : { team_alias: team['team_alias'] ?? null };
  };
  const named = rows.filter(({ model_group }) => model_group !== '');
  const groups = parts(
    named,
    ({ model_group }) => model_group,
    () => ({}),
  );
  return {
    date,
    metrics: usageMetrics(rows),
    breakdown: {
      models: parts(
        rows,
        ({ model }) => model,
        () => ({}),
      ),
      ...(hasKeys ? { model_groups: groups } : {}),
      api_keys: keys(rows),
      ...(server.facts.usageEntities ? { entities: parts(rows, (row) => row.entity || 'Unassigned', ofTeam) } : {}),
    },
  };
}

function keyMetadata({ server }: Call, api_key: string): JsonObject {
  const { row, exists } = usageKey(server, api_key);
  return {
    key_alias: row?.key_alias ?? null,
    ...(has(server.version, '1.77.7') ? { team_id: row?.team_id ?? null } : {}),
    ...(has(server.version, '1.108.7') ? { user_id: row?.user_id ?? null, user_email: null, key_exists: exists } : {}),
  };
}

function grouped(
  rows: readonly UsageEntry[],
  nameOf: (row: UsageEntry) => string,
): readonly (readonly [string, readonly UsageEntry[]])[] {
  const groups = new Map<string, UsageEntry[]>();
  for (const row of rows) groups.set(nameOf(row), [...(groups.get(nameOf(row)) ?? []), row]);
  return [...groups];
}
