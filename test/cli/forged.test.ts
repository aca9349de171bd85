/** Marks that somebody wrote who may edit metadata: no secret goes to another's file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { makeServer } from '../support/server.ts';
import { makeSetsHome, type SetsHome } from '../support/sets.ts';

const SPEC = {
  set: 'lab',
  keys: ['ada', 'mal'].map((user) => ({ key_alias: `lab-${user}`, user_id: user, previously: `old-${user}` })),
  deliver: [{ dotenv: { path: 'out/{each_user}.env' } }],
};
const APPLY = 'apply -f spec.yaml --yes';

const handed = ({ folder }: SetsHome): readonly (string | undefined)[] =>
  ['ada', 'mal'].map((user) => /sk-[\w-]+/.exec(readFileSync(join(folder, 'out', `${user}.env`), 'utf8'))?.[0]);

it.each(SANDBOX_VERSIONS)('swapped marks are swapped back on %s', async (version) => {
  const home = makeSetsHome({ server: makeServer({ version }) });
  home.wants(SPEC);
  await home.vkeys(APPLY);
  const before = handed(home);
  const [ada = '', mal = ''] = home.minted.map((secret) => secret.hash());
  home.sandbox.writeRow(ada, { metadata: { vkeys: { set: 'lab', name: 'lab-mal' } } });
  home.sandbox.writeRow(mal, { metadata: { vkeys: { set: 'lab', name: 'lab-ada' } } });
  expect((await home.vkeys(APPLY)).code).toBe(0);
  expect(handed(home)).toEqual(before);
  expect((await home.vkeys('plan -f spec.yaml --exit-code')).code).toBe(0);
  const owners = new Map([...(await home.keys())].map(([alias, { user_id }]) => [alias, user_id]));
  expect(Object.fromEntries(owners)).toEqual({ 'lab-ada': 'ada', 'lab-mal': 'mal' });
});

it('a key that is marked with the name of one that was deleted stays whose it is', async () => {
  const home = makeSetsHome();
  home.wants(SPEC);
  await home.vkeys(APPLY);
  const [adas] = handed(home);
  const [ada = '', mal = ''] = home.minted.map((secret) => secret.hash());
  await home.vkeys(`delete ${mal} --yes`);
  home.sandbox.writeRow(ada, { metadata: { vkeys: { set: 'lab', name: 'lab-mal' } } });
  expect((await home.vkeys(APPLY)).code).toBe(0);
  const [hers, his] = handed(home);
  expect([hers, his === adas]).toEqual([adas, false]);
});

it('what another machine renamed, as the spec says, is called so here, too', async () => {
  const server = makeServer();
  const [home, other] = [makeSetsHome({ server }), makeSetsHome({ server, seed: 'other' })];
  home.wants({ set: 'lab', keys: [{ key_alias: 'a' }] });
  await home.vkeys(APPLY);
  const renamed = { set: 'lab', keys: [{ key_alias: 'b', previously: 'a' }] };
  other.wants(renamed);
  await other.vkeys(APPLY);
  home.wants(renamed);
  expect((await home.vkeys('plan -f spec.yaml')).stdout).toContain('1 key is as the spec says.');
});
