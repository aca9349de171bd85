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

/** The names under which the server offers models, by what it calls them itself, as far as there is one for each. */
export async function listPublicNames(connection: Connection): Promise<ReadonlyMap<string, string>> {
  const path = '/model/info';
  const { body } = await send(connection, { method: 'GET', path });
  const names = new Map<string, Set<string>>();
  for (const { model_name, litellm_params } of readAs(ANSWERS.ModelInfo, body, path).data) {
    if (model_name == null || litellm_params?.model == null) continue;
    names.set(litellm_params.model, (names.get(litellm_params.model) ?? new Set()).add(model_name));
  }
  return new Map(
    [...names].flatMap(([stored, [name, ...others]]) =>
      name === undefined || others.length > 0 ? [] : [[stored, name] as const],
    ),
  );
}
