import { createHmac } from 'node:crypto';
import { type Reply, refuse } from './answers.ts';
import { newRow } from './columns.ts';
import type { Call } from './call.ts';
import { ADMIN_USER, hashOf, mintSecret, type Server, SESSION_TEAM } from './state.ts';
import { addDuration, nextBoundary } from './time.ts';

/** POST /login: a form; the session's key is in the cookie's JWT. */
export function login(call: Call): Reply {
  const form = new URLSearchParams(call.text);
  const { token, location } = openSession(call, form.get('username'), form.get('password'));
  return { status: 303, body: '', headers: { location, 'set-cookie': cookie(token) } };
}

/** POST /v2/login: the same as JSON. */
export function loginAsJson(call: Call): Reply {
  const { username, password } = call.body;
  const { token, location } = openSession(call, username, password);
  return { status: 200, body: { redirect_url: location, token }, headers: { 'set-cookie': cookie(token) } };
}

function cookie(token: string): string {
  return `token=${token}; Path=/; SameSite=lax`;
}

function openSession(call: Call, username: unknown, password: unknown): { token: string; location: string } {
  const { server } = call;
  const { login: expected, masterKey } = server.settings;
  if (server.database !== 'connected') throw refuse(400, 'auth_error', 'Authentication Error, Not connected to DB!');
  if (username !== expected.username || password !== expected.password) throw wrongPassword(server);
  const life = server.facts.sessionLife === 'calendar' ? nextBoundary : addDuration;
  const expires = life(server.facts, server.now(), '24h');
  const secret = openKey(server, expires);
  const token = sign(masterKey, {
    user_id: ADMIN_USER,
    key: secret,
    user_email: null,
    user_role: 'proxy_admin',
    login_method: 'username_password',
    premium_user: false,
    auth_header_name: 'Authorization',
    disabled_non_admin_personal_key_creation: false,
    ...(server.facts.sessionRootPath ? { server_root_path: '' } : {}),
    ...(server.facts.sessionExpiry
      ? { password_reset_required: false, exp: Math.floor(expires.getTime() / 1000) }
      : {}),
  });
  return { token, location: landing(call) };
}

/** The session's key: a row of a team that no list shows. */
function openKey(server: Server, expires: Date): string {
  const secret = mintSecret();
  server.keys.set(hashOf(secret), {
    ...newRow(server.version, secret, server.now().toISOString()),
    team_id: SESSION_TEAM,
    user_id: ADMIN_USER,
    max_budget: server.facts.sessionBudget,
    expires: expires.toISOString(),
    ...(server.facts.keepsKeyType ? { key_type: null } : {}),
  });
  return secret;
}

function landing({ server, headers }: Call): string {
  const base = `http://${headers.host ?? '127.0.0.1:4000'}`;
  return {
    user: `/ui/?userID=${ADMIN_USER}`,
    slash: `${base}/ui/?login=success`,
    bare: `${base}/ui?login=success`,
  }[server.facts.loginLocation];
}

function wrongPassword({ facts }: Server) {
  const hint = {
    env: "\nCheck 'UI_USERNAME', 'UI_PASSWORD' in .env file",
    user: " Check 'UI_USERNAME' and 'UI_PASSWORD', or the password set for your user",
  }[facts.loginHint];
  return refuse(401, 'auth_error', `Invalid credentials used to access UI.${hint}`, 'invalid_credentials');
}

function sign(key: string, payload: object): string {
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`;
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** POST /v3/login exists only on workers of a control plane. */
export function loginElsewhere(): Reply {
  const text = '/v3/login is only available on workers with control_plane_url configured';
  throw refuse(404, 'not_found_error', text, 'control_plane_url');
}
