/** Where it is measured: the server of LITELLM_BASE_URL and LITELLM_MASTER_KEY, else a sandbox in a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject, parseJson } from '../../src/base/json.ts';
import { succeed, type Program, type Spent } from './process.ts';

export type Place = { readonly name: string; readonly url: string; readonly masterKey: string };

export const VKEYS = fileURLToPath(new URL('../../bin/vkeys.js', import.meta.url));

/** Runs `measure` there. */
export async function withPlace<T>(measure: (place: Place) => Promise<T>): Promise<T> {
  const { LITELLM_BASE_URL: url = '', LITELLM_MASTER_KEY: masterKey = '' } = process.env;
  if (url !== '' && masterKey !== '') return measure({ name: await nameOf(url), url, masterKey });
  const sandbox = spawn(process.execPath, [VKEYS, 'sandbox', '--port', '0', '-o', 'json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const line = await new Promise<string>((resolve, reject) => {
      sandbox.once('exit', (code) => reject(new Error(`the sandbox ended with ${String(code)}`)));
      sandbox.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    });
    const told = parseJson(line);
    const { url: address, master_key } = isObject(told) ? told : {};
    if (typeof address !== 'string' || typeof master_key !== 'string') throw new Error(`the sandbox said ${line}`);
    return await measure({ name: 'the sandbox', url: address, masterKey: master_key });
  } finally {
    sandbox.kill();
  }
}

async function nameOf(url: string): Promise<string> {
  const version = process.env['LITELLM_VERSION'];
  if (version !== undefined) return `LiteLLM ${version}`;
  const said = parseJson(await (await fetch(`${url}/health/readiness`)).text());
  const told = isObject(said) ? said['litellm_version'] : undefined;
  return typeof told === 'string' ? `LiteLLM ${told}` : 'LiteLLM';
}

/** A user's empty folder with a spec and a keyring of its own. */
export type Desk = {
  /** Writes the spec's text. */
  wants(spec: string): void;
  /** Runs the program to its end, which is to be 0. */
  vkeys(argv: readonly string[], options?: Pick<Program, 'weigh'>): Promise<Spent>;
  clear(): void;
};

export function makeDesk({ url, masterKey }: Place): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-bench-'));
  const env = { LITELLM_BASE_URL: url, LITELLM_MASTER_KEY: masterKey, XDG_STATE_HOME: join(folder, 'state') };
  return {
    wants: (spec) => writeFileSync(join(folder, 'spec.yaml'), spec, { mode: 0o600 }),
    vkeys: (argv, options) => succeed({ ...options, argv: [VKEYS, ...argv], cwd: folder, env }),
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A workshop of so many keys, with a hand-out for each. */
export function workshop(set: string, count: number, max_budget: number): string {
  return `version: 1
set: ${set}
defaults: { duration: 1d, max_budget: ${String(max_budget)}, tpm_limit: 10000 }
keys:
  - key_alias: ${set}
    roster: { count: ${String(count)}, prefix: participant }
deliver:
  - dotenv: secrets/{key_alias}.env
  - csv: keys.csv
`;
}
