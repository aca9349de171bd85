/**
 * Logging in as the UI does. The server makes a key for the session and hides it in a cookie's JWT; that key then goes
 * on the wire like any other. It lives for a day at most, cannot be renewed, and is in no list, so it is deleted after use.
 */
import { VkeysError } from '../base/errors.ts';
import { isObject, parseJson, type JsonObject } from '../base/json.ts';
import { deleteKeys } from '../litellm/keys.ts';
import type { HttpResponse } from '../litellm/http/fetch.ts';
import { readProblem } from '../litellm/http/problem.ts';
import type { Connection } from '../litellm/http/request.ts';
import { within } from '../litellm/http/within.ts';
import { Secret } from '../base/secret.ts';
import type { Password } from './credential.ts';

/** A session on the server. `expires`: where the server told it (1.108.7); `/key/info` knows it everywhere. */
export type Session = {
  readonly secret: Secret;
  readonly user_id: string | null;
  readonly user_role: string | null;
  readonly expires: Date | null;
};

type Door = Pick<Connection, 'url' | 'fetch' | 'headers' | 'timeout' | 'signal' | 'trace' | 'now'>;

/** Newest last: `/v2/login` is there from 1.83.14 on, `/v3/login` on the workers of a control plane. */
const PATHS = ['/login', '/v2/login', '/v3/login'] as const;

/**
 * Opens a session, with the next path where the server does not have one. Throws `auth` when the server refuses the
 * password or has no login, `api` when it has no database, `protocol` when it answers without a session.
 */
export async function logIn(door: Door, { username, password, source }: Password): Promise<Session> {
  for (const path of PATHS) {
    const answer = await knock(door, path, { username, password: password.reveal() });
    if (![404, 405, 410].includes(answer.status)) return sessionIn(answer, door.url, username, password, source);
  }
  throw new VkeysError(
    'auth',
    `${door.url} has no login with a password.`,
    'Use its master key, or the key of a user who is proxy_admin: --auth master-key.',
  );
}

/** Deletes the session's key, with itself as the credential of `connection`. One that is gone already is no error. */
export async function endSession(connection: Connection, { secret }: Pick<Session, 'secret'>): Promise<void> {
  try {
    await deleteKeys({ ...connection, secret }, [secret.hash()]);
  } catch (error) {
    if (!(error instanceof VkeysError) || error.details['status'] !== 401) throw error;
  }
}

type Reply = { readonly status: number; readonly headers: HttpResponse['headers']; readonly text: string };

async function knock(door: Door, path: string, form: Readonly<Record<string, string>>): Promise<Reply> {
  const isForm = path === '/login';
  const started = door.now().getTime();
  const { status, headers, text } = await within(door.timeout, door.signal, async (signal) => {
    const response = await door.fetch(`${door.url}${path}`, {
      method: 'POST',
      headers: { ...door.headers, 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' },
      body: isForm ? new URLSearchParams(form).toString() : JSON.stringify(form),
      signal,
      redirect: 'manual',
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  });
  door.trace({ method: 'POST', path, status, milliseconds: door.now().getTime() - started });
  return { status, headers, text };
}

function sessionIn(reply: Reply, url: string, username: string, password: Secret, source: string): Session {
  if (reply.status >= 400) throw refusal(reply, url, username, password, source);
  const claims = claimsIn(reply);
  const { key, user_id, user_role, exp } = claims ?? {};
  /* It becomes a header. */
  if (typeof key === 'string' && /^[!-~]+$/.test(key)) {
    return {
      secret: new Secret(key),
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

function refusal({ status, text }: Reply, url: string, username: string, password: Secret, source: string): VkeysError {
  const { code, message } = readProblem(status, text, [password]);
  const details = { status, code };
  if (code === 'credential' || code === 'forbidden') {
    return new VkeysError(
      'auth',
      `${url} refused the password of ${username} (${source}).`,
      'Check both; for the admin they are UI_USERNAME and UI_PASSWORD of the server, else admin and its master key.',
      { details },
    );
  }
  if (code === 'no_database' || code === 'database_away') {
    return new VkeysError(
      'api',
      `${url} has no connection to its database, so nobody can log in.`,
      "Look at the database, and at the server's DATABASE_URL; `vkeys doctor` tells when it is back.",
      { details },
    );
  }
  return new VkeysError(
    'api',
    `The login at ${url} failed: LiteLLM answered ${String(status)}: ${message}`,
    "Look at the server's log, or use its master key: --auth master-key.",
    { details },
  );
}
