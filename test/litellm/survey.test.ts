import { beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { Secret } from '../../src/base/secret.ts';
import { keyStore, maskOf } from '../../src/litellm/key-store.ts';
import type { Live } from '../../src/model/resource.ts';
import type { Survey, Wanted } from '../../src/model/survey.ts';
import { SANDBOX_VERSIONS, type SandboxVersion } from '../../src/sandbox/versions.ts';
import { answer, changed, makeGround, newSecret, type Ground, type Meddler } from './ground.ts';

/** More than the pages that are read whole. */
const OTHERS = 620;
const NAMES = Array.from({ length: 25 }, (_, index) => `lab-${String(index)}`);
const wanted = (more: Partial<Wanted>): Wanted => ({ ids: [], names: [], all: false, ...more });
const namesOf = ({ lives }: Survey) => lives.map(({ name }) => name ?? '').toSorted();
const byId = (a: Live, b: Live): number => (a.id < b.id ? -1 : 1);

type Crowd = { readonly ground: Ground; readonly ids: readonly string[]; readonly masks: ReadonlyMap<string, string> };

/** 25 keys of ours among those of others; the first five have permissions and a budget. */
async function crowd(version: SandboxVersion): Promise<Crowd> {
  const ground = makeGround(version);
  for (let index = 0; index < OTHERS / 2; index += 1) await ground.make({ key_alias: `other-${String(index)}` });
  const secrets = NAMES.map(() => newSecret());
  for (const [index, secret] of secrets.entries()) {
    const more = index < 5 ? { object_permission: { agents: ['a'], vector_stores: ['v'] }, soft_budget: 3 } : {};
    await ground.make({ key_alias: NAMES[index] ?? '', metadata: { vkeys: { set: 'ws' } }, ...more }, secret);
  }
  for (let index = 0; index < OTHERS / 2; index += 1) await ground.make({ key_alias: `lab-${String(index)}-x` });
  ground.forget();
  const all = secrets.map((secret) => new Secret(secret));
  return {
    ground,
    ids: all.map((secret) => secret.hash()),
    masks: new Map(all.map((secret) => [secret.hash(), maskOf(secret)])),
  };
}

const GONE = Array.from({ length: 1000 }, () => new Secret(newSecret()));
const goneIds = GONE.map((secret) => secret.hash());
const goneMasks = new Map(GONE.map((secret) => [secret.hash(), maskOf(secret)]));

describe.each(SANDBOX_VERSIONS)('a big server of %s', (version) => {
  let ground: Ground;
  let ids: readonly string[];
  let masks: ReadonlyMap<string, string>;
  beforeAll(async () => {
    ({ ground, ids, masks } = await crowd(version));
  });
  const survey = async (more: Partial<Wanted>, look = {}): Promise<Survey> => {
    ground.forget();
    return keyStore(ground.connection, look).survey(wanted(more));
  };
  const isBulk = version !== '1.65.8' && version !== '1.77.7';

  it('says whether a new name is free', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `new-${String(index)}`);
    const { lives, complete } = await survey({ names });
    expect({ lives, complete }).toEqual({ lives: [], complete: false });
    expect(ground.asked.length).toBeLessThanOrEqual(isBulk ? 2 : 26);
  });

  it('has all that is known, and everything under its names', async () => {
    const seen = await survey({ ids, names: NAMES, masks }, { fields: new Set() });
    expect(namesOf(seen)).toEqual(NAMES.toSorted());
    expect(seen.lives.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted());
    expect(ground.asked.length).toBeLessThanOrEqual(isBulk ? 3 : 28);
  });

  it('has it without the ends of the secrets too', async () => {
    expect(namesOf(await survey({ ids, names: NAMES }))).toEqual(NAMES.toSorted());
    expect(ground.asked.length).toBeLessThanOrEqual(40);
    expect(namesOf(await survey({ ids }))).toEqual(NAMES.toSorted());
    expect(namesOf(await survey({ names: NAMES }))).toEqual(NAMES.toSorted());
  });

  it('is asked little by a machine that knows no hashes, where names begin alike', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `crew-${version}-${String(index)}`);
    for (const key_alias of names) await ground.make({ key_alias, object_permission: { agents: ['a'] } });
    const { lives } = await survey({ names });
    expect(lives.map(({ name }) => name ?? '').toSorted()).toEqual(names.toSorted());
    if (version !== '1.65.8') for (const { settings } of lives) expect(settings).toHaveProperty('object_permission');
    expect(ground.asked.length).toBeLessThanOrEqual(isBulk ? 3 : 28);
  });

  it('has rows that are the same as those of its list', async () => {
    const fields = new Set(['object_permission', 'budget_id', 'max_budget']);
    const one = await survey({ ids, names: NAMES, masks }, { fields });
    const all = await survey({ ids, names: NAMES, masks, all: true, keep: () => false }, { fields });
    expect(one.lives.toSorted(byId)).toEqual(all.lives.toSorted(byId));
    expect(one.listed).toEqual(all.listed);
    expect([one.complete, all.complete]).toEqual([false, true]);
    const first = all.lives.find(({ name }) => name === 'lab-0');
    if (version !== '1.65.8') expect(first?.settings['object_permission']).toMatchObject({ agents: ['a'] });
    expect(first?.settings['budget_id']).toEqual(expect.any(String));
  });

  it('tells in five requests that a thousand keys are gone', async () => {
    const names = isBulk ? GONE.map((_, index) => `gone-${String(index)}`) : [];
    expect((await survey({ ids: goneIds, masks: goneMasks, names })).lives).toEqual([]);
    expect(ground.asked.length).toBeLessThanOrEqual(5);
    expect((await survey({ ids: goneIds })).lives).toEqual([]);
    expect(ground.asked.length).toBeLessThanOrEqual(5);
    expect((await survey({ ids: goneIds, all: true, keep: () => false })).lives).toEqual([]);
    expect(ground.asked.length).toBeLessThanOrEqual(5 + 7);
  });

  it('tells keys apart whose secrets end alike', async () => {
    const twins = ['aaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbb'].map((text) => new Secret(`sk-${text}same`));
    const [first = '', second = ''] = twins.map((secret) => secret.hash());
    const ends = new Map([...masks, ...twins.map((secret) => [secret.hash(), maskOf(secret)] as const)]);
    await ground.make({ key_alias: `same-${version}` }, twins[1]?.reveal());
    for (const asked of [
      [...ids, first, second],
      [second, first, ...ids],
    ]) {
      const { lives } = await survey({ ids: asked, masks: ends });
      expect(lives.map(({ id }) => id).toSorted()).toEqual([...ids, second].toSorted());
    }
  });

  it.each(['', 'a\\b', '%', 'LAB-0', 'lab_0'])('takes a name like %j for nothing else', async (name) => {
    expect(namesOf(await survey({ names: [name] }))).toEqual([]);
    await ground.make({ key_alias: name });
    expect(namesOf(await survey({ names: [name, 'lab-0'] }))).toEqual([name, 'lab-0'].toSorted());
  });

  it.each<[string, Meddler]>([
    [
      'refuses to be asked in bulk',
      (url) => (isInfos(url) ? Promise.resolve(answer(403, { detail: 'no' })) : undefined),
    ],
    ['has nothing in bulk answers', (url) => (isInfos(url) ? Promise.resolve(answer(200, { info: [] })) : undefined)],
    ['drops the filter of the list', (url, init, honest) => honest(url.href.replace(/&key_alias=[^&]*/, ''), init)],
    [
      'hides the ends of the secrets',
      (url, init, honest) => (isInfos(url) ? changed(honest(url.href, init), noEnds) : undefined),
    ],
  ])('that %s is asked otherwise', async (_, meddler) => {
    ground.meddle(meddler);
    try {
      const seen = await survey({ ids: [...ids, ...goneIds.slice(0, 5)], names: NAMES, masks });
      expect(namesOf(seen)).toEqual(NAMES.toSorted());
      expect(ground.asked.length).toBeLessThan(100);
    } finally {
      ground.meddle(null);
    }
  });
});

function isInfos({ pathname }: URL): boolean {
  return pathname === '/v2/key/info';
}

function noEnds({ info, ...rest }: { readonly [name: string]: Json }): Json {
  const rows = Array.isArray(info) ? (info as readonly object[]) : [];
  return { ...rest, info: rows.map((row) => ({ ...row, key_name: null })) };
}

describe.each(SANDBOX_VERSIONS)('a small server of %s', (version) => {
  it('is read whole, and what its list lacks is asked for', async () => {
    const ground = makeGround(version);
    const ids = [await ground.make({ key_alias: 'ada' }), await ground.make({ key_alias: 'bob' })];
    const hideBob: Meddler = (url, init, honest) =>
      url.pathname === '/key/list'
        ? changed(honest(url.href, init), ({ keys, ...rest }) => ({
            ...rest,
            total_count: 1,
            keys: Array.isArray(keys)
              ? (keys as readonly Json[]).filter((row) => JSON.stringify(row).includes('"ada"'))
              : [],
          }))
        : undefined;
    ground.meddle(hideBob);
    const { lives, complete } = await keyStore(ground.connection).survey(wanted({ ids }));
    expect([lives.map(({ name }) => name ?? '').toSorted(), complete]).toEqual([['ada', 'bob'], true]);
  });

  it('that is empty costs two requests, whatever is known', async () => {
    const ground = makeGround(version);
    const seen = await keyStore(ground.connection).survey(wanted({ ids: goneIds, names: NAMES }));
    expect([seen.lives, seen.complete, seen.listed]).toEqual([[], true, null]);
    expect(ground.asked.length).toBe(2);
  });

  it('shows the columns that vkeys does not know, where they are asked for', async () => {
    const ground = makeGround(version);
    await ground.make({ key_alias: 'ada', metadata: { new_field: 7 } });
    const look = { columns: ['new_field', 'created_by', 'nothing'] };
    const [ada] = (await keyStore(ground.connection, look).survey(wanted({}))).lives;
    expect(ada?.extra).toMatchObject({ new_field: 7 });
    expect(Object.keys(ada?.extra ?? {})).not.toContain('nothing');
    expect((await keyStore(ground.connection).survey(wanted({}))).lives[0]?.extra).toEqual({});
  });
});
