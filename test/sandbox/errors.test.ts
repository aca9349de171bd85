import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { bench, errorOf, textOf } from './harness.ts';

function told(path: string, body: Json): readonly unknown[] {
  return SANDBOX_VERSIONS.map((version) => {
    const { make, post } = bench({ version });
    make({ key_alias: 'taken' });
    const refused = post(path, body);
    return `${String(refused.status)} ${textOf(errorOf(refused).type)}`;
  });
}

describe('a body that is no object', () => {
  it.each([null, []])('is refused in four ways: %j', (body) => {
    const lost = '500 internal_server_error';
    const answers = ['401 auth_error', '401 auth_error', '500 ', lost, '400 invalid_request_error'];
    expect(told('/key/generate', body)).toEqual(answers);
  });
});

it('types errors by their status on the newest version', () => {
  const older = '400 internal_server_error';
  expect(told('/key/generate', { key: 'no-prefix-000000000000', max_budget: 1 })).toEqual([
    '200 ',
    older,
    older,
    older,
    '400 invalid_request_error',
  ]);
  const inUpdate = '400 auth_error';
  expect(told('/key/update', { key: 'sk-nobody', duration: 'never' })[4]).toBe('404 not_found_error');
  expect(told('/key/generate', { key_alias: 'taken' })).toEqual(SANDBOX_VERSIONS.map(() => '400 bad_request_error'));
  expect(told('/key/generate', { tags: ['a'] })).toEqual([
    ...SANDBOX_VERSIONS.slice(0, 4).map(() => '403 internal_server_error'),
    '403 auth_error',
  ]);
  const durations = SANDBOX_VERSIONS.map((version) => {
    const { make, post } = bench({ version });
    const refused = post('/key/update', { key: make({}).hash, duration: 'never' });
    return [`${String(refused.status)} ${textOf(errorOf(refused).type)}`, errorOf(refused).message];
  });
  const wrong = [inUpdate, 'Authentication Error, Invalid duration format'];
  expect(durations).toEqual([wrong, wrong, wrong, wrong, ['400 invalid_request_error', 'Invalid duration format']]);
});
