/** A path with a place for each user who has access to a key. */
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Known } from '../../src/apply/ports.ts';
import type { Place } from '../../src/model/place.ts';
import { delivererTo, dotenv, folder, gone, handout, HOST, known } from './handouts.ts';

const SHARED = { '{KEY_ALIAS}_KEY': '{key}', URL: '{api_base_url}', WHO: '{each_user}' };
const SHARED_BY_ALL = { '{KEY_ALIAS}_KEY': '{key}' };
const sharedWith = (user: string, others: readonly string[], places: readonly Place[] = []): Known => {
  const one = known(handout(user, { user_id: null }), places);
  return { ...one, desired: { ...one.desired, sharing: { shared_with: others, groups: {} } } };
};

test('a key is put into each of them, and each is remembered', async () => {
  const at = await folder();
  const deliverer = delivererTo([dotenv(join(at, '{each_user}.env'), SHARED)]);
  const [one, two] = [sharedWith('one', ['ada', 'bob']), sharedWith('two', ['ada'])];
  const places = await deliverer.places([one, two]);
  const placeOf = (user: string, name: string) => ({
    sink: 'dotenv',
    path: join(at, `${user}.env`),
    host: HOST,
    detail: expect.objectContaining({ variables: expect.objectContaining({ [name]: '{key}', WHO: user }) }),
  });
  expect(places.get(one.live.id)).toEqual([placeOf('ada', 'LAB_ONE_KEY'), placeOf('bob', 'LAB_ONE_KEY')]);
  expect(places.get(two.live.id)).toEqual([placeOf('ada', 'LAB_TWO_KEY')]);
  const put = await deliverer.put([one, two]);
  expect([put.placed, put.written]).toEqual([places, [join(at, 'ada.env'), join(at, 'bob.env')]]);
  expect(readFileSync(join(at, 'ada.env'), 'utf8')).toBe(
    'LAB_ONE_KEY=sk-one-secret\nURL=https://litellm.example.com/v1\nWHO=ada\nLAB_TWO_KEY=sk-two-secret\n',
  );
});

test('it is taken from who has it no longer, and what others wrote there stays', async () => {
  const at = await folder();
  const deliverer = delivererTo([dotenv(join(at, '{each_user}.env'), SHARED)]);
  writeFileSync(join(at, 'bob.env'), '# mine\nMINE=1\n');
  const first = sharedWith('one', ['ada', 'bob']);
  const { placed } = await deliverer.put([first]);
  const now = sharedWith('one', ['zoe'], placed.get(first.live.id));
  const stale = await deliverer.stale([now], []);
  expect(stale).toEqual({
    put: [join(at, 'zoe.env')],
    remove: [join(at, 'ada.env'), join(at, 'bob.env')],
    unknown: [],
    unheld: [],
  });
  await deliverer.put([now]);
  expect(existsSync(join(at, 'ada.env'))).toBe(false);
  expect(readFileSync(join(at, 'bob.env'), 'utf8')).toBe('# mine\nMINE=1\n');
  expect(readFileSync(join(at, 'zoe.env'), 'utf8')).toContain('LAB_ONE_KEY=sk-one-secret\n');
});

test('a key that is gone is found with each user, although nobody remembers where it was', async () => {
  const at = await folder();
  const deliverer = delivererTo([{ to: 'csv', path: join(at, '{each_user}.csv') }]);
  await deliverer.put([sharedWith('one', ['ada', 'bob']), sharedWith('two', ['bob'])]);
  await deliverer.remove([gone(handout('one'))]);
  expect(existsSync(join(at, 'ada.csv'))).toBe(false);
  expect(readFileSync(join(at, 'bob.csv'), 'utf8')).toMatch(/^user,.*\ntwo,,lab-two,sk-two-secret,[^\n]*\n$/);
});

test('a key that nobody has access to goes nowhere by it', async () => {
  const at = await folder();
  const deliverer = delivererTo([{ to: 'json', path: join(at, '{each_user}.json') }]);
  const nobody = sharedWith('one', []);
  expect(await deliverer.put([nobody])).toMatchObject({ placed: new Map([[nobody.live.id, []]]), written: [] });
});

test('a user who is no name for a file makes the hand-out fail, and nothing else', async () => {
  const at = await folder();
  const deliverer = delivererTo([{ to: 'csv', path: join(at, '{each_user}.csv') }]);
  const [odd, fine] = [sharedWith('one', ['../ada']), sharedWith('two', ['bob'])];
  const { failed, written } = await deliverer.put([odd, fine]);
  expect([[...failed.keys()], written]).toEqual([[odd.live.id], [join(at, 'bob.csv')]]);
});

test('a file that would be that of two users is the file of the first, and the other key fails', async () => {
  const at = await folder();
  const shared = { '{KEY_ALIAS}_KEY': '{key}' };
  const deliverer = delivererTo([
    dotenv(join(at, 'all.env'), shared),
    dotenv(join(at, '{each_user}{user}.env'), shared),
  ]);
  const [one, two] = [sharedWith('one', ['ada-']), sharedWith('-one', ['ada'])];
  const { failed } = await deliverer.put([one, two]);
  expect([...failed].map(([key_id, { message }]) => [key_id, message])).toEqual([
    [two.live.id, `lab--one was not delivered: ${join(at, 'ada-one.env')} would be a file of both ada- and ada.`],
  ]);
  expect(readFileSync(join(at, 'ada-one.env'), 'utf8')).toBe('LAB_ONE_KEY=sk-one-secret\n');
  expect(readFileSync(join(at, 'all.env'), 'utf8')).toBe('LAB_ONE_KEY=sk-one-secret\nLAB__ONE_KEY=sk--one-secret\n');
});

test('who lost access loses the key, although the file of another cannot be written', async () => {
  const at = await folder();
  const deliverer = delivererTo([dotenv(join(at, '{each_user}.env'), SHARED)]);
  const first = sharedWith('one', ['ada', 'bob', 'zoe']);
  const { placed } = await deliverer.put([first]);
  rmSync(join(at, 'bob.env'));
  mkdirSync(join(at, 'bob.env'));
  const { failed, withdrawn } = await deliverer.put([sharedWith('one', ['bob', 'zoe'], placed.get(first.live.id))]);
  expect([[...failed.keys()], withdrawn]).toEqual([[first.live.id], [join(at, 'ada.env')]]);
  expect([existsSync(join(at, 'ada.env')), existsSync(join(at, 'zoe.env'))]).toEqual([false, true]);
});

test('files that move stay where they are while one of the new ones cannot be written', async () => {
  const at = await folder();
  const first = sharedWith('one', ['ada', 'bob']);
  const { placed } = await delivererTo([dotenv(join(at, '{each_user}', 'a.env'), SHARED)]).put([first]);
  mkdirSync(join(at, 'ada.env'));
  const moving = delivererTo([dotenv(join(at, '{each_user}.env'), SHARED)]);
  const again = sharedWith('one', ['ada', 'bob'], placed.get(first.live.id));
  expect((await moving.put([again])).withdrawn).toEqual([]);
  expect(existsSync(join(at, 'ada', 'a.env'))).toBe(true);
});

test.skipIf(process.platform === 'win32')('a link to a file is emptied, and filled again', async () => {
  const at = await folder();
  const deliverer = delivererTo([dotenv(join(at, '{each_user}.env'), SHARED)]);
  const [mine, real] = [join(at, 'ada.env'), join(at, 'real')];
  writeFileSync(real, '', { mode: 0o600 });
  symlinkSync('real', mine);
  const first = sharedWith('one', ['ada']);
  const places = (await deliverer.put([first])).placed.get(first.live.id);
  const none = sharedWith('one', [], places);
  for (const withdrawn of [[mine], []]) {
    expect(await deliverer.put([none])).toMatchObject({ failed: new Map(), withdrawn });
    expect([lstatSync(mine).isSymbolicLink(), readFileSync(real, 'utf8')]).toEqual([true, '']);
    expect((await deliverer.stale([none], [])).remove).toEqual([]);
  }
  expect((await deliverer.put([first])).written).toEqual([mine]);
  expect(readFileSync(real, 'utf8')).toContain('sk-one-secret');
  rmSync(real);
  expect(await deliverer.put([none])).toMatchObject({ failed: new Map(), withdrawn: [] });
  expect((await deliverer.check([first])).refusals).toMatchObject([
    { message: `${mine} is a link that leads nowhere.` },
  ]);
});

test('it is taken from who has it no longer, although nobody remembers that it was there, and left where it is wanted', async () => {
  const at = await folder();
  const all = dotenv(join(at, 'all.env'), SHARED_BY_ALL);
  const deliverer = delivererTo([dotenv(join(at, '{each_user}.env'), SHARED_BY_ALL), all]);
  const two = sharedWith('two', ['ada']);
  await deliverer.put([sharedWith('one', ['ada', 'bob']), two]);
  const now = [{ ...sharedWith('one', ['bob']), secret: null }, two];
  expect((await deliverer.stale(now, [])).remove).toEqual([join(at, 'ada.env')]);
  expect(await deliverer.withdraw(now)).toEqual({ written: [join(at, 'ada.env')], failed: new Map() });
  expect(readFileSync(join(at, 'ada.env'), 'utf8')).toBe('LAB_TWO_KEY=sk-two-secret\n');
  for (const file of ['bob.env', 'all.env']) expect(readFileSync(join(at, file), 'utf8')).toContain('sk-one-secret');
  expect((await deliverer.stale(now, [])).remove).toEqual([]);
});
