/** Runs a command line in this process against a sandbox: argv in, what a user would see out. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { attachProgram } from '../../src/auth/attach.ts';
import { run } from '../../src/cli/program.ts';
import type { Console, Output } from '../../src/cli/console.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { Secret } from '../../src/base/secret.ts';
import { ahead } from './clock.ts';
import { makeServer, MASTER_KEY, type TestServer } from './server.ts';

export { MASTER_KEY } from './server.ts';

export type Seen = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** `POST /key/generate`, in the order in which they were sent. */
  readonly requests: readonly string[];
};

export type Home = {
  readonly folder: string;
  readonly server: TestServer;
  readonly sandbox: Sandbox;
  /** Every secret that was minted here. */
  readonly minted: readonly Secret[];
  readonly vkeys: (argv: string | readonly string[], world?: Partial<Console>) => Promise<Seen>;
};

export type HomeOptions = {
  /** Another home's, or one with other settings. */
  readonly server?: TestServer;
  /** Stands between the client and the server. */
  readonly wrap?: (fetch: Fetch) => Fetch;
  /** Milliseconds by which this machine's clock is ahead of the server's. */
  readonly ahead?: number;
  /** This machine's clock, for a server that is not in memory. */
  readonly now?: () => Date;
  readonly folder?: string;
  /** Secrets are made from it: two homes on one server need two. */
  readonly seed?: string;
};

/** An empty folder with a keyring of its own, and a sandbox with the master key in the environment. */
export function makeHome(options: HomeOptions = {}): Home {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'vkeys-test-'));
  const server = options.server ?? makeServer();
  const now = options.now ?? ahead(server.clock, options.ahead ?? 0);
  const minted: Secret[] = [];
  return {
    folder,
    server,
    sandbox: server.sandbox,
    minted,
    vkeys: async (argv, changes = {}) => {
      const requests: string[] = [];
      const wrapped = options.wrap?.(server.fetch) ?? server.fetch;
      const fetch: Fetch = (url, init) => {
        requests.push(`${init.method} ${new URL(url).pathname}`);
        return wrapped(url, init);
      };
      const out = memoryOutput();
      const err = memoryOutput();
      const world: Console = {
        env: { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: MASTER_KEY },
        cwd: folder,
        stdin: { isTTY: false, read: () => Promise.resolve('') },
        stdout: out.output,
        stderr: err.output,
        folders: { state: join(folder, 'state'), config: join(folder, 'config'), home: folder },
        self: { pid: process.pid, host: 'test', command: '' },
        user: () => 'tester',
        isAlive: () => true,
        now,
        random: () => 0,
        randomBytes: (count) => {
          const bytes = createHash('sha256')
            .update(`${options.seed ?? 'home'} ${String(minted.length)}`)
            .digest()
            .subarray(0, count);
          minted.push(new Secret(`sk-${bytes.toString('base64url')}`));
          return bytes;
        },
        sleep: server.clock.sleep,
        every: () => () => undefined,
        stop: new AbortController().signal,
        abort: new AbortController().signal,
        ask: () => Promise.reject(new Error('nobody is at the terminal')),
        askSecret: () => Promise.reject(new Error('nobody is at the terminal')),
        transport: () => Promise.resolve({ fetch, close: () => Promise.resolve() }),
        run: () => Promise.resolve({ exitCode: null, stdout: '', stderr: '' }),
        attach: (program) => attachProgram(program).ended,
        ...changes,
      };
      const code = await run(typeof argv === 'string' ? words(argv) : argv, world);
      return { code, stdout: out.text(), stderr: err.text(), requests };
    },
  };
}

function memoryOutput(): { readonly output: Output; text(): string } {
  const parts: string[] = [];
  return {
    output: { isTTY: false, columns: null, write: (text) => void parts.push(text) },
    text: () => parts.join(''),
  };
}

function words(line: string): readonly string[] {
  return line.split(/\s+/).filter((word) => word !== '');
}
