/** Keys that somebody deleted are asked about once: not again when vkeys deleted those that came after them. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { documentIn } from '../support/document.ts';
import { othersIn } from '../support/others.ts';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];

async function homeWithKeys(): Promise<Home> {
  const home = makeHome();
  onTestFinished(() => rmSync(home.folder, { recursive: true, force: true }));
  const keys = NAMES.map((key_alias) => ({ key_alias }));
  writeFileSync(join(home.folder, 'ws.json'), JSON.stringify({ set: 'ws', keys }));
  writeFileSync(join(home.folder, 'none.json'), JSON.stringify({ set: 'ws', keys: [] }));
  const absent = keys.map((key) => ({ ...key, state: 'absent' }));
  writeFileSync(join(home.folder, 'absent.json'), JSON.stringify({ set: 'ws', keys: absent }));
  expect(await home.vkeys('apply -f ws.json')).toMatchObject({ code: 0 });
  home.server.clock.pass(60_000);
  return home;
}

/** Somebody deletes these past vkeys. */
function vanish({ sandbox }: Home, names: readonly string[]): void {
  const headers = { authorization: `Bearer ${MASTER_KEY}` };
  const body = JSON.stringify({ key_aliases: names });
  expect(sandbox.handle({ method: 'POST', path: '/key/delete', headers, body }).status).toBe(200);
}

it.each([
  ['delete -f', 'all', ['apply -f ws.json --recreate', 'delete -f ws.json --yes']],
  ['delete by name', 'all', ['apply -f ws.json --recreate', 'delete a b c d e --yes']],
  ['--prune', 'all', ['apply -f ws.json --recreate', 'apply -f none.json --prune --yes --max-deletions 100%']],
  ['state: absent', 'all', ['apply -f ws.json --recreate', 'apply -f absent.json --yes']],
  ['delete -f, few', 'few', ['apply -f ws.json', 'delete -f ws.json --yes']],
  ['delete -f, when none was there any more', 'all', ['delete -f ws.json --yes']],
])('after %s (%s vanished), apply has nothing to ask', async (_, count, lines) => {
  const home = await homeWithKeys();
  vanish(home, count === 'all' ? NAMES : NAMES.slice(0, 2));
  if (count === 'all') expect(await home.vkeys('apply -f ws.json')).toMatchObject({ code: 6 });
  for (const line of lines) expect(await home.vkeys(line)).toMatchObject({ code: 0 });
  home.server.clock.pass(60_000);
  const { code, stdout } = await home.vkeys('apply -f ws.json -o json');
  expect([code, documentIn(stdout).summary]).toMatchObject([0, { create: 5 }]);
  home.server.clock.pass(60_000);
  vanish(home, NAMES);
  expect(await home.vkeys('apply -f ws.json')).toMatchObject({ code: 6 });
});

it('that hundreds are gone costs five requests to find out, beside thousands of others', async () => {
  const home = makeHome();
  onTestFinished(() => rmSync(home.folder, { recursive: true, force: true }));
  await othersIn(home.sandbox).fill(3000);
  const spec = { set: 'ws', keys: [{ key_alias: 'ws', roster: { count: 300 } }] };
  writeFileSync(join(home.folder, 'ws.json'), JSON.stringify(spec));
  expect(await home.vkeys('apply -f ws.json --yes')).toMatchObject({ code: 0 });
  vanish(
    home,
    Array.from({ length: 300 }, (_, index) => `ws-user${String(index + 1)}`),
  );
  home.server.clock.pass(60_000);
  for (const line of ['plan -f ws.json', 'apply -f ws.json --yes']) {
    const { code, requests, stdout, stderr } = await home.vkeys(line);
    expect([code, requests.length <= 5], stdout + stderr + requests.join('\n')).toEqual([6, true]);
  }
});
