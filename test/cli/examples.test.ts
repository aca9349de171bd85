import { execFile } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import { makeHome } from '../support/run.ts';

const folder = new URL('../../examples/', import.meta.url);
const specs = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe.each(specs)('examples/%s', (name) => {
  it('is applied, and a second plan is empty', async () => {
    const home = makeHome();
    cpSync(folder, home.folder, { recursive: true });
    const applied = await home.vkeys(`apply -f ${name} --no-model-check -o json`);
    expect({ code: applied.code, stderr: applied.stderr }).toEqual({ code: 0, stderr: '' });
    const plan = await home.vkeys(`plan -f ${name} --no-model-check -o json`);
    const { changed, keys } = documentIn(plan.stdout);
    expect([changed, keys.filter(({ action }) => action !== 'noop')]).toEqual([false, []]);
    expect((await home.vkeys(`plan -f ${name} --exit-code`)).code).toBe(0);
  });

  it('is taken away again, hand-outs and secrets too', async () => {
    const home = makeHome();
    cpSync(folder, home.folder, { recursive: true });
    await home.vkeys(`apply -f ${name} --no-model-check`);
    const { code } = await home.vkeys(`delete -f ${name} --yes`);
    expect(code).toBe(0);
    expect((await home.vkeys('list')).stdout).toBe('');
    const left = readdirSync(home.folder, { recursive: true, encoding: 'utf8' });
    expect(left.filter((path) => path.endsWith('.env') || path.endsWith('.jsonl'))).toEqual([]);
  });
});

it('npm run demo goes through, and warns of nothing', { timeout: 120_000 }, async () => {
  const demo = fileURLToPath(new URL('demo.mjs', folder));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [demo]);
  expect(stdout).toContain('That was all of it.');
  expect(stdout + stderr).not.toMatch(/notice:|warning:|loopback/);
});

it('--sandbox hands nothing out, so it says nothing of addresses', async () => {
  const home = makeHome();
  cpSync(folder, home.folder, { recursive: true });
  for (const command of ['plan', 'apply']) {
    const { code, stdout } = await home.vkeys(`${command} -f workshop.yaml --sandbox`);
    expect([code, stdout.includes('notice:')]).toEqual([0, false]);
  }
});
