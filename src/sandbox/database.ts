import { crash, pythonDict, Raised, raiseWrapped, refuse, refuseDetail, type Refused } from './answers.ts';
import { databaseDown } from './auth.ts';
import type { Server } from './state.ts';
import type { Facts } from './versions.ts';

/** Refuses what needs a database when there is none or it is away; each route says so in its own way. */
export function requireDatabase(server: Server, path: string): void {
  if (server.database === 'none') throw missing(server.facts, path);
  if (server.database === 'down' && !BLIND.has(path)) throw away(server, path);
}

/** Routes that take a database that is away for one without the team. */
const BLIND: ReadonlySet<string> = new Set(['/team/info', '/team/delete', '/team/member_add']);

const CONNECT =
  'Database not connected. ' +
  'Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys';

function missing(facts: Facts, path: string): Refused | Raised {
  switch (path) {
    case '/key/info':
      return facts.infoWithoutDatabase === 'hidden' ? hidden(path) : new Raised(null, CONNECT);
    case '/key/generate':
      return facts.missingDatabase === 'connect'
        ? new Raised(null, connectText())
        : raiseWrapped(500, notConnected(facts));
    case '/user/new':
      return facts.missingDatabase === 'connect'
        ? new Raised(null, connectText())
        : new Raised(400, notConnected(facts));
    case '/team/list':
      return refuseDetail(400, { error: notConnected(facts) });
    case '/team/new':
      return raiseWrapped(500, 'No db connected');
    case '/team/info':
      return refuse(500, 'auth_error', pythonDict('error', CONNECT));
    case '/key/update':
      return facts.unknownKeyOnUpdate === 404
        ? raiseWrapped(500, 'Database not connected')
        : new Raised(null, 'Not connected to DB!');
    case '/key/delete':
      return new Raised(null, 'Not connected to DB!');
    case '/key/list':
      return refuse(500, 'internal_server_error', 'Authentication Error, Database not connected');
    case '/key/block':
    case '/key/unblock':
      return crash(facts);
    default:
      return new Raised(null, CONNECT);
  }
}

function hidden(path: string): Refused {
  const text = `Internal server error from ${path}. Details are in the proxy server logs.`;
  return refuse(500, 'internal_error', text, null);
}

function connectText(): string {
  return 'Connect Proxy to database to generate keys - https://docs.litellm.ai/docs/proxy/virtual_keys ';
}

function notConnected(facts: Facts): string {
  const advice =
    facts.missingDatabase === 'advice'
      ? ' This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it.'
      : '';
  return `DB not connected.${advice} See https://docs.litellm.ai/docs/proxy/virtual_keys`;
}

const LOST = 'All connection attempts failed';

function away(server: Server, path: string): Refused | Raised {
  const { facts } = server;
  const told = facts.databaseDownToKeys === 'told';
  switch (path) {
    case '/key/list':
      return told ? refuse(500, 'internal_server_error', `Authentication Error, ${LOST}`) : databaseDown(server);
    case '/key/update':
      return told ? new Raised(null, LOST) : databaseDown(server);
    case '/key/info':
      return facts.infoWithoutDatabase === 'hidden' ? hidden(path) : new Raised(null, LOST);
    case '/key/generate':
    case '/key/delete':
    case '/user/info':
    case '/user/update':
      return new Raised(null, LOST);
    case '/team/update':
      return facts.teamUpdateErrors === 'plain' ? crash(facts) : new Raised(null, LOST);
    default:
      return facts.databaseDown === 'unavailable' ? databaseDown(server) : crash(facts);
  }
}
