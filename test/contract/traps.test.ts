import { describe, expect, it } from 'vitest';
import { isList, isObject, type Json, type JsonObject } from '../../src/base/json.ts';
import { readHealth } from '../../src/litellm/health.ts';
import { listDeployments, listModels } from '../../src/litellm/models.ts';
import { Secret } from '../../src/base/secret.ts';
import { differencesOf } from './differences.ts';
import { makeGround } from './ground.ts';
import { objectOf, textOf } from './read.ts';
import { targets } from './targets.ts';

describe.each(targets)('traps of $name', (target) => {
  const ground = makeGround(target);
  const { connection, store, update } = ground;
  const differs = differencesOf(target.version);
  const minutesLeft = (expires: string | null): number => (Date.parse(expires ?? '') - target.now().getTime()) / 60_000;

  it(`tells its version by ${differs.versionFrom}, and that its database is there`, async () => {
    expect(await readHealth(connection)).toEqual({ version: target.version, database: 'connected', isLiteLLM: true });
    const { body } = await ground.ask('GET', '/health/readiness');
    expect('litellm_version' in objectOf(body)).toBe(differs.versionFrom === '/health/readiness');
  });

  it('offers models, and the groups that they are in', async () => {
    expect(await listModels(connection)).toEqual(expect.arrayContaining(['gpt-4o-mini', 'claude-sonnet']));
    const deployments = await listDeployments(connection);
    expect(deployments).toContainEqual({ name: 'gpt-4o-mini', groups: [] });
  });

  it('answers 200 to a creation with a secret that exists, and changes nothing', async () => {
    const secret = new Secret(`sk-${ground.name('twice')}`);
    await store.create(() => ({ key_alias: ground.name('twice'), max_budget: 1 }), secret);
    await store.create(() => ({ key_alias: ground.name('other'), max_budget: 2 }), secret);
    const live = await store.get(secret.hash());
    expect(live).toMatchObject({ name: ground.name('twice'), settings: { max_budget: 1 } });
  });

  it(`names a new key by ${differs.tokenInAnswer} in token, and always by the hash in token_id`, async () => {
    const { body } = await ground.ask('POST', '/key/generate', { key_alias: ground.name('token') });
    const { key, token, token_id } = objectOf(body);
    const hash = new Secret(textOf(key)).hash();
    expect({ token, token_id }).toEqual({ token: differs.tokenInAnswer === 'the hash' ? hash : key, token_id: hash });
  });

  it(`has an alias filter that is ${differs.aliasFilter}, so the client compares aliases itself`, async () => {
    const short = await ground.make('filter');
    const long = await ground.make('filter-longer');
    const { body } = await ground.ask('GET', `/key/list?key_alias=${short.alias}`);
    expect(hashesIn(body).includes(long.id)).toBe(differs.aliasFilter === 'substring');
    expect((await ground.named(short.alias)).map(({ id }) => id)).toEqual([short.id]);
  });

  it(`has a hash filter that is ${differs.hashFilter}`, async () => {
    const [one, two] = [await ground.make('hash-one'), await ground.make('hash-two')];
    const { body } = await ground.ask('GET', `/key/list?key_hash=${one.id}&size=100`);
    expect(hashesIn(body)).toContain(one.id);
    expect(hashesIn(body).includes(two.id)).toBe(differs.hashFilter === 'ignored');
  });

  it(`takes search for ${differs.search}`, async () => {
    const [one, two] = [await ground.make('search-one'), await ground.make('search-two')];
    const found = async (search: string) => {
      const { body } = await ground.ask('GET', `/key/list?size=100&search=${search}`);
      return [one.id, two.id].map((id) => hashesIn(body).includes(id));
    };
    const isKnown = differs.search !== 'ignored';
    expect(await found(one.id)).toEqual([true, !isKnown]);
    expect(await found(ground.name('SEARCH-T').toUpperCase())).toEqual([!isKnown, true]);
  });

  it(`tells of many keys at once, in rows ${differs.rowsOfManyKeys}, and leaves out what is not there`, async () => {
    const made = [await ground.make('many-one'), await ground.make('many-two', { soft_budget: 3 })];
    const gone = await ground.make('many-gone');
    await store.remove([gone.id]);
    const keys = [...made, gone, ...made].map(({ id }) => id);
    const { body } = await ground.ask('POST', '/v2/key/info', { keys: [...keys, '0'.repeat(64)] });
    const rows = infosIn(body);
    expect(rows.map(({ key_alias }) => textOf(key_alias)).toSorted(inOrder)).toEqual(made.map(({ alias }) => alias));
    expect(rows.map((row) => 'token' in row)).toEqual(made.map(() => differs.rowsOfManyKeys === 'with their token'));
    const [, second] = rows.toSorted((a, b) => inOrder(textOf(a['key_alias']), textOf(b['key_alias'])));
    expect(second).toMatchObject({ litellm_budget_table: { soft_budget: 3 } });
    expect((await ground.ask('POST', '/v2/key/info', { keys: [] })).status).toBe(422);
  });

  it(`answers with ${differs.manyKeysByAlias} when many are asked for by alias`, async () => {
    const [one, two] = [await ground.make('named-one'), await ground.make('named-two')];
    const { body } = await ground.ask('POST', '/v2/key/info', { key_aliases: [one.alias] });
    const aliases = infosIn(body).map(({ key_alias }) => textOf(key_alias));
    expect([one.alias, two.alias].map((alias) => aliases.includes(alias))).toEqual([
      true,
      differs.manyKeysByAlias === 'every key',
    ]);
  });

  it('tells no permissions of many keys', async () => {
    const { id } = await ground.make('many-permitted', { object_permission: { vector_stores: ['v'] } });
    const { body } = await ground.ask('POST', '/v2/key/info', { keys: [id] });
    expect(infosIn(body)[0]?.['object_permission'] ?? null).toBe(null);
  });

  it('lists without a sort_by are complete, also of keys of one instant', async () => {
    const numbers = Array.from({ length: 30 }, (_, index) => index);
    const made = await Promise.all(numbers.map((number) => ground.make(`instant-${String(number)}`)));
    const { body: first } = await ground.ask('GET', '/key/list?size=1');
    const pages = Math.ceil(Number(objectOf(first)['total_count']) / 7);
    const listed: string[] = [];
    for (let page = 1; page <= pages && page <= 40; page += 1) {
      const { body } = await ground.ask('GET', `/key/list?size=7&page=${String(page)}`);
      listed.push(...hashesIn(body));
    }
    expect(new Set(listed).size).toBe(listed.length);
    expect(made.filter(({ id }) => !listed.includes(id))).toEqual([]);
  });

  it('ignores filters that it does not know, and answers with every key', async () => {
    const { id } = await ground.make('unknown-filter');
    const { body } = await ground.ask('GET', '/key/list?vkc_no_such_filter=x&size=100');
    expect(hashesIn(body)).toContain(id);
  });

  it(`lists ${differs.order}`, async () => {
    const made: string[] = [];
    for (const each of ['first', 'second', 'third']) {
      made.push((await ground.make(`order-${each}`)).id);
      await target.pass(2);
    }
    const { body } = await ground.ask('GET', '/key/list?size=100&sort_by=created_at&sort_order=asc');
    const { body: newest } = await ground.ask('GET', '/key/list?size=100');
    expect(hashesIn(newest).filter((hash) => made.includes(hash))).toEqual(made.toReversed());
    const order = differs.order === 'as asked' ? made : made.toReversed();
    const seen = hashesIn(body).filter((hash) => made.includes(hash));
    /* The oldest keys come first, so on a full server ours are on a later page. */
    expect(seen).toEqual(order.filter((hash) => seen.includes(hash)));
  });

  it(`gives a new key with a duration of 40 days an end that is ${differs.durationOnCreate}`, async () => {
    const { id } = await ground.make('duration', { duration: '40d' });
    const { id: short } = await ground.make('duration-short', { duration: '90m' });
    const exact = [id, short].map(async (key) => minutesLeft((await store.get(key))?.expires ?? null));
    const [long = 0, brief = 0] = await Promise.all(exact);
    const isExact = Math.abs(long - 40 * 1440) < 2 && Math.abs(brief - 90) < 2;
    expect(isExact).toBe(differs.durationOnCreate === 'exact');
  });

  it('takes a duration of an update exactly, from now', async () => {
    const { id } = await ground.make('exact');
    expect(Math.abs(minutesLeft((await update(id, { duration: '90m' })).expires) - 90)).toBeLessThan(1);
  });

  it(`has an expiry that is ${differs.clearedExpiry} by a duration of null`, async () => {
    const { id } = await ground.make('cleared-expiry', { duration: '1h' });
    const { expires } = await update(id, { duration: null });
    expect(expires === null).toBe(differs.clearedExpiry === 'cleared');
  });

  it(`has a budget_duration that is ${differs.clearedBudgetDuration} by null`, async () => {
    const { id } = await ground.make('cleared-period', { max_budget: 1, budget_duration: '30d' });
    const { settings } = await update(id, { budget_duration: null });
    expect(settings.budget_duration === undefined).toBe(differs.clearedBudgetDuration === 'cleared');
  });

  it('replaces metadata as a whole, with the limits that are kept in it', async () => {
    const { id } = await ground.make('metadata', { metadata: { a: 1 }, model_rpm_limit: { 'gpt-4o-mini': 5 } });
    expect((await update(id, { metadata: { b: { c: ['ä', 1.5, null] } } })).metadata).toEqual({
      b: { c: ['ä', 1.5, null] },
    });
  });

  it('keeps metadata when an update sets a limit that is kept in it', async () => {
    const { id } = await ground.make('kept-metadata', { metadata: { a: 1 } });
    const { metadata } = await update(id, { model_rpm_limit: { 'gpt-4o-mini': 5 } });
    expect(metadata).toEqual({ a: 1, model_rpm_limit: { 'gpt-4o-mini': 5 } });
  });

  it('keeps our mark over changes of limits, budget and alias', async () => {
    const { id } = await ground.make('marked', { metadata: { vkeys: { set: 'demo' } } });
    await update(id, { max_budget: 1, blocked: true });
    await update(id, { key_alias: ground.name('marked-anew'), blocked: false });
    const live = await store.get(id);
    expect(live).toMatchObject({ name: ground.name('marked-anew'), mark: { set: 'demo' } });
  });

  it(`says of a deleted key that it is ${differs.deletedKeyInfo}; to the client it is gone`, async () => {
    const { id } = await ground.make('deleted');
    await store.remove([id]);
    expect((await ground.ask('GET', `/key/info?key=${id}`)).code).toBe(
      differs.deletedKeyInfo === 'deleted' ? 'ok' : 'key_not_found',
    );
    expect(await store.get(id)).toBeNull();
  });

  it('takes the deletion of a key that is gone, alone or among others, for done', async () => {
    const [one, two] = [await ground.make('delete-one'), await ground.make('delete-two')];
    await store.remove([one.id]);
    await store.remove([one.id]);
    await store.remove([one.id, two.id, two.id]);
    expect(await store.get(two.id)).toBeNull();
  });

  it('frees the alias of a deleted key at once', async () => {
    const { id } = await ground.make('reused');
    await store.remove([id]);
    expect((await ground.make('reused')).id).not.toBe(id);
  });
});

function inOrder(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function infosIn(body: Json): readonly JsonObject[] {
  const { info } = objectOf(body);
  return isList(info) ? info.filter(isObject) : [];
}

function hashesIn(body: Json): readonly string[] {
  const { keys } = objectOf(body);
  return isList(keys) ? keys.map(textOf) : [];
}
