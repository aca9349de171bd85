import { describe, expect, it } from 'vitest';
import { isList, isObject } from '../../src/base/json.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { bench, type Bench, type Reply, textOf } from './harness.ts';

const NOBODY = '0'.repeat(64);

function rowsIn({ body }: Reply) {
  return isList(body.info) ? body.info.filter(isObject) : [];
}

/** The aliases that each version answers with, and whether its rows name their key. */
function told(ask: (at: Bench, hashes: Record<string, string>) => Reply): readonly unknown[] {
  return SANDBOX_VERSIONS.map((version) => {
    const at = bench({ version });
    const hashes = Object.fromEntries(['a', 'b', 'c'].map((alias) => [alias, at.make({ key_alias: alias }).hash]));
    const reply = ask(at, hashes);
    if (reply.status !== 200) return reply.status;
    const aliases = rowsIn(reply).map((row) => textOf(row.key_alias));
    return [aliases.toSorted().join(''), rowsIn(reply).some((row) => 'token' in row)];
  });
}

describe('/v2/key/info', () => {
  it('tells of the keys that it is asked for, with their token on old versions only', () => {
    const answers = told((at, { a = '', c = '' }) => at.post('/v2/key/info', { keys: [c, NOBODY, a, c] }));
    const [old, newer] = [
      ['ac', true],
      ['ac', false],
    ];
    expect(answers).toEqual([old, old, newer, newer, newer]);
  });

  it('answers with every key when it is asked by alias on old versions', () => {
    const answers = told((at) => at.post('/v2/key/info', { key_aliases: ['b', 'nobody'] }));
    const [old, newer] = [
      ['abc', true],
      ['b', false],
    ];
    expect(answers).toEqual([old, old, newer, newer, newer]);
  });

  it('leaves out deleted keys, also where /key/info goes on telling of them', () => {
    const answers = told((at, { a = '', b = '' }) => {
      at.post('/key/delete', { keys: [a] });
      return at.post('/v2/key/info', { keys: [a, b] });
    });
    expect(answers.map(String)).toEqual(['b,true', 'b,true', 'b,false', 'b,false', 'b,false']);
  });

  it.each([{ keys: [] }, {}, { keys: 'a' }, { keys: [1] }, { key_aliases: [null] }])('refuses %j', (body) => {
    expect(told((at) => at.post('/v2/key/info', body))).toEqual(SANDBOX_VERSIONS.map(() => 422));
  });

  it.each(SANDBOX_VERSIONS)('has an order of its own on %s', (version) => {
    const { make, post } = bench({ version });
    const hashes = Array.from({ length: 9 }, (_, index) => make({ key_alias: `k${String(index)}` }).hash);
    const aliases = rowsIn(post('/v2/key/info', { keys: hashes })).map((row) => textOf(row.key_alias));
    expect(aliases.toSorted()).toEqual(hashes.map((_, index) => `k${String(index)}`));
    expect(aliases).not.toEqual(aliases.toSorted());
  });

  it.each(SANDBOX_VERSIONS)('has the budget and never the permissions of a key on %s', (version) => {
    const { make, post } = bench({ version });
    const { hash } = make({ soft_budget: 3, object_permission: { vector_stores: ['v'] } });
    const [row] = rowsIn(post('/v2/key/info', { keys: [hash] }));
    expect(row).toMatchObject({ litellm_budget_table: { soft_budget: 3 } });
    expect(row?.object_permission ?? null).toBe(null);
  });
});
