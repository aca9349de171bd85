import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { makeCode } from '../../src/model/code.ts';
import { compact, oldLines, readJournal, replay } from '../../src/secrets/journal.ts';
import { writeHeader, writeLine, type Stored } from '../../src/secrets/line.ts';
import { memoryKeyring } from '../../src/secrets/memory.ts';
import type { Line } from '../../src/model/keyring.ts';
import type { Place } from '../../src/model/place.ts';
import { after, NOW, secretFor } from '../support/make.ts';

const at = after(0);
const secret = secretFor('journal');
const key_id = secret.hash();
const mint: Line = { op: 'mint', key_id, name: 'Ä a\n', secret, at };
const ask: Line = { op: 'ask', mint: 'm1', name: 'b', at };
const about = { server: 'https://litellm.example.com', set: 'ws' };
const header = writeHeader('0.1.0', about);
const text = (...lines: readonly Stored[]): string => `${header}${lines.map(writeLine).join('')}`;
const codeLine = (called: string, seat: number, made = at): Line => {
  const { text: code } = makeCode(seat, Buffer.from(secretFor(called).hash()));
  return { op: 'code', name: called, seat, code: new Secret(code), at: made };
};
/** What lines without encrypted secrets add up to. */
const sum = (lines: readonly Stored[]): unknown => replay(lines.filter((line): line is Line => !('sealed' in line)));

const name = fc.constantFrom('one', 'two', 'three');
const hash = name.map((of) => secretFor(of).hash());
const moment = fc.constantFrom(after(0), after(60));
const place = fc.oneof<fc.Arbitrary<Place>[]>(
  fc.record({ sink: fc.constantFrom('csv', 'json'), path: name }, { noNullPrototype: true }),
  fc.record(
    { sink: fc.constant('csv'), path: name, host: name, spec: name },
    { requiredKeys: ['sink', 'path'], noNullPrototype: true },
  ),
  fc.record(
    {
      sink: fc.constant('dotenv'),
      path: name,
      detail: fc.record({ variables: fc.array(name) }, { noNullPrototype: true }),
    },
    { noNullPrototype: true },
  ),
);
const line: fc.Arbitrary<Line> = fc.oneof(
  fc.tuple(name, name, moment).map(([of, called, made]): Line => {
    const minted = secretFor(of);
    return { op: 'mint', key_id: minted.hash(), name: called, secret: minted, at: made };
  }),
  fc.record({ op: fc.constant('named' as const), key_id: hash, name }),
  fc.record({ op: fc.constantFrom('placed', 'removed'), key_id: hash, place }),
  fc.record({ op: fc.constant('done' as const), key_id: hash, expires: fc.option(moment) }),
  fc.record({ op: fc.constant('encrypted' as const), key_id: hash, at: moment, digest: name }),
  fc.record({ op: fc.constant('gone' as const), key_id: hash, at: moment }),
  fc.record({ op: fc.constantFrom('back', 'replaced', 'deleting', 'apart'), key_id: hash }),
  fc.record({
    op: fc.constant('drop' as const),
    key_id: hash,
    why: fc.constantFrom('deleted', 'refused', 'old', 'forgotten'),
  }),
  fc.record({ op: fc.constant('ask' as const), mint: name, name, at: moment }),
  fc.record({ op: fc.constant('answered' as const), mint: name }),
  fc.record({ op: fc.constant('sandbox' as const), id: name }),
  fc.tuple(name, fc.integer({ min: 1, max: 3 }), moment).map(([called, seat, made]) => codeLine(called, seat, made)),
);

it('reads what it wrote', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40, size: 'max' }), (lines) => {
      const { lines: read, header: first, problem } = readJournal(text(...lines));
      expect([sum(read), problem]).toEqual([replay(lines), null]);
      expect(first).toEqual({ vkeys: 2, by: '0.1.0', about });
      expect(read.map(writeLine)).toEqual(lines.map(writeLine));
    }),
    { numRuns: 300 },
  );
});

it('keeps an encrypted secret as it is', () => {
  const sealed = { op: 'mint', key_id, name: 'a', sealed: 'YWdl', at } as const;
  const code = { op: 'code', name: 'a', seat: 1, sealed: 'YWdl', at } as const;
  expect(readJournal(text(sealed, code)).lines).toEqual([sealed, code]);
});

it('is shorter after compaction, and adds up to the same', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40, size: 'max' }), (lines) => {
      const short = compact(replay(lines));
      expect(replay(short)).toEqual(replay(lines));
      expect(short.length).toBeLessThanOrEqual(lines.length);
    }),
    { numRuns: 300 },
  );
});

it('cut anywhere loses the line that was cut and nothing else', () => {
  const bytes = Buffer.from(text(mint, ask));
  const ends = [text(), text(mint), text(mint, ask)].map((whole) => Buffer.byteLength(whole));
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const { lines, whole, torn, gap, problem } = readJournal(bytes.subarray(0, cut).toString('utf8'));
    /* A line that lacks no more than its newline is whole. */
    const kept = ends.filter((end) => cut >= end - 1);
    const glued = ends.includes(cut + 1);
    expect([cut, lines.length, whole, torn, gap, problem]).toEqual([
      cut,
      Math.max(kept.length - 1, 0),
      glued ? cut : (kept.at(-1) ?? 0),
      !glued && cut > (kept.at(-1) ?? 0),
      glued ? '\n' : '',
      null,
    ]);
  }
});

it.each([
  ['line ends of Windows', (whole: string) => whole.replaceAll('\n', '\r\n')],
  ['a byte order mark', (whole: string) => `\uFEFF${whole}`],
  ['a byte order mark in the middle', (whole: string) => whole.replace('\n', '\n\uFEFF')],
  ['no newline at the end', (whole: string) => whole.trimEnd()],
  ['every line twice', (whole: string) => whole.replaceAll(/.*\n/g, '$&$&')],
  ['itself behind it, as Git merges two', (whole: string) => `${whole}${whole}`],
  ['its first line lost', (whole: string) => whole.slice(header.length)],
])('is the same with %s, as editors and hands leave it', (_, edit) => {
  const { lines, problem } = readJournal(edit(text(mint, ask)));
  expect([sum(lines), problem]).toEqual([replay([mint, ask]), null]);
});

it.each([
  ['no JSON', '{"op":'],
  ['no object', '[]'],
  ['nothing', ''],
  ['an unknown line', '{"op":"new","key_id":"x"}'],
  ['a line without its key', '{"op":"done"}'],
  ['a line without its end', '{"op":"done","key_id":"x"}'],
  ['a line without its reason', '{"op":"drop","key_id":"x"}'],
  ['a reason that nobody gives', '{"op":"drop","key_id":"x","why":"bored"}'],
  ['a place without a path', '{"op":"placed","key_id":"x","place":{"sink":"csv"}}'],
  ['a line without its mint', '{"op":"ask","name":"a","at":"x"}'],
  ['an answer to nothing', '{"op":"answered"}'],
  ['a header without a number', '{"vkeys":"2","by":"0.1.0"}'],
  ['a code without a seat', '{"op":"code","name":"a","code":"17-0QE5-WKA1-RF6D","at":"x"}'],
  ['a code of another seat', '{"op":"code","name":"a","seat":18,"code":"17-0QE5-WKA1-RF6D","at":"x"}'],
  ['a code that is damaged', '{"op":"code","name":"a","seat":17,"code":"17-0QE5-WKA1-RF6E","at":"x"}'],
  ['an encrypted code without a seat', '{"op":"code","name":"a","seat":0,"sealed":"YWdl","at":"x"}'],
  ['a secret that is damaged', writeLine({ ...mint, secret: secretFor('journaL') }).trimEnd()],
])('%s is found in the middle and at the end', (_, damaged) => {
  const middle = readJournal(`${text(mint)}${damaged}\n${writeLine(ask)}`);
  expect([middle.lines.length, middle.problem]).toEqual([1, { kind: 'damaged', line: 3 }]);
  const end = readJournal(`${text(mint)}${damaged}\n`);
  expect([end.lines.length, end.problem]).toEqual([1, { kind: 'damaged', line: 3 }]);
});

it.each([
  ['of the version after this one', `{"vkeys":3,"by":"9.1.0"}\n{"op":"new"}\n`, { kind: 'newer', by: '9.1.0' }],
  ['of a far version, cut', '{"vkeys":12,"by":"10.0.0-rc.1+5"}', { kind: 'newer', by: '10.0.0-rc.1+5' }],
  ['with a writer that is none', '{"vkeys":3,"by":"\\u001b[2J"}\n', { kind: 'newer', by: 'another version' }],
  ['a newer one behind ours', `${text(mint)}{"vkeys":3,"by":"9.1.0"}\n`, { kind: 'newer', by: '9.1.0' }],
  ['of the first version', '{"op":"drop","key_id":"x"}\n', { kind: 'older' }],
  [
    'of the first version, with a secret',
    '{"op":"mint","key_id":"x","key_alias":"a","secret":"s","at":"t"}',
    { kind: 'older' },
  ],
  ['of a version before ours', '{"vkeys":1,"by":"0.0.1"}\n', { kind: 'older' }],
])('a journal %s is known as such', (_, journal, problem) => {
  expect(readJournal(journal)).toMatchObject({ problem, torn: false });
});

describe('what lines add up to', () => {
  it('a secret is unfinished until it is done, and gone when it is dropped', () => {
    const pending = (...lines: readonly Line[]): boolean | undefined =>
      replay([mint, ...lines]).entries.get(key_id)?.pending;
    expect([
      pending(),
      pending({ op: 'done', key_id, expires: null }),
      pending({ op: 'drop', key_id, why: 'deleted' }),
    ]).toEqual([true, false, undefined]);
  });

  it('a key that is not known cannot be done', () => {
    expect(replay([{ op: 'done', key_id, expires: null }]).entries.size).toBe(0);
  });

  it('a hand-out holds it until it is removed from that very place', () => {
    const [csv, env] = [
      { sink: 'csv', path: '/keys.csv' },
      { sink: 'dotenv', path: '/a.env', detail: { variables: ['KEY'] } },
    ] as const;
    const places = (...lines: readonly Line[]): unknown => replay([mint, ...lines]).entries.get(key_id)?.places;
    const placed = [csv, env, csv].map((one): Line => ({ op: 'placed', key_id, place: one }));
    expect(places(...placed)).toEqual([env, csv]);
    expect(places(...placed, { op: 'removed', key_id, place: { ...env, detail: { variables: ['OTHER'] } } })).toEqual([
      env,
      csv,
    ]);
    expect(places(...placed, { op: 'removed', key_id, place: { ...env } })).toEqual([csv]);
    expect(places(...placed, mint)).toEqual([env, csv]);
  });

  it('a code outlives the key that it opens, until that is forgotten or the set has no keys', () => {
    const other = secretFor('other');
    const known: readonly Line[] = [mint, { op: 'mint', key_id: other.hash(), name: 'o', secret: other, at }];
    const codes = (...more: readonly Line[]): readonly string[] => [
      ...replay([...known, codeLine('Ä a\n', 1), codeLine('o', 2), ...more]).codes.keys(),
    ];
    const drop = (why: 'deleted' | 'forgotten' | 'refused' | 'old', of = key_id): Line => ({
      op: 'drop',
      key_id: of,
      why,
    });
    expect(codes()).toEqual(['Ä a\n', 'o']);
    expect(codes(drop('deleted'))).toEqual(['Ä a\n', 'o']);
    expect(codes(drop('forgotten'))).toEqual(['o']);
    expect(codes(drop('deleted'), drop('old', other.hash()))).toEqual([]);
    expect(codes(drop('deleted'), drop('refused', other.hash()))).toEqual(['Ä a\n', 'o']);
    expect(replay([...known, codeLine('o', 2), codeLine('o', 3)]).codes.get('o')?.seat).toBe(3);
  });

  it('a code goes with its key to another name, unless another key has the old one or a code the new one', () => {
    const other = secretFor('other');
    const called = (name_: string): Line => ({ op: 'mint', key_id: other.hash(), name: name_, secret: other, at });
    const seats = (...lines: readonly Line[]): unknown =>
      Object.fromEntries([...replay(lines).codes].map(([of, { seat }]) => [of, seat]));
    const named: Line = { op: 'named', key_id, name: 'b' };
    const code = codeLine('Ä a\n', 1);
    expect(seats(mint, code, named)).toEqual({ b: 1 });
    expect(seats(mint, called('Ä a\n'), code, named)).toEqual({ 'Ä a\n': 1 });
    expect(seats(mint, code, codeLine('b', 2), named)).toEqual({ 'Ä a\n': 1, b: 2 });
  });

  it('a key that is missing is so since it was first seen missing, until it is back', () => {
    const gone = (...lines: readonly Line[]): unknown => replay([mint, ...lines]).entries.get(key_id)?.gone;
    const [first, second] = [0, 60].map((seconds): Line => ({ op: 'gone', key_id, at: after(seconds) }));
    if (first === undefined || second === undefined) throw new Error('two lines');
    expect(gone(first, second)).toBe(after(0));
    expect(gone(first, { op: 'back', key_id })).toBeNull();
    expect(gone(first, { op: 'back', key_id }, second)).toBe(after(60));
  });

  it('a key that was replaced is so until it is back, or minted once more', () => {
    const replaced = (...lines: readonly Line[]): unknown =>
      replay([mint, { op: 'gone', key_id, at }, ...lines]).entries.get(key_id)?.replaced;
    const end: Line = { op: 'replaced', key_id };
    expect([replaced(), replaced(end)]).toEqual([false, true]);
    expect([replaced(end, { op: 'back', key_id }), replaced(end, mint)]).toEqual([false, false]);
  });

  it('a key that has been missing for more than 90 days is old, by the clock that is asked', () => {
    const days = (count: number): Date => new Date(NOW.getTime() + count * 86_400_000);
    const state = replay([mint, { op: 'gone', key_id, at: after(0) }]);
    expect(oldLines(state, days(90))).toEqual([]);
    expect(oldLines(state, days(90.1))).toEqual([{ op: 'drop', key_id, why: 'old' }]);
    expect(oldLines(replay([mint]), days(1000))).toEqual([]);
  });

  it('a question is open until it is answered', () => {
    expect([...replay([ask]).asked.values()]).toEqual([{ mint: 'm1', name: 'b', at }]);
    expect(replay([ask, { op: 'answered', mint: 'm1' }]).asked.size).toBe(0);
  });
});

it('writes a secret only there: everywhere else the lines print without it', () => {
  expect(writeLine(mint)).toContain(secret.reveal());
  expect(JSON.stringify([mint, replay([mint]).entries.get(key_id)])).not.toContain(secret.reveal());
});

it('a keyring in memory adds up the same', async () => {
  const keyring = memoryKeyring();
  await keyring.record([mint, ask]);
  expect(keyring.state()).toEqual(replay([mint, ask]));
});
