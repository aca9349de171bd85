/** Runs a command line in this process against a sandbox: argv in, what a user would see out. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { run } from '../../src/cli/program.ts';
import type { Output, World } from '../../src/run/world.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { sandboxFetch } from '../../src/sandbox/port.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { Secret } from '../../src/base/secret.ts';

export const MASTER_KEY = 'sk-sandbox-master';
export const NOW = new Date('2026-11-21T10:00:00.000Z');

export type Seen = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** `POST /key/generate`, in the order in which they were sent. */
  readonly requests: readonly string[];
};

export type Home = {
  readonly folder: string;
  readonly sandbox: Sandbox;
  /** Every secret that was minted here. */
  readonly minted: readonly Secret[];
  readonly vkeys: (argv: string | readonly string[], world?: Partial<World>) => Promise<Seen>;
};

export type HomeOptions = {
  readonly sandbox?: Sandbox;
  /** Stands between the client and the sandbox. */
  readonly wrap?: (fetch: Fetch) => Fetch;
  readonly now?: () => Date;
  readonly folder?: string;
  /** Secrets are made from it: two homes on one server need two. */
  readonly seed?: string;
};

/** An empty folder with a keyring of its own, and a sandbox with the master key in the environment. */
export function makeHome(options: HomeOptions = {}): Home {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'vkeys-test-'));
  const now = options.now ?? (() => NOW);
  const sandbox = options.sandbox ?? createSandbox({ now, masterKey: MASTER_KEY });
  const minted: Secret[] = [];
  return {
    folder,
    sandbox,
    minted,
    vkeys: async (argv, changes = {}) => {
      const requests: string[] = [];
      const direct = sandboxFetch(sandbox);
      const wrapped = options.wrap?.(direct) ?? direct;
      const fetch: Fetch = (url, init) => {
        requests.push(`${init.method} ${new URL(url).pathname}`);
        return wrapped(url, init);
      };
      const out = memoryOutput();
      const err = memoryOutput();
      const world: World = {
        env: { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: MASTER_KEY },
        cwd: folder,
        stdin: { isTTY: false, read: () => Promise.resolve('') },
        stdout: out.output,
        stderr: err.output,
        folders: { state: join(folder, 'state'), config: join(folder, 'config') },
        self: { pid: process.pid, host: 'test' },
        isAlive: () => true,
        now,
        random: () => 0,
        randomBytes: () => {
          const bytes = createHash('sha256')
            .update(`${options.seed ?? 'home'} ${String(minted.length)}`)
            .digest();
          minted.push(new Secret(`sk-${bytes.toString('base64url')}`));
          return bytes;
        },
        sleep: () => Promise.resolve(),
        stop: new AbortController().signal,
        abort: new AbortController().signal,
        ask: () => Promise.reject(new Error('nobody is at the terminal')),
        askSecret: () => Promise.reject(new Error('nobody is at the terminal')),
        transport: () => Promise.resolve({ fetch, close: () => Promise.resolve() }),
        run: () => Promise.resolve({ exitCode: null, stdout: '', stderr: '' }),
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
