import { expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { readTeams } from '../../src/litellm/team-bounds.ts';
import { answer, connectionTo, MASTER_KEY } from './ground.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const ROW = { team_id: 't1', team_alias: 'lab', models: ['m'], max_budget: 5, rpm_limit: 6, spend: 1.5, blocked: true };
const BOUNDS = { ...ROW, tpm_limit: null };
const NOTHING = { team_id: 't1', team_alias: null, models: [], max_budget: null, tpm_limit: null, rpm_limit: null };
const NOT_FOUND = { error: { message: "{'message': 'Team not found, passed team id: t1.'}", type: 'auth_error' } };

/** What a server has of the team `t1` that answers so. */
async function read(list: readonly [number, Json], info: readonly [number, Json] = [404, { detail: 'Not Found' }]) {
  const connection = connectionTo(
    'http://litellm.test',
    MASTER_KEY,
    (url) => Promise.resolve(answer(...(url.includes('/v2/') ? list : info))),
    () => NOW,
  );
  return [...(await readTeams(connection, ['t1']))];
}

it.each<[string, Parameters<typeof read>, unknown]>([
  ['a row of a list', [[200, { teams: [{ team_id: 't0' }, ROW] }]], [['t1', BOUNDS]]],
  ['none', [[200, { teams: [{ team_id: 't0' }] }]], [['t1', null]]],
  ['something else', [[200, []]], []],
  [
    'an older server’s',
    [
      [404, {}],
      [200, { team_info: ROW }],
    ],
    [['t1', BOUNDS]],
  ],
  [
    'an older server’s none',
    [
      [404, {}],
      [404, NOT_FOUND],
    ],
    [['t1', null]],
  ],
  [
    'an older server’s something else',
    [
      [404, {}],
      [200, {}],
    ],
    [],
  ],
  ['no such path', [[404, {}]], []],
  [
    'a refusal',
    [
      [403, {}],
      [403, { detail: 'no' }],
    ],
    [],
  ],
  ['hardly a row', [[200, { teams: [{ team_id: 't1' }] }]], [['t1', { ...NOTHING, spend: 0, blocked: false }]]],
])('reads %s', async (_, answers, teams) => {
  expect(await read(...answers)).toEqual(teams);
});

it.each<[string, Json, readonly string[]]>([
  ['are added', { models: ['m'], access_group_ids: ['g'], access_group_models: ['n'] }, ['m', 'n']],
  ['that are not told may be any', { models: ['m'], access_group_ids: ['g'], access_group_models: null }, []],
  ['add nothing to all', { models: [], access_group_ids: ['g'], access_group_models: ['n'] }, []],
])('the models of its access groups %s', async (_, row, models) => {
  const teams = await read([200, { teams: [{ ...(row as object), team_id: 't1' }] }]);
  expect(teams).toEqual([['t1', expect.objectContaining({ models })]]);
});

it('throws what is no answer', async () => {
  const broken = connectionTo(
    'http://litellm.test',
    MASTER_KEY,
    (url) => {
      if (url.includes('/v2/')) return Promise.resolve(answer(404, {}));
      return Promise.resolve({ ...answer(200, {}), text: () => Promise.resolve('<html>') });
    },
    () => NOW,
  );
  await expect(readTeams(broken, ['t1'])).rejects.toMatchObject({ kind: 'protocol' });
});
