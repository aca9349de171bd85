import { describe, expect, it } from 'vitest';
import { isList } from '../../src/base/json.ts';
import { SANDBOX_VERSIONS, type SandboxVersion } from '../../src/sandbox/versions.ts';
import { bench } from './harness.ts';

/** All pages of 10 of 25 keys that were made at one instant: how many keys they have, and how many different ones. */
function scan(version: SandboxVersion, query: string): readonly [seen: number, different: number] {
  const { make, get } = bench({ version });
  for (let index = 0; index < 25; index += 1) make({ key_alias: `k${String(index)}` });
  const hashes = [1, 2, 3].flatMap((page) => {
    const { keys } = get(`/key/list?size=10&page=${String(page)}${query}`).body;
    return isList(keys) ? keys : [];
  });
  return [hashes.length, new Set(hashes).size];
}

describe('the pages of /key/list, of keys of one instant', () => {
  it.each(['', '&sort_by=token', '&sort_by=key_alias&sort_order=asc'])('are complete with "%s"', (query) => {
    expect(SANDBOX_VERSIONS.map((version) => scan(version, query))).toEqual(SANDBOX_VERSIONS.map(() => [25, 25]));
  });

  it.each(['created_at', 'spend', 'max_budget', 'updated_at'])('skip and double some when sorted by %s', (column) => {
    const spoiled = [25, 20];
    const expected = SANDBOX_VERSIONS.map((version) => (version === '1.65.8' ? [25, 25] : spoiled));
    for (const order of ['asc', 'desc']) {
      const query = `&sort_by=${column}&sort_order=${order}`;
      expect(SANDBOX_VERSIONS.map((version) => scan(version, query))).toEqual(expected);
    }
  });

  it.each(['expires', 'tpm_limit', 'total_spend'])('are complete on the newest version by %s', (column) => {
    expect(scan('1.110.2', `&sort_by=${column}`)).toEqual([25, 25]);
  });
});

it('puts keys without a value at the end by the newer columns, both ways, and at the front by the others', () => {
  const { make, get } = bench();
  const low = make({ key_alias: 'low', tpm_limit: 1, max_budget: 1 }).hash;
  const high = make({ key_alias: 'high', tpm_limit: 2, max_budget: 2 }).hash;
  const none = make({ key_alias: 'none' }).hash;
  const by = (column: string, order: string) => get(`/key/list?sort_by=${column}&sort_order=${order}`).body.keys;
  expect([by('tpm_limit', 'asc'), by('tpm_limit', 'desc')]).toEqual([
    [low, high, none],
    [high, low, none],
  ]);
  expect([by('max_budget', 'asc'), by('max_budget', 'desc')]).toEqual([
    [low, high, none],
    [none, high, low],
  ]);
});

it('lists a row without created_at, as databases that are older than the column have, as the newest', () => {
  const { sandbox, make, get, pass, info } = bench();
  const { hash } = make({});
  pass(5);
  make({});
  sandbox.writeRow(hash, { created_at: null });
  expect(get('/key/list?size=1').body.keys).toEqual([hash]);
  expect(info(hash).created_at).toBe(null);
});
