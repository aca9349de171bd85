import { VkeysError } from '../base/errors.ts';
import { isControlPlane } from '../litellm/health.ts';
import type { Connection } from '../litellm/http/request.ts';

/** Where something answered that is no proxy: what is really there, or the same error. */
export async function explained(error: unknown, connections: readonly Connection[]): Promise<unknown> {
  for (const connection of connections) {
    if (!(await isControlPlane(connection))) continue;
    return new VkeysError(
      'api',
      `${connection.url} is not a LiteLLM proxy but a control plane, which manages several.`,
      'Give --url the address of one of its proxies: the one that clients send their requests to.',
      { cause: error },
    );
  }
  return error;
}
