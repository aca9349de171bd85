import { expect, it } from 'vitest';
import { namedBy, withSessions, type Named } from '../../src/run/open.ts';
import { Secret } from '../../src/base/secret.ts';
import { makeMachine, URL_HERE } from './machine.ts';

const named = (more: Partial<Named>): Named => ({
  url: null,
  profile: null,
  timeout: null,
  credential: null,
  ...more,
});

it.each([
  ['a flag', { timeout: 1000 }, 2000, 1000],
  ['a spec', { timeout: undefined }, 2000, 2000],
  ['nobody', { timeout: undefined }, null, 30_000],
])('requests take as long as %s says', async (_, options, timeout, expected) => {
  const session = await withSessions(makeMachine().context(options), (sessions) => sessions.open(named({ timeout })));
  expect(session.connection.timeout).toBe(expected);
});

it('what one spec says of a server holds for others that name the same', () => {
  const credential = {
    kind: 'master-key',
    url: URL_HERE,
    source: 'f',
    ofEnvironment: false,
    secret: new Secret('sk-1'),
  } as const;
  const all = [named({ url: URL_HERE }), named({ url: URL_HERE, timeout: 1, credential }), named({ timeout: 2 })];
  expect(all.map((each) => namedBy(each, all))).toEqual([
    { url: URL_HERE, profile: null, timeout: 1, credential },
    { url: URL_HERE, profile: null, timeout: 1, credential },
    { url: null, profile: null, timeout: 2, credential: null },
  ]);
});
