/**
 * Where usage comes from: the cheapest route of this server that tells what is asked for exactly. Since 1.108 that is an export,
 * unless keys and models are asked for together; from 1.77 on it is activity in pages. What a route tells only for one of
 * user, team and tag is brought together by the key.
 */
import type { SeeUsage, UsageQuery, UsageSource } from '../../model/usage.ts';
import { sendForText, type Connection } from '../http/request.ts';
import { RequestError } from '../http/request-error.ts';
import { activityPath, readActivity } from './activity.ts';
import type { Entity } from './breakdown.ts';
import { earlierSource } from './earlier.ts';
import { readExports, exportPath, type ExportOptions } from './export.ts';
import { startOwners, type Owner, type Owners } from './owners.ts';

/** Throws `usage` for what this server cannot tell. */
export async function findUsage(connection: Connection, query: UsageQuery): Promise<UsageSource> {
  const { needs } = query;
  const entity = entityFor(query);
  const type = exportTypeFor(query, entity);
  const hasExports = await answers(connection, exportPath({ entity }), { ...only(query), export_type: 'daily' });
  if (hasExports && type !== null) {
    const others = needs.has('team') && entity !== 'team' ? (['team'] as const) : [];
    const exported = (of: ExportOptions, see: SeeUsage) => readExports(connection, of, query, see);
    return {
      name: exportPath({ entity }),
      gaps: [],
      read: async (see) => {
        const owners = await ownersFrom(others, (of, learn) => exported({ entity: of, type: WITH_KEYS }, learn));
        await exported({ entity, type }, (cell) => see(owners.give(cell)));
      },
    };
  }
  const probe = { ...only(query), page_size: '1' };
  if (!hasExports && !(await answers(connection, activityPath('team'), probe))) return earlierSource(connection, query);
  const others = (['user', 'team'] as const).filter((owner) => needs.has(owner) && owner !== entity);
  const byModel = needs.has('model');
  const read = (of: Entity, isByModel: boolean, see: SeeUsage) =>
    readActivity(connection, { entity: of, byEntity: true, byModel: isByModel }, query, see);
  return {
    name: activityPath(entity),
    gaps: byModel && needs.has('tag') ? ['The model of requests by keys of several models is not told by tag.'] : [],
    read: async (see) => {
      const owners = await ownersFrom(others, (of, learn) => read(of, false, learn));
      await read(entity, byModel, (cell) => see(owners.give(cell)));
    },
  };
}

const WITH_KEYS = 'daily_with_keys';

/** The rows that a route has are of this. A server has fewer teams than users. */
function entityFor({ needs }: UsageQuery): Entity {
  if (needs.has('tag')) return 'tag';
  return needs.has('user') && !needs.has('team') ? 'user' : 'team';
}

/** `null`: no export tells all of it. */
function exportTypeFor({ needs }: UsageQuery, entity: Entity): ExportOptions['type'] | null {
  const owners = (['user', 'team'] as const).some((owner) => needs.has(owner) && owner !== entity);
  const byKey = needs.has('key') || needs.has('set') || owners;
  if (needs.has('model')) return byKey ? null : 'daily_with_models';
  return byKey ? WITH_KEYS : 'daily';
}

function only({ until }: UsageQuery): Readonly<Record<string, string>> {
  return { start_date: until, end_date: until };
}

/** Whether the server has this route. */
async function answers(
  connection: Connection,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    await sendForText(connection, { method: 'GET', path, query });
    return true;
  } catch (error) {
    if (error instanceof RequestError && error.status === 404) return false;
    throw error;
  }
}

/** Owners that the cells do not tell, from their own routes. */
async function ownersFrom(
  wanted: readonly Owner[],
  read: (owner: Owner, see: SeeUsage) => Promise<void>,
): Promise<Owners> {
  const owners = startOwners(wanted);
  for (const owner of wanted) {
    await read(owner, ({ key_id, user_id, team_id }) => {
      if (key_id !== null) owners.learn(key_id, owner, owner === 'user' ? user_id : team_id);
    });
  }
  return owners;
}
