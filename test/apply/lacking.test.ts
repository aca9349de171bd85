/** What is not made because what it names could not be made. */
import { expect, it } from 'vitest';
import { lackOf } from '../../src/apply/lacking.ts';
import type { Creation } from '../../src/model/change.ts';
import { thingId } from '../../src/model/keyring.ts';
import { desired } from '../support/make.ts';

const creation = (kind: string, name: string, settings: Creation['desired']['settings'] = {}): Creation => {
  const ref = { kind, name };
  return {
    action: 'create',
    ref,
    desired: desired({ ref, settings, id: name }),
    live: null,
    fields: [],
    takes: [],
    reason: null,
  };
};
const unmade = new Map(
  [creation('team', 'lab'), creation('user', 'ada'), creation('budget', 'ada')].map((change) => [
    thingId({ kind: change.ref.kind, id: change.ref.name }),
    change,
  ]),
);

it.each<[string, Creation, string | null]>([
  ['its team', creation('key', 'k', { team_id: 'lab' }), 'Its team lab could not be made.'],
  ['one of its first admins', creation('team', 't', { admins: ['bob', 'ada'] }), 'Its user ada could not be made.'],
  ['nothing that was to be made', creation('key', 'k', { team_id: 'other', user_id: null }), null],
  ['a thing of another kind under the same id', creation('key', 'k', { team_id: 'ada' }), null],
  ['what is no id', creation('team', 't', { admins: [5] }), null],
])('a thing that names %s', (_, change, message) => {
  expect(lackOf(change, unmade)?.message ?? null).toBe(message);
});
