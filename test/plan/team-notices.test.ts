import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { Settings } from '../../src/model/fields.ts';
import type { Deployment, TeamBounds } from '../../src/model/team-bounds.ts';
import { newModels } from '../../src/plan/models.ts';
import { mayDenyModels } from '../../src/plan/team-models.ts';
import { teamNotices } from '../../src/plan/team-notices.ts';
import { plannedTeams, teamIdsIn } from '../../src/plan/team.ts';
import { desired, live, plan } from '../support/make.ts';

const TEAM: TeamBounds = {
  team_id: 't1',
  team_alias: null,
  models: ['gpt-4o-mini', 'fast'],
  max_budget: 10,
  tpm_limit: null,
  rpm_limit: 60,
  spend: 3,
  blocked: false,
};
const OFFERED: readonly Deployment[] = [
  { name: 'gpt-4o-mini', groups: ['cheap'] },
  { name: 'mistral/small', groups: ['fast'] },
  { name: 'mistral/large', groups: ['slow'] },
];

function creation(settings: Settings): Change {
  const wanted = desired({ settings: { team_id: 't1', ...settings } });
  return { action: 'create', ref: wanted.ref, fields: [], takes: [], reason: null, desired: wanted, live: null };
}

function saidOf(change: Change, team: Partial<TeamBounds> | null = {}): readonly string[] {
  const teams = new Map([['t1', team === null ? null : { ...TEAM, ...team }]]);
  return teamNotices(plan([change]), teams, OFFERED).map(({ message, hint }) => `${message} ${String(hint)}`);
}

describe('a key of a team', () => {
  it.each<[string, Settings, Partial<TeamBounds> | null, readonly string[]]>([
    ['that lets it all', { models: ['gpt-4o-mini'], max_budget: 10, rpm_limit: 60, tpm_limit: 9 }, {}, []],
    ['whose models are those of the team', {}, {}, []],
    [
      'with a model that the team has not',
      { models: ['mistral/large'] },
      {},
      ['may not use mistral/large, so calls of it'],
    ],
    ['with several of them', { models: ['mistral/large', 'slow'] }, {}, ['mistral/large, slow, so calls of them are']],
    ['with a model of a group of the team', { models: ['mistral/small'] }, {}, []],
    ['with a group that has a model of the team', { models: ['cheap'] }, {}, []],
    ['with a group that has none', { models: ['slow'] }, {}, ['may not use slow']],
    ['with a name that the server does not offer', { models: ['ours/own'] }, {}, []],
    [
      'with a name of its own for another model',
      { models: ['mistral/large'], aliases: { 'mistral/large': 'x' } },
      {},
      [],
    ],
    ['with a pattern, and all of the team', { models: ['mistral/*', 'all-team-models'] }, {}, []],
    ['that has a pattern for the model', { models: ['mistral/large'] }, { models: ['mistral/*'] }, []],
    ['that may have one for a plain name', { models: ['gpt-4o-mini'] }, { models: ['openai/*'] }, []],
    [
      'that has another pattern',
      { models: ['mistral/large'] },
      { models: ['openai/*'] },
      ['may not use mistral/large'],
    ],
    ['that may use all', { models: ['mistral/large'] }, { models: [] }, []],
    ['that may use all by name', { models: ['mistral/large'] }, { models: ['all-proxy-models'] }, []],
    ['that may use none', { models: ['gpt-4o-mini'] }, { models: ['no-default-models'] }, ['may not use gpt-4o-mini']],
    [
      'that has less to spend',
      { max_budget: 20 },
      {},
      ['Its max_budget of 20 is more than the 10 of its whole team t1.'],
    ],
    ['that has fewer requests', { rpm_limit: 61 }, {}, ['Its rpm_limit of 61 is more than the 60']],
    ['that has fewer tokens', { tpm_limit: 5 }, { tpm_limit: 4 }, ['Its tpm_limit of 5 is more than the 4']],
    ['that has spent all', {}, { spend: 10 }, ['has spent its max_budget of 10']],
    ['that is blocked', {}, { blocked: true, team_alias: 'lab' }, ['Its team lab (t1) is blocked']],
    ['that is not there', { models: ['mistral/large'] }, null, ['no team with the id t1']],
  ])('%s', (_, settings, team, said) => {
    expect(saidOf(creation(settings), team)).toEqual(said.map((text) => expect.stringContaining(text)));
  });

  it('is one of the team afterwards, also where the spec does not say so', () => {
    const there = live({ settings: { team_id: 't1', max_budget: 50 } });
    const kept: Change = { ...creation({}), action: 'noop', desired: desired(), live: there };
    expect(saidOf(kept)).toEqual([expect.stringContaining('Its max_budget of 50')]);
    expect(teamIdsIn(plan([kept, creation({})]))).toEqual(['t1']);
  });

  it('is nothing to speak of when it goes, has no team, or the team could not be read', () => {
    const gone: Change = { ...creation({}), action: 'delete', because: 'named', desired: null, live: live() };
    const [free, other] = [creation({ team_id: null }), creation({ team_id: 't2' })];
    expect([gone, free, other].flatMap((change) => saidOf(change, null))).toEqual([]);
    expect(teamIdsIn(plan([gone, free, creation({ team_id: '' })]))).toEqual([]);
  });
});

describe('a team of the plan itself', () => {
  const team = (settings: Settings, more: Partial<Change> = {}): Change => {
    const ref = { kind: 'team', name: 'lab' };
    const wanted = { ...desired({ settings }), ref, id: 't1' };
    return { ...creation({}), ref, desired: wanted, ...more } as Change;
  };

  it('is as it will be', () => {
    const there = live({ id: 't1', spend: 7, settings: { rpm_limit: 5, blocked: true, max_budget: 1 } });
    const kept = team({ max_budget: 2, models: ['m'] }, { action: 'update', live: there });
    const bounds = { team_id: 't1', team_alias: 'lab', models: ['m'], tpm_limit: null, rpm_limit: 5, blocked: true };
    expect([...plannedTeams([plan([kept])])]).toEqual([['t1', { ...bounds, max_budget: 2, spend: 7 }]]);
  });

  it('is new, may have models from its access groups, goes, or is no team', () => {
    const made = team({ models: ['m'], tpm_limit: 9, access_group_ids: ['g'] });
    const gone = team({}, { action: 'delete', because: 'named', desired: null, live: live({ id: 't2' }) });
    const nameless = team({}, { desired: desired() });
    const teams = plannedTeams([plan([made, gone, creation({})]), plan([nameless])]);
    expect([...teams.keys()]).toEqual(['t1']);
    expect(teams.get('t1')).toMatchObject({ models: [], tpm_limit: 9, spend: 0, blocked: false });
  });

  it('has members, who are no keys', () => {
    const member = { ...creation({}), ref: { kind: 'member', name: 't1/ada' } };
    expect(teamIdsIn(plan([member]))).toEqual([]);
  });
});

it('asks for what is offered only where a team may not have it', () => {
  const teams = new Map([['t1', TEAM]]);
  const asks = (models: readonly unknown[]): boolean => mayDenyModels(plan([creation({ models } as never)]), teams);
  expect([['gpt-4o-mini'], ['slow'], [1]].map(asks)).toEqual([false, true, false]);
  expect(mayDenyModels(plan([creation({ models: ['slow'] })]), new Map())).toBe(false);
});

it('looks no model up that is a team’s own', () => {
  const models = ['fast', 'slow'];
  const fields = [{ field: 'models', from: null, to: models }];
  expect(newModels(plan([{ ...creation({ models }), fields }]), new Map([['t1', TEAM]]))).toEqual(['slow']);
});
