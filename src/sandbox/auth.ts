import { keyBudget } from './allowance.ts';
import { lingering } from './beliefs.ts';
import { crash, pythonFloat, refuse, refuseAuth, refuseDetail, type Refused } from './answers.ts';
import { texts } from './fields.ts';
import { ADMIN_USER, hashOf, type StoredKey, type Server, SESSION_TEAM } from './state.ts';

/** Who asks: an administrator, or a key with the role of its user. */
export type Caller = {
  readonly role: 'proxy_admin' | 'proxy_admin_viewer' | 'internal_user' | 'internal_user_viewer' | null;
  readonly userId: string | null;
  /** The caller's row; null for the master key and for tokens of the site's own authentication. */
  readonly row: StoredKey | null;
};

type Headers = Readonly<Record<string, string>>;

/** Names the caller, or refuses as this version does. `route` is the path without its query. */
export function authenticate(server: Server, headers: Headers, route: string): Caller {
  const secret = readSecret(server, headers);
  const { masterKey, openshiftTokens } = server.settings;
  if (secret === masterKey) return { role: 'proxy_admin', userId: ADMIN_USER, row: null };
  if (openshiftTokens.includes(secret)) return { role: 'proxy_admin', userId: 'kube:admin', row: null };
  if (!secret.startsWith('sk-')) throw notVirtualKey(server, secret);
  if (server.database === 'none') throw refuse(400, 'no_db_connection', 'No connected db.', null);
  const row = server.keys.get(hashOf(secret)) ?? lingering(server, hashOf(secret));
  if (server.database === 'down' && (row == null || !server.calls.has(hashOf(secret)))) throw databaseDown(server);
  if (row == null) throw unknownKey(server, secret);
  server.seen.set(row.token, server.now().getTime());
  refuseUnusable(server, row, secret, route);
  return { ...userOf(server, row), row };
}

export function isAdmin(caller: Caller): boolean {
  return caller.role === 'proxy_admin';
}

/** What was sent as a key, whether or not it is one. */
export function secretOf(headers: Headers): string {
  return (headers.authorization ?? headers['x-litellm-api-key'] ?? '').replace(/^Bearer /i, '');
}

function readSecret(server: Server, headers: Headers): string {
  const own = server.facts.litellmKeyHeader ? headers['x-litellm-api-key'] : undefined;
  const other = own ?? (headers.authorization === undefined ? (headers['api-key'] ?? headers['x-api-key']) : undefined);
  if (other !== undefined) return other.replace(/^Bearer /i, '');
  const sent = headers.authorization;
  if (sent === undefined) throw refuseAuth('Authentication Error, No api key passed in.');
  if (/^(Bearer|Basic) /i.test(sent)) return sent.slice(sent.indexOf(' ') + 1);
  const printed = server.facts.malformedKey === 'printed' ? ` Passed in: ${sent}` : '';
  throw refuseAuth(`Authentication Error, Malformed API Key passed in. Ensure Key has \`Bearer \` prefix.${printed}`);
}

function notVirtualKey({ facts }: Server, secret: string): Refused {
  const shown = facts.foreignKeyText === 'printed' ? secret : mask(secret);
  return refuseAuth(
    `${facts.foreignKeyPrefix}LiteLLM Virtual Key expected. Received=${shown}, expected to start with 'sk-'.`,
  );
}

/** `abcd****wxyz` */
export function mask(secret: string): string {
  return secret.length > 8 ? `${secret.slice(0, 4)}****${secret.slice(-4)}` : '****';
}

function shorten(secret: string): string {
  return `sk-...${secret.slice(-4)}`;
}

function unknownKey({ facts }: Server, secret: string): Refused {
  const hash = hashOf(secret);
  const said = {
    hash: `Invalid proxy server token passed. key=${hash}, not found in db. Create key via \`/key/generate\` call.`,
    both:
      `Invalid proxy server token passed. Received API Key = ${shorten(secret)}, Key Hash (Token) =${hash}. ` +
      'Unable to find token in cache or `LiteLLM_VerificationTokenTable`',
    none: 'Invalid API key provided.',
  }[facts.unknownKeyText];
  return refuse(401, 'token_not_found_in_db', `Authentication Error, ${said}`, 'key');
}

export function databaseDown({ facts }: Server): Refused {
  if (facts.databaseDown === 'unauthorized') return refuseAuth('Authentication Error, All connection attempts failed');
  const text = 'the authentication database is temporarily unreachable. Please retry shortly.';
  return refuse(503, 'no_db_connection', `Service Unavailable, ${text}`);
}

function refuseUnusable(server: Server, row: StoredKey, secret: string, route: string): void {
  const { facts } = server;
  if (row.blocked === true) {
    throw refuseAuth(
      `Authentication Error, Key is blocked. Update via \`/key/unblock\` if you're ${facts.blockedArticle}.`,
    );
  }
  const now = server.now();
  if (row.expires !== null && new Date(row.expires) < now) throw expired(server, row.expires, now, secret);
  const budget = keyBudget(server, row);
  const isList = route === '/v1/models' || route === '/models';
  const exempt = (facts.overBudgetReadsInfo && route.startsWith('/key/')) || (facts.overBudgetListsModels && isList);
  if (budget !== null && row.spend >= budget && !exempt) throw overBudget(server, row, budget);
  refuseRoute(server, row, route);
}

function expired({ facts }: Server, expires: string, now: Date, secret: string): Refused {
  const param = {
    hash: hashOf(secret),
    secret,
    masked: shorten(secret),
    'hash-end': shorten(hashOf(secret)),
  }[facts.expiredParam];
  const times = `Key Expiry time ${pythonTime(expires)} and current time ${pythonTime(now.toISOString())}`;
  return refuse(facts.expiredStatus, 'expired_key', `Authentication Error - Expired Key. ${times}`, param);
}

function pythonTime(iso: string): string {
  return iso.replace('T', ' ').replace(/Z$/, '000+00:00');
}

function overBudget(
  { facts }: Server,
  { key_alias: alias, key_name: name, spend }: StoredKey,
  budget: number,
): Refused {
  const who = alias === null ? name : `${alias} (${name})`;
  const named = facts.overBudgetStatus === 422 ? ` Key=${who}` : '';
  const text = `Budget has been exceeded!${named} Current cost: ${pythonFloat(spend)}, Max budget: ${pythonFloat(budget)}`;
  return refuse(facts.overBudgetStatus, 'budget_exceeded', text, null);
}

/** A key made with `key_type` or `allowed_routes` may only call those; how it is told so depends on the version. */
function refuseRoute({ facts }: Server, row: StoredKey, route: string): void {
  const routes = texts(row.allowed_routes);
  if (facts.routeDenied === 'never' || routes.length === 0) return;
  if (routes.some((allowed) => groupHas(allowed, route))) return;
  if (facts.routeDenied === 'crash') throw crash(facts);
  const listed = `[${routes.map((name) => `'${name}'`).join(', ')}]`;
  throw refuseDetail(
    403,
    `Virtual key is not allowed to call this route. Only allowed to call routes: ${listed}. Tried to call route: ${route}`,
  );
}

function groupHas(allowed: string, route: string): boolean {
  switch (allowed) {
    case 'llm_api_routes':
      return /^\/(v1\/)?(models|chat\/|completions|embeddings)/.test(route);
    case 'management_routes':
      return /^\/(key|team|user|organization|v2)\//.test(route);
    case 'info_routes':
      return /\/(info|list)$/.test(route);
    default:
      return allowed === route || (allowed.endsWith('*') && route.startsWith(allowed.slice(0, -1)));
  }
}

const ROLES = ['proxy_admin', 'proxy_admin_viewer', 'internal_user', 'internal_user_viewer'] as const;

function userOf(server: Server, row: StoredKey): Pick<Caller, 'role' | 'userId'> {
  const userId = row.user_id;
  if (userId === null) return { role: null, userId };
  if (row.team_id === SESSION_TEAM) return { role: 'proxy_admin', userId };
  const stored = server.users.get(userId)?.user_role;
  return { role: ROLES.find((role) => role === stored) ?? 'internal_user', userId };
}

/** Lets administrators pass and internal users, whose keys the route then checks; others are told why not. */
export function requireWriter(server: Server, caller: Caller, route: string): void {
  if (caller.role !== 'internal_user') requireAdmin(server, caller, route);
}

export function requireAdmin(server: Server, caller: Caller, route: string): void {
  if (isAdmin(caller)) return;
  if (caller.role === 'proxy_admin_viewer') {
    const text = `user not allowed to access this route, role= ${caller.role}. Trying to access: ${route}`;
    throw refuse(403, 'auth_error', text);
  }
  const role = caller.role ?? 'unknown';
  const user = caller.role === null ? server.facts.unknownUser : caller.userId;
  throw refuseAuth(
    'Authentication Error, Only proxy admin can be used to generate, delete, update info for new keys/users/teams. ' +
      `Route=${route}. Your role=${role}. Your user_id=${user}`,
  );
}
