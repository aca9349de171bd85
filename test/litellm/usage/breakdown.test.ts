import { describe, expect, it } from 'vitest';
import { MASTER } from '../../../src/model/usage.ts';
import { cellsOf, type BreakdownOptions } from '../../../src/litellm/usage/breakdown.ts';
import { keyNameIn } from '../../../src/litellm/usage/key-name.ts';
import type { ActivityDay } from '../../../src/litellm/usage/shapes.ts';

const [A, B, OWN] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
const counted = (api_requests: number) => ({
  metrics: { spend: api_requests, prompt_tokens: 0, completion_tokens: 0, api_requests, failed_requests: 0 },
  metadata: {},
});
const keys = (of: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(of).map(([key, requests]) => [key, counted(requests)]));
const part = (of: Readonly<Record<string, number>>) => ({ ...counted(0), api_key_breakdown: keys(of) });

/** The cells of a day as `key user model requests`. */
function told(breakdown: ActivityDay['breakdown'], options: Partial<BreakdownOptions> = {}): readonly string[] {
  const cells = cellsOf(
    { date: '2026-11-30', breakdown },
    { entity: 'user', byEntity: true, byModel: true, own: OWN, ...options },
  );
  return cells.map(({ key_id, user_id, model, requests }) =>
    [key_id?.slice(0, 1) ?? '-', user_id ?? '-', model ?? '-', requests].join(' '),
  );
}

describe('a day', () => {
  it('is told by keys alone, by users, by models, and by both where they meet in a key', () => {
    const day = {
      api_keys: keys({ [A]: 5, [B]: 2 }),
      entities: { ada: part({ [A]: 5 }), Unassigned: part({ [B]: 2 }) },
      models: { gpt: part({ [A]: 3, [B]: 2 }), claude: part({ [A]: 2 }) },
    };
    expect(told(day, { byEntity: false, byModel: false })).toEqual(['a - - 5', 'b - - 2']);
    expect(told(day, { byModel: false })).toEqual(['a ada - 5', 'b - - 2']);
    expect(told(day, { byEntity: false })).toEqual(['a - gpt 3', 'a - claude 2', 'b - gpt 2']);
    expect(told(day)).toEqual(['a ada gpt 3', 'a ada claude 2', 'b - gpt 2']);
  });

  it('leaves the model open where a key had several users and several models, and nothing else', () => {
    const api_keys = keys({ [A]: 5 });
    const entities = { ada: part({ [A]: 4 }), bob: part({ [A]: 1 }) };
    const models = { gpt: part({ [A]: 3 }), claude: part({ [A]: 2 }) };
    expect(told({ api_keys, entities, models })).toEqual(['a ada - 4', 'a bob - 1']);
    expect(told({ api_keys, entities, models: { gpt: part({ [A]: 5 }) } })).toEqual(['a ada gpt 4', 'a bob gpt 1']);
  });

  it('is told by models without keys where there are none', () => {
    const models = { gpt: { ...counted(3), api_key_breakdown: {} } };
    expect(told({ api_keys: keys({ [A]: 3 }), models })).toEqual(['- - gpt 3']);
  });
});

it.each([
  [A, 'ada', A],
  [MASTER, null, MASTER],
  [OWN, null, MASTER],
  [OWN, 'mine', OWN],
  ['', null, null],
  ['Bearer sk-refused', null, null],
  [`hashed-jwt-${A}`, null, null],
])('%s with the alias %s is of the key %s', (api_key, alias, name) => {
  expect(keyNameIn(api_key, alias, OWN)).toBe(name);
});
