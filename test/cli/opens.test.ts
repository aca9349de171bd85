/** A workshop's window: its keys are made closed, handed out, and opened by the first apply after a moment. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import { after } from '../support/make.ts';
import { makeHome, type Home } from '../support/run.ts';

const HOUR = 3600;
const SPEC = `set: lab
defaults: { opens: '${after(HOUR)}' }
keys:
  - { key_alias: ada, max_budget: 5 }
  - { key_alias: bob, blocked: false }
  - { key_alias: eve, opens: null }
deliver: [{ dotenv: 'out/{key_alias}.env' }]
`;

async function labHome(text = SPEC): Promise<Home> {
  const home = makeHome();
  writeFileSync(join(home.folder, 'lab.yaml'), text);
  expect(await home.vkeys('apply -f lab.yaml')).toMatchObject({ code: 0, stderr: '' });
  return home;
}

async function statuses({ vkeys }: Home): Promise<unknown> {
  const { keys } = documentIn((await vkeys('list --set lab -o json')).stdout);
  return Object.fromEntries(keys.map(({ key_alias, status }) => [key_alias, status]));
}

it('keys are closed and handed out, and opened when it is time, once', async () => {
  const home = await labHome();
  expect(await statuses(home)).toEqual({ ada: 'blocked', bob: 'blocked', eve: 'active' });
  expect(existsSync(join(home.folder, 'out/ada.env'))).toBe(true);
  const early = await home.vkeys('plan -f lab.yaml --exit-code');
  expect(early).toMatchObject({ code: 0, stdout: expect.stringContaining(`ada, bob: Opens ${after(HOUR)}`) });
  home.server.clock.pass(2 * HOUR * 1000);
  const due = await home.vkeys('plan -f lab.yaml --exit-code');
  expect(due).toMatchObject({ code: 2, stdout: expect.stringContaining('2 to update') });
  expect(await home.vkeys('apply -f lab.yaml')).toMatchObject({ code: 0 });
  expect(await statuses(home)).toEqual({ ada: 'active', bob: 'active', eve: 'active' });
  await home.vkeys('block ada bob');
  expect(await home.vkeys('apply -f lab.yaml')).toMatchObject({ code: 0 });
  expect(await statuses(home)).toEqual({ ada: 'blocked', bob: 'active', eve: 'active' });
});

it('an update by hand leaves a key closed', async () => {
  const home = await labHome();
  await home.vkeys('update ada --metadata team=red');
  await home.vkeys('raise ada --max-budget +5');
  expect((await home.vkeys('plan -f lab.yaml')).stdout).toContain('ada, bob: Opens');
  writeFileSync(join(home.folder, 'lab.yaml'), SPEC.replace('key_alias: ada', 'key_alias: ida, previously: ada'));
  expect(await home.vkeys('apply -f lab.yaml')).toMatchObject({ code: 0 });
  expect(await statuses(home)).toMatchObject({ ida: 'blocked' });
  home.server.clock.pass(2 * HOUR * 1000);
  await home.vkeys('apply -f lab.yaml');
  expect(await statuses(home)).toMatchObject({ ida: 'active' });
});

it('open opens at once what is closed, and no apply closes it again', async () => {
  const home = await labHome();
  await home.vkeys('block eve');
  const { code, stdout } = await home.vkeys('open -f lab.yaml');
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('eve: Somebody blocked it.') });
  expect(await statuses(home)).toEqual({ ada: 'active', bob: 'active', eve: 'blocked' });
  expect((await home.vkeys('open -f lab.yaml')).requests).not.toContain('POST /key/update');
  const again = await home.vkeys('apply -f lab.yaml');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Is open already') });
  expect(await statuses(home)).toEqual({ ada: 'active', bob: 'active', eve: 'blocked' });
});

it('unblock opens, too', async () => {
  const home = await labHome();
  await home.vkeys('unblock ada');
  await home.vkeys('apply -f lab.yaml');
  expect(await statuses(home)).toMatchObject({ ada: 'active', bob: 'blocked' });
});

it('a day is meant from its beginning, in the zone of the spec', async () => {
  const text = 'set: lab\ntime_zone: Europe/Berlin\nkeys: [{ key_alias: ada, opens: 2026-12-11 }]\n';
  const home = await labHome(text);
  expect((await home.vkeys('plan -f lab.yaml')).stdout).toContain('Opens 2026-12-10T23:00:00.000Z');
  writeFileSync(join(home.folder, 'lab.yaml'), text.replace('time_zone: Europe/Berlin\n', ''));
  const wrong = await home.vkeys('validate -f lab.yaml');
  expect(wrong).toMatchObject({ code: 3, stderr: expect.stringContaining('opens "2026-12-11" has no time zone') });
});
