import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import { Secret } from '../../src/base/secret.ts';
import { differencesOf, type Difference } from './differences.ts';
import { makeGround } from './ground.ts';
import { connectionTo, targets } from './targets.ts';

/** What is asked for, and the refusal: the same everywhere, or the name of a difference. */
type Case = readonly [sentence: string, body: JsonObject, refusal: Difference | { readonly always: string }];

const invalid = { always: 'invalid' };
const licence = { always: 'licence' };
const UNKNOWN = '0'.repeat(64);

const CREATIONS: readonly Case[] = [
  ['an alias with a control character', { key_alias: 'tab\there' }, 'controlCharacterInAlias'],
  ['a negative budget', { max_budget: -1 }, 'negativeBudget'],
  ['a duration in years', { duration: '1y' }, 'wrongDuration'],
  ['a budget_duration that is none', { budget_duration: 'bogus' }, 'wrongBudgetDuration'],
  ['tags', { tags: ['a'] }, licence],
  ['guardrails', { guardrails: ['a'] }, licence],
  ['prompts', { prompts: ['a'] }, 'promptsWithoutLicence'],
  ['policies', { policies: ['a'] }, 'policiesWithoutLicence'],
  ['an empty list of tags', { tags: [] }, 'emptyTags'],
  ['a budget for each model', { model_max_budget: { 'gpt-4o-mini': { budget_limit: 1, time_period: '1d' } } }, licence],
  ['an unknown budget', { budget_id: 'vkc-no-such-budget' }, { always: 'other' }],
  ['an unknown organisation', { organization_id: 'vkc-no-such-organisation' }, 'unknownOrganization'],
  ['an unknown project', { project_id: 'vkc-no-such-project' }, 'unknownProject'],
  ['an unknown kind of key', { key_type: 'vkc-no-such-kind' }, 'unknownKeyType'],
  ['text as a budget', { max_budget: 'much' }, invalid],
  ['text as metadata', { metadata: 'much' }, invalid],
];

const UPDATES: readonly Case[] = [
  ['models that are null', { models: null }, invalid],
  ['a spend that is null', { spend: null }, invalid],
  ['a fraction as a limit', { rpm_limit: 1.5 }, invalid],
  ['a duration in years', { duration: '1y' }, invalid],
  ['-1 as a duration', { duration: '-1' }, 'minusOneAsDuration'],
  ['a negative budget', { max_budget: -1 }, 'negativeBudgetInUpdate'],
  ['a budget_duration that is none', { budget_duration: 'bogus' }, 'wrongBudgetDurationInUpdate'],
  ['tags', { tags: ['a'] }, 'tagsInUpdate'],
  ['an empty list of tags', { tags: [] }, 'emptyTagsInUpdate'],
  ['a budget for each model', { model_max_budget: { 'gpt-4o-mini': { budget_limit: 1, time_period: '1d' } } }, licence],
  ['an unknown team', { team_id: 'vkc-no-such-team' }, 'unknownTeamInUpdate'],
];

describe.each(targets)('refusals of $name', (target) => {
  const ground = makeGround(target);
  const differs = differencesOf(target.version);
  const expected = (refusal: Case[2]): string => (typeof refusal === 'string' ? differs[refusal] : refusal.always);
  const told = (cases: readonly Case[]) =>
    cases.map(([sentence, body, refusal]) => ({ sentence, body, code: expected(refusal) }));

  it.each(told(CREATIONS))('a creation with $sentence is $code', async ({ sentence, body, code }) => {
    const alias = typeof body['key_alias'] === 'string' ? body['key_alias'] : sentence.replaceAll(' ', '-');
    const said = await ground.ask('POST', '/key/generate', { ...body, key_alias: ground.name(alias) });
    expect(said).toMatchObject({ code });
  });

  it.each(told(UPDATES))('an update with $sentence is $code', async ({ sentence, body, code }) => {
    const { id } = await ground.make(`update-${sentence.replaceAll(' ', '-')}`);
    expect(await ground.ask('POST', '/key/update', { ...body, key: id })).toMatchObject({ code });
  });

  it('an alias that is taken is alias_taken, on creation and on renaming', async () => {
    const { alias } = await ground.make('taken');
    expect(await ground.ask('POST', '/key/generate', { key_alias: alias })).toMatchObject({ code: 'alias_taken' });
    const { id } = await ground.make('to-be-renamed');
    expect(await ground.ask('POST', '/key/update', { key: id, key_alias: alias })).toMatchObject({
      code: 'alias_taken',
    });
  });

  it(`a secret that does not begin with sk- is ${differs.secretWithoutPrefix}`, async () => {
    const key = `${ground.name('prefix')}-0123456789abcdef`;
    expect(await ground.ask('POST', '/key/generate', { key_alias: ground.name('no-prefix'), key })).toMatchObject({
      code: differs.secretWithoutPrefix,
    });
  });

  it(`a secret of fewer than 16 characters is ${differs.shortSecret}`, async () => {
    const key = `sk-${ground.name('').slice(-9)}`;
    expect(await ground.ask('POST', '/key/generate', { key_alias: ground.name('short'), key })).toMatchObject({
      code: differs.shortSecret,
    });
  });

  it('an update of a key that is not there is key_not_found, though some versions say 401', async () => {
    const gone = ground.update(UNKNOWN, { max_budget: 1 });
    await expect(gone).rejects.toMatchObject({ kind: 'api', code: 'key_not_found' });
  });

  it(`a deletion of unknown keys alone is ${differs.deletingUnknownKeys}, one of none at all invalid`, async () => {
    expect(await ground.ask('POST', '/key/delete', { keys: [UNKNOWN] })).toMatchObject({
      code: differs.deletingUnknownKeys,
    });
    expect(await ground.ask('POST', '/key/delete', {})).toMatchObject({ code: 'invalid' });
  });

  it(`blocking a key that is not there is ${differs.blockingUnknownKey}`, async () => {
    expect(await ground.ask('POST', '/key/block', { key: UNKNOWN })).toMatchObject({
      code: differs.blockingUnknownKey,
    });
  });

  it('a path that does not exist is not_found', async () => {
    expect(await ground.ask('GET', '/v1/key/list')).toMatchObject({ code: 'not_found', status: 404 });
  });

  it('a page size beyond 100 is invalid', async () => {
    expect(await ground.ask('GET', '/key/list?size=101')).toMatchObject({ code: 'invalid', status: 422 });
  });

  it('a credential that the server does not know is an auth error, which does not repeat it', async () => {
    const wrong = new Secret(`sk-${ground.name('wrong')}-0123456789abcdef`);
    const listed = keyStore(connectionTo(target, wrong)).survey({ ids: [], names: [], all: true });
    const error: unknown = await listed.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'auth', status: 401, code: 'credential' });
    expect(String(error)).not.toContain(wrong.reveal());
  });

  it('a key that nobody owns may not create keys', async () => {
    const { secret } = await ground.make('powerless');
    const said = await ground.ask('POST', '/key/generate', { key_alias: ground.name('by-powerless') }, secret);
    expect(said).toMatchObject({ code: 'credential', status: 401 });
  });

  it(`a key for models only that lists keys is ${differs.keyForModelsOnly}`, async () => {
    const { secret } = await ground.make('models-only', { key_type: 'llm_api' });
    expect(await ground.ask('GET', '/key/list', undefined, secret)).toMatchObject({ code: differs.keyForModelsOnly });
  });
});
