/** Ways to servers that are not LiteLLM's, for sinks: one for each set of certificates, with connections kept alive. */
import { VkeysError } from '../base/errors.ts';
import type { Connect, Http, Trust } from '../deliver/sink.ts';
import { RequestError } from '../litellm/http/request-error.ts';
import type { Transport } from '../litellm/http/transport.ts';
import type { World } from './world.ts';

/** As many hand-outs are under way at the same time. */
const CONNECTIONS = 8;
/** For one request, in milliseconds. */
const PATIENCE = 30_000;

export function connectIn({ transport, env, abort }: Pick<World, 'transport' | 'env' | 'abort'>): Connect {
  const ways = new Map<string, Promise<Transport>>();
  const wayWith = (trust: Trust): Promise<Transport> => {
    const id = JSON.stringify(trust);
    const { insecure = false, ...pem } = trust;
    const way = ways.get(id) ?? transport({ insecure, connections: CONNECTIONS, env, pem });
    ways.set(id, way);
    return way;
  };
  return (trust): Http =>
    async ({ url, ...request }) => {
      const { fetch } = await wayWith(trust);
      const signal = AbortSignal.any([abort, AbortSignal.timeout(PATIENCE)]);
      try {
        const answer = await fetch(url, { ...request, signal, redirect: 'manual' });
        return { status: answer.status, text: await answer.text() };
      } catch (error) {
        throw unreachable(error, url, signal);
      }
    };
}

function unreachable(error: unknown, url: string, signal: AbortSignal): unknown {
  const { origin } = new URL(url);
  const again = 'Check the address and the network, then run the same command again.';
  if (error instanceof RequestError) return new VkeysError('delivery', error.message, again);
  if (!signal.aborted || error instanceof VkeysError) return error;
  const seconds = String(PATIENCE / 1000);
  return new VkeysError('delivery', `${origin} did not answer within ${seconds} s.`, again);
}
