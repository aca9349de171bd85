import { VkeysError } from '../../base/errors.ts';
import { stringifyJson, type JsonObject } from '../../base/json.ts';
import type { Secret } from '../../base/secret.ts';
import type { VaultServer } from '../../model/delivery.ts';
import type { SinkPorts } from '../sink.ts';
import { answerOf, memberOf, refusal, type Answer } from './answer.ts';
import { givenToken, namespaceOf, podToken, tokenIn, trustIn } from './server.ts';

/** Throws `delivery` where there is no token, or nobody answers. */
export type Call = (request: Request) => Promise<Answer>;

/** `path`: below `/v1/`, as people write it. What has a body is a POST. */
type Request = { readonly path: string; readonly query?: string; readonly body?: JsonObject };

/** `namespace`: `a/b/`, or nothing; it is before each path. */
export type Session = { readonly call: Call; readonly namespace: string };

/** What passes by itself: a replica that lags, too many requests, a load balancer between two servers. */
const PASSING = new Set([412, 429, 502, 504]);
const TRIES = 4;
const FIRST_PAUSE = 250;

/** Logs in when the first answer is needed, and once. */
export function openSession(base: string, server: VaultServer, ports: SinkPorts): Session {
  const namespace = namespaceOf(server, ports.env);
  let token: Promise<Secret> | null = null;
  const send = async ({ path, query = '', body }: Request, key: Secret | null): Promise<Answer> => {
    const http = ports.connect(await trustIn(ports.env));
    const headers = {
      'X-Vault-Request': 'true',
      ...(key === null ? {} : { 'X-Vault-Token': key.reveal() }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    };
    const url = `${base}/${path.split('/').map(encodeURIComponent).join('/')}${query}`;
    const request =
      body === undefined
        ? { method: 'GET', url, headers }
        : { method: 'POST', url, headers, body: stringifyJson(body) };
    for (let tries = 1, pause = FIRST_PAUSE; ; tries += 1, pause *= 2) {
      const answer = answerOf(await http(request));
      if (!PASSING.has(answer.status) || tries === TRIES) return answer;
      await ports.sleep(pause);
    }
  };
  const login = async ({ role, mount }: NonNullable<VaultServer['kubernetes']>): Promise<Secret> => {
    const jwt = (await podToken(ports)).reveal();
    const answer = await send({ path: `${namespace}auth/${mount}/login`, body: { role, jwt } }, null);
    const given = memberOf(answer.body['auth'], 'client_token');
    if (answer.status === 200 && typeof given === 'string') return tokenIn(given, 'The answer to the login');
    if (![400, 403, 404].includes(answer.status)) throw refusal(answer, { todo: 'log in', path: '', capabilities: [] });
    throw new VkeysError(
      'delivery',
      `Vault does not let this pod log in as the role ${role}.`,
      `Check that role: vault read auth/${mount}/role/${role}; it names the service account and its namespace.`,
    );
  };
  return {
    namespace,
    call: async (request) => {
      token ??= server.kubernetes === undefined ? givenToken(server, ports) : login(server.kubernetes);
      return send(request, await token);
    },
  };
}
