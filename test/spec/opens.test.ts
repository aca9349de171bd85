import { expect, it } from 'vitest';
import { keysOf, load, messagesOf } from './load.ts';

const spec = (lines: string, zone = ''): string => `${zone}keys:\n  - key_alias: a\n${lines}`;

it.each([
  ["    opens: '2026-12-11T08:00:00+01:00'\n", '2026-12-11T07:00:00.000Z'],
  ['    opens: 2026-12-11\n', '2026-12-10T23:00:00.000Z'],
  ['    opens: 2026-12-11 08:00\n', '2026-12-11T07:00:00.000Z'],
  ['    opens: null\n', undefined],
])('%s is %s', async (lines, moment) => {
  const [key] = await keysOf(spec(lines, 'time_zone: Europe/Berlin\ndefaults: { opens: 2026-12-01 }\n'));
  expect(key?.opens).toBe(moment);
});

it('has a zone, and is a text', async () => {
  expect(await messagesOf(spec('    opens: 2026-12-11\n'))).toEqual([
    expect.stringContaining('opens "2026-12-11" has no time zone.'),
  ]);
  const { problems } = await load(spec('    opens: 5\n'));
  expect(problems).toContain('Write the day, the time and its zone');
  expect(await messagesOf(spec('    opens: soon\n'))).toEqual([expect.stringContaining('opens "soon" is no moment.')]);
});

it('is in a column of a roster', async () => {
  const keys = await keysOf({
    'r.csv': 'user,opens\nada,2026-12-11T08:00:00Z\nbob,\n',
    'spec.yaml': 'keys: [{ key_alias: a, roster: { file: r.csv, fields: [opens] } }]',
  });
  expect(keys.map(({ opens }) => opens)).toEqual(['2026-12-11T08:00:00.000Z', undefined]);
});
