/** A key that is missing is asked about until a newer one has its name, or there is to be none. */
import { describe, expect, it } from 'vitest';
import type { Desired } from '../../src/model/resource.ts';
import { readJournal, replay } from '../../src/secrets/journal.ts';
import type { Line } from '../../src/model/keyring.ts';
import { desired, makeSite, SET, type Site } from '../support/make.ts';

const a = desired();
const absent: Desired = desired({ state: 'absent' });

/** A site whose key `a` somebody deleted. */
async function siteWithout(): Promise<Site> {
  const site = makeSite();
  await site.apply([a]);
  site.pass(60);
  await site.remove('a');
  return site;
}

function entriesOf({ disk }: Site) {
  const lines = readJournal(disk.text).lines.filter((line): line is Line => !('sealed' in line));
  return [...replay(lines).entries.values()];
}

const toldOf = (site: Site): readonly string[] =>
  entriesOf(site).map(({ name, gone, replaced }) =>
    [name, ...(gone === null ? [] : ['gone']), ...(replaced ? ['replaced'] : [])].join(' '),
  );

describe('a key that somebody deleted', () => {
  it.each<[string, (site: Site) => Promise<unknown>]>([
    ['was made anew', (site) => site.apply([a])],
    ['was made anew, and deleted by vkeys', (site) => site.apply([a]).then(() => site.apply([absent]))],
    ['was made anew, and pruned', (site) => site.apply([a]).then(() => site.apply([], { prune: true }))],
    ['was made anew under another name', (site) => site.apply([desired({ name: 'b', previously: ['a'] })])],
    ['is to be none', (site) => site.apply([absent])],
    [
      'was made anew by another machine',
      async (site) => {
        await site.make({ key_alias: 'a', metadata: { vkeys: { set: SET, name: 'a' } } });
        await site.apply([a]);
      },
    ],
    [
      'has a key of others in its place, which was taken over',
      async (site) => {
        await site.make({ key_alias: 'a' });
        await site.apply([a], { adopt: true });
      },
    ],
  ])('and that %s is replaced, and its secret is kept', async (_, then) => {
    const site = await siteWithout();
    const [old] = entriesOf(site);
    await then(site);
    const known = entriesOf(site).find(({ key_id }) => key_id === old?.key_id);
    expect([known?.gone === null, known?.replaced]).toEqual([false, true]);
    const lines = site.disk.text;
    await site.apply([a]);
    expect(site.disk.text.slice(lines.length)).not.toContain('"replaced"');
  });

  it.each<[string, (site: Site) => Promise<unknown>]>([
    ['while nobody asks for it', (site) => site.apply([])],
    ['while others are made and deleted', (site) => site.apply([desired({ name: 'b' }), absentOf('c')])],
  ])('is not replaced %s', async (_, then) => {
    const site = await siteWithout();
    await then(site);
    expect(toldOf(site)).toContain('a gone');
  });

  it('is not replaced by one that the server refuses', async () => {
    const site = await siteWithout();
    await site.apply([desired({ settings: { max_budget: -1 } })]);
    expect(toldOf(site)).toEqual(['a gone']);
  });

  it('is known again when the server shows it again', async () => {
    const site = await siteWithout();
    const [old] = entriesOf(site);
    await site.apply([absent]);
    expect(toldOf(site)).toEqual(['a gone replaced']);
    await site.make({ key_alias: 'a', key: old?.secret.reveal(), metadata: { vkeys: { set: SET, name: 'a' } } });
    await site.apply([a]);
    expect(toldOf(site)).toEqual(['a']);
  });
});

function absentOf(name: string): Desired {
  return desired({ name, state: 'absent' });
}
