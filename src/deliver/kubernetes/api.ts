/** Requests to a cluster's API server. What it is asked to do is convergent, so what was busy is asked again. */
import { VkeysError } from '../../base/errors.ts';
import { parseJson, stringifyJson, type Json, type JsonObject } from '../../base/json.ts';
import type { HttpAnswer, SinkPorts } from '../sink.ts';
import type { Cluster } from './cluster.ts';

export type ApiRequest = {
  readonly method: 'GET' | 'PATCH' | 'DELETE';
  /** The whole address, of names that were checked: they have nothing that an address would quote. */
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly accept?: string;
  readonly body?: { readonly type: string; readonly value: JsonObject };
};
export type ApiAnswer = { readonly status: number; readonly body: Json | undefined };

/** Sends it as the cluster's account. Throws `delivery` where the cluster is not reached; answers of any status come back. */
export type Ask = (cluster: Cluster, request: ApiRequest) => Promise<ApiAnswer>;

/** How often a server that is busy is asked, and the milliseconds between. */
const TRIES = 3;
const PAUSE = 1000;
const BUSY: ReadonlySet<number> = new Set([429, 500, 503, 504]);

export function askVia({ connect, sleep }: Pick<SinkPorts, 'connect' | 'sleep'>): Ask {
  const send = async (cluster: Cluster, request: ApiRequest, isRefused: boolean): Promise<HttpAnswer> => {
    const { token, cert, key } = await cluster.account(isRefused);
    const { method, url, query = {}, accept = 'application/json', body } = request;
    const search = new URLSearchParams(query).toString();
    const headers = {
      accept,
      'user-agent': 'vkeys',
      ...(token === null ? {} : { authorization: `Bearer ${token.reveal()}` }),
      ...(body === undefined ? {} : { 'content-type': body.type }),
    };
    const http = connect({ ...cluster.trust, ...(cert === null || key === null ? {} : { cert, key }) });
    try {
      return await http({
        method,
        url: search === '' ? url : `${url}?${search}`,
        headers,
        ...(body === undefined ? {} : { body: stringifyJson(body.value) }),
      });
    } catch (error) {
      throw error instanceof VkeysError ? unreached(error, cluster) : error;
    }
  };
  return async (cluster, request) => {
    let answer = await send(cluster, request, false);
    if (answer.status === 401) answer = await send(cluster, request, true);
    for (let tries = 1; tries < TRIES && BUSY.has(answer.status); tries += 1) {
      await sleep(PAUSE * tries);
      answer = await send(cluster, request, false);
    }
    return { status: answer.status, body: parseJson(answer.text) };
  };
}

function unreached(error: VkeysError, { name }: Cluster): VkeysError {
  const { kind, message } = error;
  if (kind === 'interrupted') return error;
  if (kind === 'config' && message.startsWith(':')) {
    const why = `The certificates of ${name} are not such, or do not fit together.`;
    return new VkeysError('delivery', why, 'Log in to the cluster again, or mend the kubeconfig.', { cause: error });
  }
  const hint = `Is the cluster of ${name} there, and reached from here? Then run the same command again.`;
  return new VkeysError('delivery', message, hint, { cause: error });
}
