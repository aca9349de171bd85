/**
 * What the contract suite runs against: a real server where LITELLM_BASE_URL and LITELLM_MASTER_KEY name one, else the
 * sandbox, once for each version that it knows. `npm test` and `npm run coverage` never touch a server, whatever is set.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { startClock } from '../../src/base/clock.ts';
import { VkeysError } from '../../src/base/errors.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { startPace } from '../../src/litellm/http/pace.ts';
import type { Connection } from '../../src/litellm/http/request.ts';
import { readHealth } from '../../src/litellm/health.ts';
import { serverUrl } from '../../src/litellm/http/url.ts';
import { SANDBOX_VERSIONS, type SandboxVersion } from '../../src/sandbox/versions.ts';
import { Secret } from '../../src/base/secret.ts';
import { othersIn, othersOn, type Others } from '../support/others.ts';
import { makeServer, MASTER_KEY } from '../support/server.ts';

export type Target = {
  /** `LiteLLM 1.77.7` or `sandbox 1.77.7`. */
  readonly name: string;
  readonly version: string;
  readonly isReal: boolean;
  readonly url: string;
  readonly masterKey: string;
  readonly fetch: Fetch;
  readonly now: () => Date;
  /** Lets so many milliseconds pass, on the server's clock too. */
  readonly pass: (milliseconds: number) => Promise<void>;
  /** `null` where there is no quick way to fill the server. */
  readonly others: Others | null;
};

/** Scripts of npm that are not meant for a server. */
const OFFLINE: ReadonlySet<string> = new Set(['test', 'coverage', 'coverage:whole']);

export const targets: readonly Target[] = await findTargets(process.env);

/** The real server that is to be used; `null`: none. */
export function realServer(env: NodeJS.ProcessEnv): { readonly url: string; readonly masterKey: string } | null {
  const { LITELLM_BASE_URL: url = '', LITELLM_MASTER_KEY: masterKey = '', npm_lifecycle_event: script = '' } = env;
  return url === '' || masterKey === '' || OFFLINE.has(script) ? null : { url: serverUrl(url), masterKey };
}

async function findTargets(env: NodeJS.ProcessEnv): Promise<readonly Target[]> {
  const server = realServer(env);
  if (server === null) return SANDBOX_VERSIONS.map(inMemory);
  const real = { isReal: true, ...server, fetch: globalThis.fetch, now: () => new Date() };
  const version = env['LITELLM_VERSION'] ?? (await readHealth(connectionTo(real))).version;
  if (version == null) throw new Error(`${server.url} hides its version: set LITELLM_VERSION`);
  return [
    {
      ...real,
      name: `LiteLLM ${version}`,
      version,
      pass: (milliseconds) => delay(milliseconds),
      others: othersOn(version),
    },
  ];
}

function inMemory(version: SandboxVersion): Target {
  const { sandbox, clock, fetch } = makeServer({ version });
  return {
    name: `sandbox ${version}`,
    version,
    isReal: false,
    url: 'http://litellm.test',
    masterKey: MASTER_KEY,
    fetch,
    now: clock.now,
    pass: clock.sleep,
    others: othersIn(sandbox),
  };
}

/** The client's way to a target, with the master key or another. */
export function connectionTo(
  {
    url,
    masterKey,
    fetch,
    now,
    pass = (milliseconds) => delay(milliseconds),
  }: Pick<Target, 'url' | 'masterKey' | 'fetch' | 'now'> & Partial<Pick<Target, 'pass'>>,
  secret = new Secret(masterKey),
): Connection {
  return {
    url,
    fetch,
    secret,
    keyHeader: 'Authorization',
    headers: {},
    timeout: 30_000,
    signal: new AbortController().signal,
    stop: new AbortController().signal,
    now,
    clock: startClock(now),
    random: () => 0.5,
    sleep: pass,
    pace: startPace({ most: 32, now: () => now().getTime(), sleep: pass }),
    waiting: () => undefined,
    trace: () => undefined,
    refused: ({ message }) => new VkeysError('auth', message, 'Use another key.'),
  };
}
