import { newRow } from './columns.ts';
import { respondTogether } from './overlap.ts';
import { respond, type SandboxRequest, type SandboxResponse } from './respond.ts';
import type { Database, Row, Server, SandboxSettings } from './state.ts';
import { versionFacts, NEWEST, type SandboxVersion } from './versions.ts';

/** `masterKey` is `sk-sandbox` and the login `admin` with that key unless they are given; `now` also dates the answers. */
export type SandboxOptions = Partial<SandboxSettings> & {
  readonly version?: SandboxVersion;
  readonly now: () => Date;
  readonly database?: Database;
  /** Told in each answer, so that what is known of it ends with it; without one it is taken for a server that lasts. */
  readonly id?: string;
};

export type Sandbox = {
  readonly version: SandboxVersion;
  readonly handle: (request: SandboxRequest) => SandboxResponse;
  /** Answers requests that all arrive before the first is carried out. */
  readonly together: (requests: readonly SandboxRequest[]) => SandboxResponse[];
  /** Takes the database away, or gives it back. */
  readonly setDatabase: (database: Database) => void;
  /** Answers from the state as it is now, whatever changes later: what a backup or a replica that lags has. */
  readonly freeze: () => Sandbox['handle'];
  /** Writes columns of a key's row, or of a new one with this hash, as who has the database could; null takes it away. */
  readonly writeRow: (hash: string, columns: Row | null) => void;
};

/** A LiteLLM proxy in memory: no licence, three models with canned answers, and the traps of the chosen version. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const server = createServer(options);
  const signed = (response: SandboxResponse): SandboxResponse => {
    if (options.id === undefined) return response;
    return { ...response, headers: { ...response.headers, 'x-vkeys-sandbox': options.id } };
  };
  return {
    version: server.version,
    handle: (request) => signed(respond(server, request)),
    together: (requests) => respondTogether(server, requests).map(signed),
    setDatabase: (database) => {
      server.database = database;
    },
    freeze: () => {
      const frozen = copyOf(server);
      return (request) => respond(frozen, request);
    },
    writeRow: (hash, columns) => {
      if (columns === null) {
        server.keys.delete(hash);
        return;
      }
      const row = server.keys.get(hash) ?? { ...newRow(server.version, '', server.now().toISOString()), token: hash };
      server.keys.set(hash, Object.assign(row, columns));
    },
  };
}

/** Rows are only ever changed by their columns, so a copy of each is enough. */
function copyOf(server: Server): Server {
  const rowsOf = <R extends Row>(rows: ReadonlyMap<string, R>): Map<string, R> =>
    new Map([...rows].map(([id, row]) => [id, { ...row }]));
  return {
    ...server,
    keys: rowsOf(server.keys),
    deleted: [...server.deleted],
    teams: rowsOf(server.teams),
    users: rowsOf(server.users),
    budgets: rowsOf(server.budgets),
    memberships: rowsOf(server.memberships),
    deletedTeams: [...server.deletedTeams],
    beliefs: new Map(server.beliefs),
    seen: new Map(server.seen),
    calls: new Map(server.calls),
    counted: [...server.counted],
  };
}

function createServer(options: SandboxOptions): Server {
  const { version = NEWEST, masterKey = 'sk-sandbox' } = options;
  return {
    version,
    facts: versionFacts(version),
    now: options.now,
    settings: {
      masterKey,
      models: options.models ?? ['gpt-4o-mini', 'claude-sonnet', 'llama-3-8b'],
      login: options.login ?? { username: 'admin', password: masterKey },
      openshiftTokens: options.openshiftTokens ?? [],
      keyDefaults: options.keyDefaults ?? {},
      upperBounds: options.upperBounds ?? {},
      checkAliasFormat: options.checkAliasFormat ?? false,
      disableCustomKeys: options.disableCustomKeys ?? false,
    },
    keys: new Map(),
    deleted: [],
    teams: new Map(),
    users: new Map(),
    budgets: new Map(),
    memberships: new Map(),
    deletedTeams: [],
    beliefs: new Map(),
    seen: new Map(),
    overlap: null,
    calls: new Map(),
    counted: [],
    database: options.database ?? 'connected',
  };
}
