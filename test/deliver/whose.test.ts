/** One keyring for several folders, files of specs and machines: what each of them takes back, and what it leaves to others. */
import { existsSync } from 'node:fs';
import { rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Place } from '../../src/model/place.ts';
import { delivererTo, dotenv, folder, gone, handout, HOST, known, TO } from './handouts.ts';

const ADA = handout('ada');
const OLD = 'old.env';

/** A folder with the hand-out `old.env` of Ada's key, and two files of specs. */
async function scene() {
  const at = await folder();
  for (const name of ['mine.yaml', 'theirs.yaml']) await writeFile(join(at, name), '');
  const { placed } = await delivererTo([dotenv(join(at, OLD))]).put([known(ADA)]);
  const { host: _, ...put } = placed.get(ADA.key_id)?.[0] ?? { sink: '', path: '' };
  const mine = join(at, 'mine.yaml');
  const to = (path: string) => delivererTo([{ ...dotenv(path), spec: mine }], TO, { host: HOST, files: [mine] });
  const remembered = (more: Partial<Place>): Place => ({ ...put, ...more });
  return { at, mine, to, remembered };
}

type Scene = Awaited<ReturnType<typeof scene>>;

describe('where the spec has another place now, the old one', () => {
  const cases: readonly [string, (scene: Scene) => Partial<Place>, boolean][] = [
    ['of the same file of the spec is taken back', ({ mine }) => ({ host: HOST, spec: mine }), true],
    ['of a spec from stdin is taken back', () => ({ host: HOST }), true],
    ['of nobody knows whom is taken back', () => ({}), true],
    ['of another file stays', ({ at }) => ({ host: HOST, spec: join(at, 'theirs.yaml') }), false],
    ['of a file that is there no more is taken back', ({ at }) => ({ host: HOST, spec: join(at, 'no.yaml') }), true],
    [
      'of a file in a folder that is one no more is taken back',
      ({ mine }) => ({ host: HOST, spec: `${mine}/x` }),
      true,
    ],
    ['of the same file by another name is taken back', ({ at }) => ({ host: HOST, spec: join(at, 'link.yaml') }), true],
    [
      'of the same file on another machine, whose folder is this one, goes',
      ({ mine }) => ({ host: 'x', spec: mine }),
      true,
    ],
    ['of a file that only another machine has stays', ({ at }) => ({ host: 'x', spec: join(at, 'no.yaml') }), false],
  ];

  test.each(cases)('%s, and the plan says so', async (_, more, isTaken) => {
    const one = await scene();
    const { at, mine, to, remembered } = one;
    await symlink(mine, join(at, 'link.yaml'));
    const place = remembered(more(one));
    const ada = known(ADA, [place]);
    const path = join(at, 'new.env');
    expect((await to(path).stale([ada], [])).remove).toEqual(isTaken ? [place.path] : []);
    const put = await to(path).put([ada]);
    expect([existsSync(place.path), put.others.get(ADA.key_id)]).toEqual([!isTaken, isTaken ? [] : [place]]);
    const after = known(ADA, [...(put.placed.get(ADA.key_id) ?? []), ...(put.others.get(ADA.key_id) ?? [])]);
    expect(await to(path).stale([after], [])).toEqual({ put: [], remove: [], unknown: [], unheld: [] });
    expect(await to(path).put([after])).toEqual({ ...put, written: [], withdrawn: [] });
  });

  test('of another machine that is not here stays remembered, for that machine to take back', async () => {
    const { at, mine, to } = await scene();
    const place: Place = { sink: 'dotenv', path: join(at, 'there.env'), host: 'x', spec: mine };
    const { others } = await to(join(at, 'new.env')).put([known(ADA, [place])]);
    expect(others.get(ADA.key_id)).toEqual([place]);
  });

  test('stays where another file of this machine wants it too', async () => {
    const { at, mine, to, remembered } = await scene();
    const [own, others] = [
      remembered({ host: HOST, spec: mine }),
      remembered({ host: HOST, spec: join(at, 'theirs.yaml') }),
    ];
    const ada = known(ADA, [own, others]);
    expect((await to(join(at, 'new.env')).stale([ada], [])).remove).toEqual([]);
    const put = await to(join(at, 'new.env')).put([ada]);
    expect([existsSync(own.path), put.others.get(ADA.key_id)]).toEqual([true, [others]]);
    expect(put.placed.get(ADA.key_id)?.map(({ path }) => path)).toEqual([join(at, 'new.env')]);
  });

  test('is taken back although another machine has one at that path', async () => {
    const { at, mine, to, remembered } = await scene();
    const [here, there] = [HOST, 'x'].map((host) => remembered({ host, spec: mine }));
    if (here === undefined || there === undefined) throw new Error('two places');
    const put = await to(join(at, 'new.env')).put([known(ADA, [here, there])]);
    expect([existsSync(here.path), put.others.get(ADA.key_id)]).toEqual([false, [there]]);
  });
});

describe('the same place', () => {
  const oldAt = ({ at, to }: Scene) => to(join(at, OLD));

  test('asked for by a file that was renamed is taken over', async () => {
    const one = await scene();
    await rename(join(one.at, 'theirs.yaml'), join(one.at, 'renamed.yaml'));
    const place = one.remembered({ host: HOST, spec: join(one.at, 'theirs.yaml') });
    const put = await oldAt(one).put([known(ADA, [place])]);
    expect([put.placed.get(ADA.key_id)?.map(({ spec }) => spec), put.others.get(ADA.key_id), put.written]).toEqual([
      [one.mine],
      [],
      [],
    ]);
  });

  test('of a machine with a new name, as each container has one, is taken over', async () => {
    const one = await scene();
    const put = await oldAt(one).put([known(ADA, [one.remembered({ host: 'x', spec: one.mine })])]);
    expect([put.placed.get(ADA.key_id)?.map(({ host }) => host), put.others.get(ADA.key_id)]).toEqual([[HOST], []]);
  });

  test('on two machines is remembered for both', async () => {
    const one = await scene();
    const place: Place = { sink: 'dotenv', path: join(one.at, 'both.env'), host: 'x', spec: one.mine };
    const put = await one.to(place.path).put([known(ADA, [place])]);
    expect(put.placed.get(ADA.key_id)?.map(({ host }) => host)).toEqual([HOST]);
    expect(put.others.get(ADA.key_id)).toEqual([place]);
  });

  test('of two files keeps the variables of both', async () => {
    const at = await folder();
    const files = ['one.yaml', 'two.yaml'].map((name) => join(at, name));
    for (const file of files) await writeFile(file, '');
    const path = join(at, '.env');
    let places: readonly Place[] = [];
    const apply = async (spec: string, variable: string): Promise<readonly string[]> => {
      const deliverer = delivererTo([{ ...dotenv(path, { [variable]: '{key}' }), spec }], TO, {
        host: HOST,
        files: [spec],
      });
      const put = await deliverer.put([known(ADA, places)]);
      places = [...(put.placed.get(ADA.key_id) ?? []), ...(put.others.get(ADA.key_id) ?? [])];
      return put.written;
    };
    const [one = '', two = ''] = files;
    expect([await apply(one, 'ONE'), await apply(two, 'TWO')]).toEqual([[path], [path]]);
    expect([await apply(one, 'ONE'), await apply(two, 'TWO'), places.length]).toEqual([[], [], 2]);
    await delivererTo([]).remove([gone(ADA, places)]);
    expect(existsSync(path)).toBe(false);
  });
});

test('of other machines as many are remembered as may still be there', async () => {
  const { at, mine, to } = await scene();
  const places = Array.from({ length: 40 }, (_, index): Place => ({
    sink: 'dotenv',
    path: join(at, 'there.env'),
    host: `ci-${String(index)}`,
    spec: mine,
  }));
  const { others } = await to(join(at, 'new.env')).put([known(ADA, places)]);
  expect(others.get(ADA.key_id)).toEqual(places.slice(-32));
});

describe('a key that is gone', () => {
  test.each([
    ['another file', 'theirs.yaml', HOST],
    ['a machine whose folder is this one', 'mine.yaml', 'x'],
  ])('is taken out of the hand-out of %s too', async (_, spec, host) => {
    const { at, to, remembered } = await scene();
    const place = remembered({ host, spec: join(at, spec) });
    const ada = gone(ADA, [place]);
    expect((await to(join(at, 'new.env')).stale([], [ada])).remove).toEqual([place.path]);
    const { removed, elsewhere } = await to(join(at, 'new.env')).remove([ada]);
    expect([existsSync(place.path), removed.get(ADA.key_id), elsewhere]).toEqual([false, [place], []]);
  });

  test('is told to be on another machine where its secret is not here, or is here by another apply', async () => {
    const { at, mine, to, remembered } = await scene();
    const [here, there] = [HOST, 'x'].map((host) => remembered({ host, spec: mine }));
    const far: Place = { sink: 'csv', path: join(at, 'keys.csv'), host: 'y' };
    if (here === undefined || there === undefined) throw new Error('two places');
    const { removed, elsewhere } = await to(join(at, 'new.env')).remove([gone(ADA, [here, there, far])]);
    expect(elsewhere).toEqual([there, far].map(({ host, path }) => ({ name: 'lab-ada', host, path })));
    expect([existsSync(here.path), removed.get(ADA.key_id)?.length]).toEqual([false, 3]);
  });

  test('stays in a file of that name which holds something else', async () => {
    const { at, to } = await scene();
    const path = join(at, 'foreign.env');
    await writeFile(path, 'OPENAI_API_KEY=sk-of-somebody-else\n');
    await to(join(at, 'new.env')).remove([gone(ADA, [{ sink: 'dotenv', path, host: 'x' }])]);
    expect(existsSync(path)).toBe(true);
  });
});
