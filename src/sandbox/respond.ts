import { isObject, type Json, type JsonObject, parseJson, stringifyJson } from '../base/json.ts';
import {
  type Reply,
  answerRaised,
  answerRaisedByUpdate,
  crash,
  Raised,
  Refused,
  refuseAuth,
  refuse,
  refuseDetail,
  refuseInvalid,
  wordByStatus,
} from './answers.ts';
import { authenticate, secretOf } from './auth.ts';
import { requireDatabase } from './database.ts';
import { fits, type Route, ROUTES } from './routes.ts';
import { ADMIN_USER, type Server } from './state.ts';
import { countCall, isCounted } from './usage.ts';
import { has } from './versions.ts';

export type SandboxRequest = {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type SandboxResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export function respond(server: Server, request: SandboxRequest): SandboxResponse {
  const plain = answer(server, request);
  const [path = ''] = request.path.split('?', 1);
  if (isCounted(request.method, path)) countCall(server, secretOf(request.headers), request.body, plain.status);
  const { status, body, headers } = server.facts.errorsByStatus ? wordByStatus(plain) : plain;
  const empty = body === '';
  const text = typeof body === 'string' && headers?.['content-type'] !== undefined;
  return {
    status,
    headers: {
      date: server.now().toUTCString(),
      ...(server.facts.serverHeader ? { server: 'uvicorn' } : {}),
      ...(empty ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: typeof body === 'string' && (text || empty) ? body : stringifyJson(body),
  };
}

/** Routes that take any exception for one of authentication. */
const AUTH_ERRORS: ReadonlySet<string> = new Set(['/key/update', '/user/update']);

/** In FastAPI's order: route, JSON, authentication, database, handler. */
function answer(server: Server, request: SandboxRequest): Reply {
  const [path = '', search = ''] = request.path.split('?', 2);
  let route: Route | undefined;
  try {
    route = findRoute(server, request, path);
    const json = readBody(server, request, route);
    const caller =
      route.needs === 'nothing'
        ? { role: null, userId: ADMIN_USER, row: null }
        : authenticate(server, request.headers, path);
    if (route.needs === 'database') requireDatabase(server, route.path);
    const query = new URLSearchParams(search);
    const body = requireObject(server, json);
    return route.handle({ server, route: path, query, headers: request.headers, text: request.body, body, caller });
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    if (error instanceof Raised) {
      return AUTH_ERRORS.has(route?.path ?? '') ? answerRaisedByUpdate(error) : answerRaised(server.facts, error);
    }
    throw error;
  }
}

function findRoute(server: Server, { method, headers }: SandboxRequest, path: string): Route {
  const known = (at: string): Route[] => ROUTES.filter((route) => has(server.version, route.since) && fits(route, at));
  const routes = known(path);
  const route = routes.find((candidate) => candidate.method === method);
  if (route !== undefined) return route;
  if (routes.length > 0) throw refuseDetail(405, 'Method Not Allowed');
  if (path.endsWith('/') && known(path.slice(0, -1)).length > 0) {
    const location = `http://${headers.host ?? '127.0.0.1:4000'}${path.slice(0, -1)}`;
    throw new Refused({ status: 307, body: '', headers: { location } });
  }
  throw refuseDetail(404, 'Not Found');
}

const FORM = '/login';

function readBody(server: Server, { body }: SandboxRequest, { method, path }: Route): Json {
  if (method === 'GET' || path === FORM) return {};
  if (body === '')
    throw refuseInvalid(server.facts, [{ type: 'missing', loc: ['body'], msg: 'Field required', input: null }]);
  const json = parseJson(body);
  if (json !== undefined) return json;
  const [at, reason] = /^\s*\{/.test(body)
    ? [1, 'Expecting property name enclosed in double quotes']
    : [0, 'Expecting value'];
  const problem = {
    type: 'json_invalid',
    loc: ['body', at],
    msg: 'JSON decode error',
    input: {},
    ctx: { error: reason },
  };
  throw refuseInvalid(server.facts, [problem]);
}

function requireObject({ facts }: Server, json: Json): JsonObject {
  if (isObject(json)) return json;
  if (facts.arrayBody === 'crash') throw crash(facts);
  if (facts.arrayBody === 'refused') {
    throw refuse(400, 'invalid_request_error', 'Invalid JSON payload: expected an object', 'request_body');
  }
  const type = json === null ? 'NoneType' : 'list';
  throw refuseAuth(`Authentication Error, '${type}' object has no attribute 'get'`);
}
