import { send, type Connection } from './http/request.ts';
import { ANSWERS, readAs } from './answer-shapes.ts';

/** The names of the models that the caller may use. */
export async function listModels(connection: Connection): Promise<readonly string[]> {
  const path = '/v1/models';
  const { body } = await send(connection, { method: 'GET', path });
  return readAs(ANSWERS.Models, body, path).data.map(({ id }) => id);
}

/** The names of the groups under which the server offers several models. */
export async function listAccessGroups(connection: Connection): Promise<readonly string[]> {
  const path = '/model/info';
  const { body } = await send(connection, { method: 'GET', path });
  return [
    ...new Set(readAs(ANSWERS.ModelInfo, body, path).data.flatMap(({ model_info }) => model_info?.access_groups ?? [])),
  ];
}
