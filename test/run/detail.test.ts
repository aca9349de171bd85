import { expect, it } from 'vitest';
import { withDetails } from '../../src/run/detail.ts';
import { FIELD_NAMES } from '../../src/kinds/key.ts';
import type { Live } from '../../src/model/model.ts';
import type { Server } from '../../src/apply/ports.ts';
import { desired, live, SET, snapshot } from '../support/make.ts';

const listed = new Set(FIELD_NAMES.filter((name) => name !== 'budget_id'));
const wanted = [desired({ key_alias: 'a', settings: { budget_id: 'b' } }), desired({ key_alias: 'plain' })];

function serverAsked(asked: string[], answer: (key_id: string) => Live | null): Pick<Server, 'info'> {
  return {
    info: (key_id) => {
      asked.push(key_id);
      return Promise.resolve(answer(key_id));
    },
  };
}

it('reads what lists leave out, for the keys for which it is wanted and no others', async () => {
  const keys = ['a', 'plain', 'other'].map((key_alias) => live({ key_alias }));
  const asked: string[] = [];
  const foreign = live({ key_alias: 'a', mark: null, key_id: 'f' });
  const whole = live({ settings: { budget_id: 'b' } });
  const server = serverAsked(asked, () => whole);
  const detailed = await withDetails(SET, wanted, snapshot([...keys, foreign], { listed }), server);
  expect(asked).toEqual([whole.key_id]);
  expect(detailed.keys[0]).toBe(whole);
  expect(detailed.listed?.has('budget_id')).toBe(true);
});

it('goes on with the row of a key that is gone meanwhile', async () => {
  const before = snapshot([live()], { listed });
  const detailed = await withDetails(
    SET,
    wanted,
    before,
    serverAsked([], () => null),
  );
  expect(detailed.keys).toEqual(before.keys);
});

it.each([
  ['nothing is left out', snapshot([live()])],
  ['no row was seen', snapshot([], { listed: null })],
])('asks nothing where %s', async (_, before) => {
  const asked: string[] = [];
  expect(
    await withDetails(
      SET,
      wanted,
      before,
      serverAsked(asked, () => null),
    ),
  ).toBe(before);
  expect(asked).toEqual([]);
});
