import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { FIELD_NAMES, KEY } from '../../src/kinds/key.ts';
import { difference, type ServerFacts } from '../../src/plan/diff.ts';
import { desired, live, NOW } from '../support/make.ts';

const facts: ServerFacts = { kind: KEY, now: NOW, listed: new Set(FIELD_NAMES), version: '1.110.2' };
const between = (extra: JsonObject, found: JsonObject) => difference(desired({ extra }), live({ extra: found }), facts);

it('a field that vkeys does not know is changed when it is edited, whatever it is', () => {
  expect(between({ a: 1, b: { x: [1], y: 2 }, c: null }, { a: 2, b: { y: 2, x: [1] }, c: 3, d: 4 })).toEqual({
    changes: [
      { field: 'a', from: 2, to: 1 },
      { field: 'c', from: 3, to: null },
    ],
    notices: [],
  });
});

it('a field that the server does not have at all is told, and promised by no plan', () => {
  const { changes, notices } = between({ modles: ['a'], gone: null }, {});
  expect(changes).toEqual([]);
  expect(notices.map(({ code, message }) => [code, message])).toEqual([
    ['unsupported', 'extra: modles is dropped by LiteLLM 1.110.2, or not shown: it has no such field.'],
  ]);
});
