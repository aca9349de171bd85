import { send, type Connection } from './http/request.ts';
import type { Deployment } from '../model/team-bounds.ts';
import { ANSWERS, readAs } from './answer-shapes.ts';

/** The names of the models that the caller may use. */
export async function listModels(connection: Connection): Promise<readonly string[]> {
  const path = '/v1/models';
  const { body } = await send(connection, { method: 'GET', path });
  return readAs(ANSWERS.Models, body, path).data.map(({ id }) => id);
}

/** What the server offers by name, one for each deployment. */
export async function listDeployments(connection: Connection): Promise<readonly Deployment[]> {
  const path = '/model/info';
  const { body } = await send(connection, { method: 'GET', path });
  return readAs(ANSWERS.ModelInfo, body, path).data.map(({ model_name, model_info }) => ({
    name: model_name ?? '',
    groups: model_info?.access_groups ?? [],
  }));
}
