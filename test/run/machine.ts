/** A user's machine for tests of `run/`: a `World` and plain options, and no command line. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import type { Spec } from '../../src/model/spec.ts';
import { applySpecs, type Ran, type Review } from '../../src/run/apply.ts';
import { keyringState } from '../../src/run/keyrings.ts';
import type { KeyringState } from '../../src/model/keyring.ts';
import type { Context } from '../../src/run/open.ts';
import type { RunOptions } from '../../src/run/options.ts';
import { planSpecs, type RunPlan } from '../../src/run/plan.ts';
import type { World } from '../../src/run/world.ts';
import { adhoc } from '../../src/run/single.ts';
import { desired, mint } from '../support/make.ts';
import { makeServer, MASTER_KEY, type TestServer } from '../support/server.ts';

export const URL_HERE = 'http://litellm.test';

const OPTIONS: RunOptions = {
  timeout: 1000,
  concurrency: 8,
  header: {},
  prune: false,
  adopt: false,
  recreate: false,
  scan: false,
  only: () => true,
  cascade: false,
  maxDeletions: null,
  modelCheck: true,
};

export type Machine = {
  readonly folder: string;
  /** `POST /key/generate` and the like, of the last run. */
  readonly requests: readonly string[];
  apply(specs: readonly Spec[], options?: Partial<RunOptions>, review?: Review): Promise<Ran>;
  plan(specs: readonly Spec[], options?: Partial<RunOptions>): Promise<RunPlan>;
  /** What the set's keyring knows. */
  keyring(set: string): Promise<KeyringState>;
  context(options?: Partial<RunOptions>): Context<RunOptions>;
};

export type MachineOptions = {
  /** The server that answers; asked anew for each request, so that another may stand behind the same address. */
  readonly server?: () => TestServer;
  readonly wrap?: (fetch: Fetch) => Fetch;
  readonly world?: Partial<World>;
};

export function makeMachine({ server = one(makeServer()), wrap, world = {} }: MachineOptions = {}): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-run-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const requests: string[] = [];
  const direct: Fetch = (url, init) => {
    requests.push(`${init.method} ${new URL(url).pathname}`);
    return server().fetch(url, init);
  };
  const fetch = wrap?.(direct) ?? direct;
  const context = (options: Partial<RunOptions> = {}): Context<RunOptions> => ({
    options: { ...OPTIONS, ...options },
    hear: () => undefined,
    world: {
      env: { LITELLM_BASE_URL: URL_HERE, LITELLM_MASTER_KEY: MASTER_KEY },
      cwd: folder,
      stdin: { read: () => Promise.resolve('') },
      folders: { state: join(folder, 'state'), config: join(folder, 'config'), home: folder },
      self: { pid: process.pid, host: 'test', command: '' },
      user: () => 'tester',
      isAlive: () => true,
      now: () => server().clock.now(),
      random: () => 0,
      randomBytes: () => Buffer.from(mint().hash().slice(0, 64), 'hex'),
      sleep: (milliseconds, signal) => server().clock.sleep(milliseconds, signal),
      every: () => () => undefined,
      stop: new AbortController().signal,
      abort: new AbortController().signal,
      transport: () => Promise.resolve({ fetch, close: () => Promise.resolve() }),
      attach: () => Promise.reject(new Error('no command is run here')),
      run: () => Promise.resolve({ exitCode: null, stdout: '', stderr: '' }),
      ...world,
    },
  });
  return {
    folder,
    requests,
    context,
    apply: (specs, options, review) => {
      requests.length = 0;
      return applySpecs(context(options), specs, review);
    },
    plan: (specs, options) => {
      requests.length = 0;
      return planSpecs(context(options), specs);
    },
    keyring: (set) => keyringState(context().world, {}, { server: URL_HERE, set }),
  };
}

export function one(server: TestServer): () => TestServer {
  return () => server;
}

/** A spec of keys; `desired` beats the names. */
export function spec(set: string, names: readonly string[], more: Partial<Spec> = {}): Spec {
  return { ...adhoc(set), desired: names.map((name) => desired({ name })), ...more };
}

export function keysOf(ran: Ran): readonly string[] {
  return ran.report.sets.flatMap(({ outcomes }) =>
    outcomes.map(({ change, status }) => `${change.action} ${change.ref.name} ${status}`),
  );
}

export function changesIn(requests: readonly string[]): readonly string[] {
  return requests.filter((request) => request.startsWith('POST') && !request.endsWith('/v2/key/info'));
}
