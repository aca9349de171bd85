/** Several runs that write one file at the same moment, as processes of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { folder } from './handouts.ts';

const [ROUNDS, RUNS, ROWS] = [20, 3, 60];

/** Puts its rows when it is told to, then says so; `gone`: takes them away. */
const WORKER = `
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { delivererFor } from './src/run/deliver.ts';
import { Secret } from './src/base/secret.ts';
const [folder, who, rows] = process.argv.slice(2);
const isAlive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
const world = {
  env: {}, folders: { home: null }, self: { pid: process.pid, host: hostname(), command: 'test' }, isAlive, every: () => () => undefined, stop: new AbortController().signal,
  sleep: (wait, signal) => setTimeout(wait, undefined, { signal }),
};
const deliver = [
  { to: 'csv', path: folder + '/keys.csv' },
  { to: 'json', path: folder + '/keys.json' },
  { to: 'dotenv', path: folder + '/.env', variables: { '{KEY_ALIAS}_KEY': '{key}', OPENAI_BASE_URL: '{api_base_url}' } },
];
const deliverer = delivererFor({ set: who, publicUrl: null, deliver }, 'https://litellm.example.com', { world, hear: () => undefined }, false);
const keys = Array.from({ length: Number(rows) }, (_, row) => {
  const key_alias = who + '-' + row;
  const secret = new Secret(('sk-' + key_alias).padEnd(46, 'x'));
  const desired = { ref: { kind: 'key', name: key_alias }, user: null, placeholders: { key_alias }, settings: {} };
  return { desired, live: { id: secret.hash(), expires: null, settings: {} }, secret, places: [] };
});
process.stdout.write('ready\\n');
for await (const line of createInterface(process.stdin)) {
  const { failed } = line === 'put'
    ? await deliverer.put(keys)
    : await deliverer.remove(keys.map(({ desired, live }) => ({ key_id: live.id, name: desired.ref.name, desired, places: [] })));
  process.stdout.write([...new Set([...failed.values()].map(({ message }) => message))].join(' ') + '\\n');
}
`;

test(`${String(RUNS)} runs that put ${String(ROWS)} keys each into one CSV, JSON and .env lose none, ${String(ROUNDS)} times`, async () => {
  const at = await folder();
  const worker = join(at, 'worker.mjs');
  const { outputFiles } = buildSync({
    stdin: { contents: WORKER, resolveDir: join(import.meta.dirname, '../..'), loader: 'ts' },
    bundle: true,
    external: ['@napi-rs/keyring'],
    platform: 'node',
    format: 'esm',
    write: false,
  });
  writeFileSync(worker, outputFiles[0]?.text ?? '');
  const runs = Array.from({ length: RUNS }, (_, index) => {
    const child = spawn(process.execPath, [worker, at, `run${String(index)}`, String(ROWS)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  });
  const answer = async (child: (typeof runs)[number]): Promise<string> =>
    String(await once(child.stdout, 'data')).trim();
  const all = (line: string): Promise<readonly string[]> =>
    Promise.all(
      runs.map((child) => {
        const said = answer(child);
        child.stdin.write(`${line}\n`);
        return said;
      }),
    );
  expect(await Promise.all(runs.map(answer))).toEqual(runs.map(() => 'ready'));
  const wanted = runs.flatMap((_, index) =>
    Array.from({ length: ROWS }, (__, row) => `run${String(index)}-${String(row)}`),
  );
  const files = ['keys.csv', 'keys.json', '.env'].map((name) => join(at, name));
  for (let round = 0; round < ROUNDS; round += 1) {
    expect(await all('put')).toEqual(runs.map(() => ''));
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      expect(wanted.filter((alias) => !text.includes(`sk-${alias}x`))).toEqual([]);
    }
    if (round % 2 === 0) for (const file of files) rmSync(file);
    else {
      expect(await all('remove')).toEqual(runs.map(() => ''));
      for (const file of files) expect(() => readFileSync(file)).toThrow('ENOENT');
    }
  }
});
