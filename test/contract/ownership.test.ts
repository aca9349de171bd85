import { describe, expect, it } from 'vitest';
import { makeGround } from './ground.ts';
import { targets } from './targets.ts';

describe.each(targets)('whose key it is on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();
  const set = ground.name('mine');

  it('refuses a spec that wants the alias of a foreign key, and changes nothing', async () => {
    const { alias, id } = await ground.make('foreign', { max_budget: 1 });
    const file = me.spec(set, [{ key_alias: alias, max_budget: 9 }, { key_alias: ground.name('not-made') }]);
    const { code, stderr, requests } = await me.vkeys(['apply', '-f', file]);
    expect(code).toBe(6);
    expect(stderr).toContain('--adopt');
    expect(requests.filter((each) => each.startsWith('POST'))).toEqual([]);
    expect(await ground.key(alias)).toMatchObject({ id, mark: null, settings: { max_budget: 1 } });
  });

  it('adopts a foreign key when it is told to, and keeps what others wrote to its metadata', async () => {
    const { alias, id } = await ground.make('adopted', { metadata: { theirs: [1] }, tpm_limit: 7 });
    const file = me.spec(set, [{ key_alias: alias, max_budget: 9, metadata: { ours: true } }]);
    const report = await me.json(['apply', '-f', file, '--adopt']);
    expect(report).toMatchObject({ summary: { adopt: 1 }, keys: [{ action: 'adopt', status: 'applied', key_id: id }] });
    expect(await ground.key(alias)).toMatchObject({
      id,
      settings: { max_budget: 9, tpm_limit: 7 },
      metadata: { theirs: [1], ours: true, vkeys: { set } },
    });
    expect(await me.json(['apply', '-f', file])).toMatchObject({ changed: false });
  });

  it('never deletes by a spec what is not of its set', async () => {
    const { alias: foreign, id } = await ground.make('foreign-deleted');
    const { alias: other } = await ground.make('other-set', { metadata: { vkeys: { set: ground.name('other') } } });
    const report = await me.json([
      'delete',
      '-f',
      me.spec(ground.name('deleter'), [{ key_alias: foreign }, { key_alias: other }]),
      '--yes',
    ]);
    expect(report).toMatchObject({
      changed: false,
      summary: { delete: 0 },
      notices: [{ code: 'foreign' }, { code: 'foreign' }],
    });
    expect((await ground.key(foreign)).id).toBe(id);
    expect((await ground.key(other)).mark).toMatchObject({ set: ground.name('other') });
  });

  it('prunes no key of another set and no foreign one', async () => {
    const { id: foreign } = await ground.make('mine-not');
    const { id: other } = await ground.make('mine-neither', { metadata: { vkeys: { set: `${set}-2` } } });
    await me.json(['apply', '-f', me.spec(`${set}-1`, []), '--prune', '--yes']);
    const left = (await ground.keys()).map(({ id }) => id);
    expect(left).toEqual(expect.arrayContaining([foreign, other]));
  });

  it('deletes a foreign key that is named', async () => {
    const [one, two] = [await ground.make('named'), await ground.make('named-by-hash')];
    const report = await me.json(['delete', one.alias, two.id, '--yes']);
    expect(report).toMatchObject({ summary: { delete: 2 }, sets: [{ missing: [] }] });
  });

  it('leaves one key when two runs create it at once, and one of them knows its secret', async () => {
    const people = [ground.person(), ground.person()];
    const alias = ground.name('at-once');
    const apply = (person: (typeof people)[number]) =>
      person.vkeys(['apply', '-f', person.spec(set, [{ key_alias: alias }]), '-o', 'json']);
    await Promise.all(people.map(apply));
    for (const person of people) await apply(person);
    const { id } = await ground.key(alias);
    const shown = await Promise.all(people.map((person) => person.vkeys(['get', alias, '--show-key', '-o', 'json'])));
    const [knowing, ...others] = shown.filter(({ code }) => code === 0);
    expect(others).toEqual([]);
    expect(knowing?.stdout).toContain(id);
  });

  it.runIf(target.isReal)('tells of two keys under one alias, which a real server lets happen', async () => {
    const alias = await (async () => {
      for (let attempt = 1; attempt <= 10; attempt += 1) {
        const name = `duplicate-${String(attempt)}`;
        await Promise.allSettled([1, 2, 3, 4].map(() => ground.make(name)));
        if ((await ground.named(ground.name(name))).length > 1) return ground.name(name);
      }
      throw new Error('the server refused every second key');
    })();
    const { code, stderr } = await me.vkeys(['apply', '-f', me.spec(set, [{ key_alias: alias }])]);
    expect(code).toBe(6);
    for (const { id } of await ground.named(alias)) expect(stderr).toContain(id);
    expect((await me.vkeys(['update', alias, '--max-budget', '1'])).code).toBe(6);
  });
});
