import { isList, isObject } from '../base/json.ts';
import { askOptional } from './health.ts';
import type { Connection } from './http/request.ts';

/** The organisations of a server, by id, with what they are called; `null` where this credential may not list them. */
export async function listOrganizations(connection: Connection): Promise<ReadonlyMap<string, string> | null> {
  const answer = await askOptional(connection, '/organization/list');
  if (answer === null || !isList(answer.body)) return null;
  return new Map(
    answer.body
      .filter(isObject)
      .flatMap(({ organization_id: id, organization_alias: name }) =>
        typeof id === 'string' ? [[id, typeof name === 'string' ? name : id] as const] : [],
      ),
  );
}
