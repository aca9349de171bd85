/** Keys that had ended are deleted, and what the keyring knows of them keeps their spec from making them anew. */
import { describe, expect, it } from 'vitest';
import { applyAll, type Applied } from '../../src/apply/levels.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import type { Deletion } from '../../src/model/change.ts';
import type { Keyring } from '../../src/model/keyring.ts';
import type { Survey } from '../../src/model/survey.ts';
import { deletion } from '../../src/plan/deletion.ts';
import { connect, delivererTo, desired, keyringOn, makeSite, plan, ports, type Site } from '../support/make.ts';

const HOUR = 3600;
const WANTED = [desired({ name: 'a', lifetime: { duration: '1h' } }), desired({ name: 'b' })];

async function endedSite(): Promise<Site> {
  const site = makeSite();
  await site.apply(WANTED);
  site.pass(2 * HOUR);
  return site;
}

/** Deletes the key a, as one that had ended. */
async function collect(site: Site, keyring: Keyring = keyringOn(site.disk)): Promise<Applied | undefined> {
  const store = keyStore(connect(site.fetch, { now: site.now }));
  const survey: Survey = await store.survey({ ids: [], names: ['a'], all: false });
  const changes = survey.lives
    .filter(({ name }) => name === 'a')
    .map((live): Deletion => ({ ...deletion({ kind: 'key', name: 'a' }, live, 'matched', null), hadEnded: true }));
  const work = { plan: plan(changes), keyring, deliverer: delivererTo(site.shelf), isSurveyed: false };
  const stores = new Map([['key', store]] as const);
  const { applied } = await applyAll([work], ports({ stores, surveys: new Map([['key', survey]]), now: site.now }));
  return applied[0];
}

async function namesIn(site: Site): Promise<readonly unknown[]> {
  return (await site.keys()).map(({ name }) => name);
}

/** Afterwards the spec says of it that it ended, however often it is applied. */
async function expectEnded(site: Site): Promise<void> {
  for (let time = 0; time < 2; time += 1) {
    const { plan: made } = await site.apply(WANTED);
    expect(made.notices.map(({ code, ref }) => [code, ref?.name])).toEqual([['ended', 'a']]);
    expect(await namesIn(site)).toEqual(['b']);
  }
  expect([...site.shelf.keys()]).toEqual(['b']);
}

describe('a key that had ended is not made anew', () => {
  it('after it was deleted', async () => {
    const site = await endedSite();
    expect((await collect(site))?.outcomes).toMatchObject([{ status: 'applied', live: null }]);
    await expectEnded(site);
  });

  it.each([1, 2, 3])('when the run is cut at what it notes as number %d', async (last) => {
    const site = await endedSite();
    const inner = keyringOn(site.disk);
    let notes = 0;
    const record: Keyring['record'] = async (lines) => {
      notes += 1;
      if (notes >= last) throw new Error('cut');
      await inner.record(lines);
    };
    await collect(site, { ...inner, record }).catch(() => undefined);
    await collect(site);
    await expectEnded(site);
  });

  it('when its end was moved past the keyring', async () => {
    const site = await endedSite();
    const key = (await site.keys()).find(({ name }) => name === 'a');
    await site.update(key?.id ?? '', { duration: '1h' });
    site.disk.text = site.disk.text.replaceAll(/"expires":"[^"]*"/g, '"expires":null');
    site.pass(2 * HOUR);
    await collect(site);
    await expectEnded(site);
  });
});

it('one whose creation was not finished is', async () => {
  const site = await endedSite();
  site.disk.text = site.disk.text.replaceAll('"op":"done"', '"op":"created"');
  await collect(site);
  await site.apply(WANTED);
  expect(new Set(await namesIn(site))).toEqual(new Set(['a', 'b']));
});

it('one that the keyring does not know is deleted as any other', async () => {
  const site = await endedSite();
  site.disk.text = '';
  expect((await collect(site))?.outcomes).toMatchObject([{ status: 'applied' }]);
  expect(await namesIn(site)).toEqual(['b']);
});
