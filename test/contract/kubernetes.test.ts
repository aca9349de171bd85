/** The operator's resources, and what the operator made of them, on each server. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../src/base/json.ts';
import { resource, stream } from '../spec/formats/kubernetes/resource.ts';
import { makeGround, type Person } from './ground.ts';
import { targets } from './targets.ts';

describe.each(targets)("the operator's resources on $name", (target) => {
  const ground = makeGround(target);
  const address = (who: string): string => `${ground.name(who)}@example.com`;

  const KEY = {
    maxBudget: '5',
    budgetDuration: '30d',
    rpmLimit: 10,
    aliases: { fast: 'gpt-4o-mini' },
    metadata: { course: 'a' },
  };
  const USER = {
    userRole: 'internal_user',
    maxBudget: '10',
    budgetDuration: '30d',
    modelRPMLimit: { 'gpt-4o-mini': '5' },
  };
  const TEAM = { maxBudget: '100', budgetDuration: '30d', metadata: { cost_center: '4711' } };

  /** A team with a user and two keys; `ids`: those that the operator has seen. */
  const resources = (of: string, ids: { readonly team?: string; readonly user?: string } = {}): string =>
    stream(
      resource(
        'Team',
        { teamAlias: ground.name(`${of}-team`), ...TEAM },
        { name: 'lab', status: { teamID: ids.team ?? '' } },
      ),
      resource(
        'User',
        { userEmail: address(of), ...USER, autoCreateKey: true, keyAlias: ground.name(`${of}-own`) },
        { name: 'ada', status: { userID: ids.user ?? '' } },
      ),
      resource('TeamMemberAssociation', {
        teamRef: { name: 'lab' },
        userRef: { name: 'ada' },
        role: 'user',
        maxBudgetInTeam: '3',
      }),
      resource('VirtualKey', { keyAlias: ground.name(`${of}-svc`), ...KEY }),
    );

  const written = (person: Person, text: string): string => {
    writeFileSync(
      join(person.folder, 'resources.yaml'),
      text.replaceAll('"a"},"spec":{"keyAlias"', '"svc"},"spec":{"keyAlias"'),
    );
    return '-f resources.yaml';
  };
  const textIn = (body: Json, name: string): string => {
    const text = isObject(body) ? body[name] : null;
    return typeof text === 'string' ? text : '';
  };
  const made = async (path: string, body: JsonObject): Promise<Json> => {
    const said = await ground.ask('POST', path, body);
    if (said.code !== 'ok') throw new Error(`${path}: ${JSON.stringify(said.body)}`);
    return said.body;
  };

  it('become a team, a user with a key, a member and a key; the second plan is empty, and all of it goes', async () => {
    const person = ground.person();
    const files = written(person, resources('new'));
    expect(await person.json(`apply ${files} --yes`)).toMatchObject({ summary: { create: 5, failed: 0 } });
    expect((await person.vkeys(`plan ${files} --exit-code`)).code).toBe(0);
    const { settings, metadata } = await ground.key(ground.name('new-svc'));
    expect(settings).toMatchObject({ max_budget: 5, budget_duration: '30d', rpm_limit: 10, aliases: KEY.aliases });
    expect(metadata).toMatchObject(KEY.metadata);
    expect((await ground.key(ground.name('new-own'))).settings).toMatchObject({
      user_id: address('new'),
      max_budget: 10,
    });
    expect(await person.json(`delete ${files} --yes`)).toMatchObject({ summary: { delete: 4, failed: 0 } });
  });

  it('take over what the operator made, under the ids that it has there', async () => {
    const user_email = address('old');
    const team = textIn(
      await made('/team/new', { team_alias: ground.name('old-team'), max_budget: 100, budget_duration: '30d' }),
      'team_id',
    );
    const user = textIn(
      await made('/user/new', {
        user_email,
        user_role: 'internal_user',
        max_budget: 10,
        budget_duration: '30d',
        auto_create_key: true,
        key_alias: ground.name('old-own'),
      }),
      'user_id',
    );
    await made('/team/member_add', { team_id: team, member: { user_id: user, role: 'user' }, max_budget_in_team: 3 });
    await made('/key/generate', { key_alias: ground.name('old-svc'), max_budget: 5, budget_duration: '30d' });
    const person = ground.person();
    const files = written(person, resources('old', { team, user }));
    expect((await person.vkeys(`plan ${files}`)).code).toBe(6);
    expect(await person.json(`apply ${files} --adopt --yes`)).toMatchObject({ summary: { create: 0, failed: 0 } });
    expect((await person.vkeys(`plan ${files} --exit-code`)).code).toBe(0);
    expect((await ground.key(ground.name('old-own'))).settings).toMatchObject({ user_id: user, max_budget: 10 });
    expect(await person.json(`delete ${files} --yes`)).toMatchObject({ summary: { delete: 4, failed: 0 } });
  });
});
