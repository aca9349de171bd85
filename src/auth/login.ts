/**
 * Logging in as the UI does. The server makes a key for the session and hides it in a cookie's JWT; that key then goes
 * on the wire like any other. It lives for a day at most, cannot be renewed, and is in no list, so it is deleted after use.
 */
import { VkeysError } from '../base/errors.ts';
import { isObject, parseJson, type JsonObject } from '../base/json.ts';
import { deleteKeys } from '../litellm/keys.ts';
import { exchange, paced, type Reply } from '../litellm/http/exchange.ts';
import { readProblem } from '../litellm/http/problem.ts';
import { again, type Connection } from '../litellm/http/request.ts';
import { isRefusedFor, RequestError } from '../litellm/http/request-error.ts';
import { readRetryAfter } from '../litellm/http/retry.ts';
import { hold, Secret } from '../base/secret.ts';
import type { Password } from './credential.ts';

/** A session on the server. `expires`: where the server told it (from 1.108.7 on); `/key/info` knows it everywhere. */
export type LoginSession = {
  readonly secret: Secret;
  readonly user_id: string | null;
  readonly user_role: string | null;
  readonly expires: Date | null;
};

/** Newest last: `/v2/login` is there from 1.83.14 on, `/v3/login` on the workers of a control plane. */
const PATHS = ['/login', '/v2/login', '/v3/login'] as const;

/**
 * Opens a session, with the next path where the server does not have one, and again while the server is busy: one
 * session too many ends by itself within a day. Throws `auth` when the server refuses the password or has no login,
 * `api` when it has no database, `protocol` when it answers without a session.
 */
export async function logIn(connection: Connection, password: Password): Promise<LoginSession> {
  const { url } = connection;
  for (const path of PATHS) {
    const session = await again(connection, () => paced(connection, path, () => tryPath(connection, path, password)));
    if (session !== null) return session;
  }
  throw new VkeysError(
    'auth',
    `${url} has no login with a password.`,
    'Use its master key, or the key of a user who is proxy_admin: --auth master-key.',
  );
}

/** Deletes the session's key, with itself as the credential of `connection`. One that is gone already is no error. */
export async function endSession(connection: Connection, { secret }: Pick<LoginSession, 'secret'>): Promise<void> {
  const hash = secret.hash();
  const landed = (await deleteKeys({ ...connection, secret }, [hash])).get(hash);
  if (landed === undefined || landed.is === 'done') return;
  if (!isRefusedFor(landed.error, 'credential', 'key_not_found')) throw landed.error;
}

/** `null`: this server does not have the path. */
async function tryPath(connection: Connection, path: string, password: Password): Promise<LoginSession | null> {
  const isForm = path === '/login';
  const form = { username: password.username, password: password.password.reveal() };
  const reply = await exchange(connection, path, {
    method: 'POST',
    headers: {
      ...connection.headers,
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
    },
    body: isForm ? new URLSearchParams(form).toString() : JSON.stringify(form),
  });
  return [404, 405, 410].includes(reply.status) ? null : sessionIn(reply, connection, password);
}

function sessionIn(reply: Reply, connection: Connection, password: Password): LoginSession {
  if (reply.status >= 400) throw refusal(reply, connection, password);
  const { url } = connection;
  const claims = claimsIn(reply);
  const { key, user_id, user_role, exp } = claims ?? {};
  /* It becomes a header. */
  if (typeof key === 'string' && /^[!-~]+$/.test(key)) {
    return {
      secret: hold(new Secret(key)),
      user_id: typeof user_id === 'string' ? user_id : null,
      user_role: typeof user_role === 'string' ? user_role : null,
      expires: typeof exp === 'number' ? new Date(exp * 1000) : null,
    };
  }
  throw new VkeysError(
    'protocol',
    `${url} answered the login without a session (${String(reply.status)}).`,
    'Is this the address of a LiteLLM proxy, without another login in front of it? Its master key works too: --auth master-key.',
  );
}

/** What the JWT says: in the cookie, and from `/v2/login` in the body too. Its signature is the server's business. */
function claimsIn({ headers, text }: Reply): JsonObject | null {
  const cookie = headers.getSetCookie().find((line) => line.startsWith('token='));
  const body = parseJson(text);
  const inBody = isObject(body) && typeof body['token'] === 'string' ? body['token'] : '';
  const [, claims = ''] = (cookie?.slice('token='.length).split(';')[0]?.replaceAll('"', '') ?? inBody).split('.');
  const decoded = parseJson(Buffer.from(claims, 'base64url').toString('utf8'));
  return isObject(decoded) ? decoded : null;
}

function refusal({ status, text, headers }: Reply, { url, now }: Connection, password: Password): RequestError {
  const { code, message } = readProblem(status, text, { secrets: [password.password] });
  const wait = readRetryAfter(headers.get('retry-after'), now());
  const transient = code === 'busy' || code === 'database_away';
  const facts = { reach: 'answered', status, code, wait, transient } as const;
  if (code === 'credential' || code === 'forbidden') {
    return new RequestError(
      'auth',
      `${url} refused the password of ${password.username} (${password.source}).`,
      'Check both; for the admin they are UI_USERNAME and UI_PASSWORD of the server, else admin and its master key.',
      facts,
    );
  }
  if (code === 'no_database' || code === 'database_away') {
    return new RequestError(
      'api',
      `${url} has no connection to its database, so nobody can log in.`,
      "Look at the database, and at the server's DATABASE_URL; `vkeys doctor` tells when it is back.",
      facts,
    );
  }
  return new RequestError(
    'api',
    `The login at ${url} failed: the server answered ${String(status)}: ${message}`,
    "Look at the server's log, or use its master key: --auth master-key.",
    facts,
  );
}
