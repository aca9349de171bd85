/**
 * LiteLLM before 1.77, which knows usage by key or by model, without users and teams and without keys of nobody: whose a key is
 * the list of keys tells, and what keys of nobody spent the sums of `/spend/logs`, which have no requests and no tokens.
 */
import pMap from 'p-map';
import { addDays } from '../../base/day.ts';
import { VkeysError } from '../../base/errors.ts';
import { NO_USAGE, type SeeUsage, type UsageCell, type UsageQuery, type UsageSource } from '../../model/usage.ts';
import { readAs } from '../answer-shapes.ts';
import { send, type Connection } from '../http/request.ts';
import { streamKeys } from '../survey.ts';
import { readActivity } from './activity.ts';
import { keyNameIn } from './key-name.ts';
import { SPEND_LOGS, TAGS } from './shapes.ts';
import { startOwners } from './owners.ts';

const AT_ONCE = 4;
const LOGS = '/spend/logs';

/** What such a server can tell. Throws `usage` for what it cannot. */
export function earlierSource(connection: Connection, query: UsageQuery): UsageSource {
  const { needs } = query;
  if (needs.has('tag')) return tagSource(connection, query);
  return {
    name: `/user/daily/activity and ${LOGS}`,
    gaps: [
      'LiteLLM before 1.77 counts no requests and no tokens of keys without a user: of those only the spend is known.',
    ],
    read: async (see) => {
      const owners = await ownersIn(connection, query);
      await readCounted(connection, query, (cell) => see(owners.give(cell)));
    },
  };
}

async function readCounted(connection: Connection, query: UsageQuery, see: SeeUsage): Promise<void> {
  const { needs } = query;
  const byKey = (['key', 'user', 'team', 'set'] as const).some((dimension) => needs.has(dimension));
  const isKeyByKey = byKey && needs.has('model');
  const options = { entity: 'user', byEntity: false, byModel: needs.has('model') && !byKey } as const;
  const known = new Map<string, number>();
  const keys = new Map<string, string | null>();
  await readActivity(connection, options, query, (cell) => {
    const name = nameOf(cell, options.byModel);
    known.set(name, (known.get(name) ?? 0) + cell.spend);
    if (isKeyByKey && cell.key_id !== null) keys.set(cell.key_id, cell.key_alias);
    else see(cell);
  });
  await pMap(
    keys,
    ([api_key, key_alias]) =>
      readActivity(connection, { ...options, byModel: true, api_key }, query, (cell) =>
        see({ ...cell, key_id: api_key, key_alias }),
      ),
    { concurrency: AT_ONCE },
  );
  for (const cell of await readLogs(connection, query, options.byModel)) {
    const spend = cell.spend - (known.get(nameOf(cell, options.byModel)) ?? 0);
    if (spend > 1e-9) see({ ...cell, spend });
  }
}

function nameOf({ day, key_id, model }: UsageCell, byModel: boolean): string {
  return JSON.stringify([day, byModel ? model : key_id]);
}

/** What each key, or model, spent on each day, whoever it is of. Its last day is left out by the server. */
async function readLogs(
  connection: Connection,
  { since, until }: UsageQuery,
  byModel: boolean,
): Promise<readonly UsageCell[]> {
  const query = { start_date: since, end_date: addDays(until, 1) };
  const { body } = await send(connection, { method: 'GET', path: LOGS, query });
  const own = connection.secret?.hash() ?? null;
  return readAs(SPEND_LOGS, body, LOGS).flatMap(({ startTime: day, models, ...rest }) => {
    if (day > until) return [];
    if (byModel)
      return Object.entries(models).map(([model, spend]) => ({ ...NO_USAGE, day, model: model || null, spend }));
    return Object.entries(rest).flatMap(([name, spend]) => {
      const key_id = keyNameIn(name, null, own);
      return key_id === null || typeof spend !== 'number' ? [] : [{ ...NO_USAGE, day, key_id, spend }];
    });
  });
}

async function ownersIn(connection: Connection, { needs }: UsageQuery) {
  const owners = startOwners(['user', 'team']);
  if (!needs.has('user') && !needs.has('team')) return owners;
  for await (const { lives } of streamKeys(connection)) {
    for (const { id, settings } of lives) {
      owners.learn(id, 'user', textOf(settings['user_id']));
      owners.learn(id, 'team', textOf(settings['team_id']));
    }
  }
  return owners;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function tagSource(connection: Connection, { needs, since, until }: UsageQuery): UsageSource {
  if (needs.size > 1) {
    throw new VkeysError(
      'usage',
      'LiteLLM before 1.77 tells the use of tags only as one sum of all days.',
      'Ask for it with --by tag alone, and without keys, users, teams and sets.',
    );
  }
  const path = '/global/spend/tags';
  return {
    name: path,
    gaps: ['LiteLLM before 1.77 counts no tokens and no failures of tags.'],
    read: async (see) => {
      const query = { start_date: since, end_date: until };
      const { body } = await send(connection, { method: 'GET', path, query });
      for (const { name, spend, log_count } of readAs(TAGS, body, path).spend_per_tag)
        see({ ...NO_USAGE, day: until, tag: name, spend, requests: log_count });
    },
  };
}
