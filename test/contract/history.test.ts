/** What servers tell of who made, changed and deleted keys. */
import { describe, expect, it } from 'vitest';
import { isOlder } from '../../src/base/version.ts';
import { makeGround } from './ground.ts';
import { objectsOf } from './read.ts';
import { targets } from './targets.ts';

describe.each(targets)('the history on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();

  it('has what was done here, and what the server says of it', async () => {
    const [set, ada, bob] = [ground.name('past'), ground.name('ada'), ground.name('bob')];
    const file = me.spec(set, [{ key_alias: ada, max_budget: 5 }, { key_alias: bob }]);
    expect(await me.vkeys(`apply -f ${file} --yes`)).toMatchObject({ code: 0 });
    expect(await me.vkeys(`delete ${bob} --yes`)).toMatchObject({ code: 0 });
    const { history, history_of, server_keys } = await me.json(`history --set ${set} --server`);
    expect(objectsOf(history)).toMatchObject([
      { command: 'apply', litellm_version: target.version, changes: [{ action: 'create' }, { action: 'create' }] },
      { command: 'delete', changes: [{ action: 'delete', ref: `key/${bob}`, spend: 0 }] },
    ]);
    expect(history_of).toMatchObject([{ set, intact: true }]);
    const told = objectsOf(server_keys);
    expect(told.find(({ key_alias }) => key_alias === ada)).toMatchObject({
      set,
      created_at: expect.any(String),
      created_by: expect.any(String),
      deleted_at: null,
    });
    const gone = told.find(({ key_alias }) => key_alias === bob);
    if (isOlder(target.version, '1.83.0')) expect(gone).toBeUndefined();
    else expect(gone).toMatchObject({ deleted_at: expect.any(String), deleted_by: expect.any(String) });
  });
});
