/** With whom a key is shared is a change of the key, and survives all others. */
import { describe, expect, it } from 'vitest';
import { KEY } from '../../src/kinds/key.ts';
import type { FieldChange } from '../../src/model/change.ts';
import { shownChange } from '../../src/model/shown.ts';
import { sharingIn, type Sharing } from '../../src/model/sharing.ts';
import { difference, whole } from '../../src/plan/diff.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { desired, live, makeSite, MARK, NOW, type Site } from '../support/make.ts';

const LAB: Sharing = { shared_with: ['lab', 'eve'], groups: { lab: ['ada', 'bob'] } };
const CREW: Sharing = { shared_with: ['eve'], groups: {} };
const NOBODY: Sharing = { shared_with: [], groups: {} };
const facts = { kind: KEY, now: NOW, listed: null, version: null };
const marked = live({ metadata: { vkeys: { ...MARK, ...LAB }, theirs: 1 } });
const changesOf = (sharing?: Sharing): readonly FieldChange[] =>
  difference(desired(sharing === undefined ? {} : { sharing }), marked, facts).changes;

describe('a plan', () => {
  it('has a line for the names, and one for each group', () => {
    expect(whole(desired({ sharing: LAB }), facts)).toEqual([
      { field: 'shared_with', from: null, to: ['lab', 'eve'] },
      { field: 'groups.lab', from: null, to: ['ada', 'bob'] },
    ]);
    expect(changesOf({ ...LAB, groups: { lab: ['bob', 'zoe'] } })).toEqual([
      { field: 'groups.lab', from: ['ada', 'bob'], to: ['bob', 'zoe'] },
    ]);
  });

  it.each([
    ['what is not managed', undefined],
    ['the same in another order', { shared_with: ['eve', 'lab'], groups: { lab: ['bob', 'ada'] } }],
  ])('has nothing for %s', (_, sharing) => {
    expect(changesOf(sharing)).toEqual([]);
  });

  it('shows a group whose name is like that of a secret', () => {
    const change = { field: 'groups.api_key', from: null, to: ['ada'] };
    expect(shownChange(change, {})).toEqual(change);
  });
});

describe('an update', () => {
  const patch = (changes: readonly FieldChange[], on = marked, mark: typeof MARK | null = null) =>
    KEY.patch(changes, on, mark, NOW);

  it('sends the metadata with what changes in the mark, and nothing else', () => {
    expect(patch(changesOf(CREW))).toEqual({ metadata: { theirs: 1, vkeys: { ...MARK, shared_with: ['eve'] } } });
    expect(patch(changesOf(NOBODY))).toEqual({ metadata: { theirs: 1, vkeys: MARK } });
    expect(patch([{ field: 'max_budget', from: null, to: 1 }])).toEqual({ max_budget: 1 });
  });

  it.each<[string, readonly FieldChange[], typeof MARK | null]>([
    ['other metadata', [{ field: 'metadata.theirs', from: 1, to: null }], null],
    ['the name in the mark', [], { ...MARK, name: 'b' }],
  ])('of %s keeps it', (_, changes, mark) => {
    expect(patch(changes, marked, mark)).toMatchObject({ metadata: { vkeys: { ...(mark ?? MARK), ...LAB } } });
  });

  it('of a key without a mark takes nothing over', () => {
    const foreign = live({ mark: null, metadata: { vkeys: LAB } });
    expect(patch([], foreign, MARK)).toEqual({ metadata: { vkeys: MARK } });
  });
});

describe.each(SANDBOX_VERSIONS)('on %s', (version) => {
  const sharing = async (site: Site): Promise<readonly Sharing[]> => (await site.keys()).map(sharingIn);
  const actions = async (site: Site, ...args: Parameters<Site['apply']>) =>
    (await site.apply(...args)).plan.changes.map(({ action, fields }) => [action, ...fields.map(({ field }) => field)]);

  it('it is made, changed and cleared, each once', async () => {
    const site = makeSite({ version });
    for (const [wanted, ...fields] of [
      [LAB, 'create', 'shared_with', 'groups.lab'],
      [{ ...LAB, groups: { lab: ['ada', 'zoe'] } }, 'update', 'groups.lab'],
      [CREW, 'update', 'shared_with', 'groups.lab'],
      [NOBODY, 'update', 'shared_with'],
    ] as const) {
      expect(await actions(site, [desired({ sharing: wanted })])).toEqual([fields]);
      expect(await actions(site, [desired({ sharing: wanted })])).toEqual([['noop']]);
      expect(await sharing(site)).toEqual([wanted]);
    }
  });

  it('it survives every other change, and a spec that says nothing of it', async () => {
    const site = makeSite({ version });
    await site.apply([desired({ sharing: LAB })]);
    await site.apply([desired({ metadata: { team: 'red' }, settings: { max_budget: 1, model_rpm_limit: { m: 1 } } })]);
    await site.apply([desired({ metadata: { team: null }, settings: { model_rpm_limit: null } })]);
    await site.apply([desired({ name: 'b', previously: ['a'] })]);
    expect(await sharing(site)).toEqual([LAB]);
  });

  it('it is put back with a mark that was wiped, and taken over with a key', async () => {
    const site = makeSite({ version });
    await site.apply([desired({ sharing: LAB })]);
    const [{ id } = { id: '' }] = await site.keys();
    await site.update(id, { metadata: { by: 'hand' } });
    expect(await actions(site, [desired({ sharing: LAB })])).toEqual([['update', 'set', 'shared_with', 'groups.lab']]);
    expect(await sharing(site)).toEqual([LAB]);
    await site.make({ key_alias: 'theirs', metadata: { vkeys: { set: 'other', name: 'theirs', ...LAB } } });
    expect(await actions(site, [desired({ name: 'theirs' })], { adopt: true })).toContainEqual(['adopt', 'set']);
    expect(await sharing(site)).toEqual([LAB, LAB]);
  });
});
