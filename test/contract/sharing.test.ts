import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { sharingIn } from '../../src/model/sharing.ts';
import { makeGround } from './ground.ts';
import { objectsOf } from './read.ts';
import { targets } from './targets.ts';

describe.each(targets)('with whom a key is shared, on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();
  const set = ground.name('shared');
  const alias = ground.name('gpu');
  const own = ground.name('own');
  /* Other runs on the server have users of their own. */
  const [ada, bob, eve] = ['ada', 'bob', 'eve'].map((user) => `${ground.name(user)}@x.de`);

  const apply = async (groups: JsonObject, fields: JsonObject): Promise<JsonObject> => {
    const file = me.spec(
      set,
      [
        { key_alias: alias, ...fields },
        { key_alias: own, user_id: ada ?? '' },
      ],
      { groups },
    );
    const report = await me.json(['apply', '-f', file]);
    expect(await me.json(['plan', '-f', file])).toMatchObject({ summary: { create: 0, update: 0 } });
    return report;
  };
  const kept = async () => sharingIn(await ground.key(alias));
  const fieldsOf = (report: JsonObject): readonly unknown[] =>
    objectsOf(report['keys']).flatMap(({ changes }) => objectsOf(changes ?? null).map(({ field }) => field));
  const lab = { lab: [ada ?? '', bob ?? ''] };

  it('is kept in its mark, changed and cleared, each once', async () => {
    await apply(lab, { shared_with: ['lab', eve ?? ''], metadata: { team: 'red' } });
    expect(await kept()).toEqual({ shared_with: ['lab', eve], groups: lab });
    expect(fieldsOf(await apply({ lab: [bob ?? ''] }, { shared_with: ['lab', eve ?? ''] }))).toEqual(['groups.lab']);
    expect(await kept()).toEqual({ shared_with: ['lab', eve], groups: { lab: [bob] } });
    await apply({}, { shared_with: [] });
    expect((await ground.key(alias)).metadata).toEqual({ team: 'red', vkeys: { set, name: alias } });
  });

  it('holds a crowd, in any script', async () => {
    const crowd = Array.from({ length: 1500 }, (_, index) => `nutzer-${String(index)}-äß漢🙂@x.de`);
    await apply({ 'Übung 1': crowd }, { shared_with: ['Übung 1'] });
    expect(await kept()).toEqual({ shared_with: ['Übung 1'], groups: { 'Übung 1': crowd } });
  });

  it('survives other changes, and is put back where somebody wiped the mark', async () => {
    const sharing = { shared_with: ['lab', eve ?? ''] };
    await apply(lab, sharing);
    await me.json(['update', alias, '--metadata', 'cost_center=7', '--max-budget', '3']);
    await me.json(['update', alias, '--unset', 'metadata.cost_center']);
    expect(await kept()).toEqual({ ...sharing, groups: lab });
    await ground.update((await ground.key(alias)).id, { metadata: { by: 'hand' } });
    expect(fieldsOf(await apply(lab, sharing))).toEqual(['set', 'shared_with', 'groups.lab']);
    expect(await kept()).toEqual({ ...sharing, groups: lab });
  });

  it('is told on every machine, and changed from one', async () => {
    await apply(lab, { shared_with: ['lab'] });
    const other = ground.person();
    const access = async (user = '') =>
      objectsOf((await other.json(['list', '--accessible-to', user]))['keys']).map((key) => [
        key['key_alias'],
        key['access'],
      ]);
    expect(await access(ada)).toEqual([
      [alias, 'group lab'],
      [own, 'own'],
    ]);
    await other.json(['share', own, '--with', eve ?? '', 'lab']);
    expect(await access(bob)).toEqual([
      [alias, 'group lab'],
      [own, 'group lab'],
    ]);
    expect(await access(eve)).toEqual([[own, 'shared']]);
    expect(await other.json(['share', own, '--with', 'lab'])).toMatchObject({ changed: false });
    await other.json(['unshare', own, '--with', 'lab', eve ?? '']);
    expect([await access(bob), await access(eve)]).toEqual([[[alias, 'group lab']], []]);
  });

  it('makes no foreign key ours', async () => {
    const { alias: theirs, id } = await ground.make('theirs', { metadata: { theirs: 1 } });
    expect((await me.vkeys(['share', theirs, '--with', 'x@x.de'])).code).toBe(6);
    expect(await ground.key(theirs)).toMatchObject({ id, metadata: { theirs: 1 }, mark: null });
  });
});
