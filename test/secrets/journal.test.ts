import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compact, readJournal, replay, writeLine } from '../../src/secrets/journal.ts';
import { memoryKeyring } from '../../src/secrets/memory.ts';
import type { Line } from '../../src/apply/ports.ts';
import { after, secretFor } from '../support/make.ts';

const at = after(0);
const secret = secretFor('journal');
const key_id = secret.hash();
const mint: Line = { op: 'mint', key_id, key_alias: 'Ä a\n', secret, at };
const ask: Line = { op: 'ask', mint: 'm1', key_alias: 'b', at };
const text = (...lines: readonly Line[]): string => lines.map(writeLine).join('');

const name = fc.constantFrom('one', 'two', 'three');
const line: fc.Arbitrary<Line> = fc.oneof(
  name.map((of): Line => ({ op: 'mint', key_id: secretFor(of).hash(), key_alias: of, secret: secretFor(of), at })),
  name.map((of): Line => ({ op: 'done', key_id: secretFor(of).hash() })),
  name.map((of): Line => ({ op: 'drop', key_id: secretFor(of).hash() })),
  name.map((of): Line => ({ op: 'ask', mint: of, key_alias: of, at })),
  name.map((of): Line => ({ op: 'answered', mint: of })),
);

it('reads what it wrote', () => {
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const { lines: read, bad } = readJournal(text(...lines));
      expect([replay(read), bad]).toEqual([replay(lines), null]);
      expect(read.map(writeLine)).toEqual(lines.map(writeLine));
    }),
  );
});

it('is shorter after compaction, and adds up to the same', () => {
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const short = compact(replay(lines));
      expect(replay(short)).toEqual(replay(lines));
      expect(short.length).toBeLessThanOrEqual(lines.length);
    }),
  );
});

it('cut anywhere loses the line that was cut and nothing else', () => {
  const bytes = Buffer.from(text(mint, ask));
  const ends = [text(mint), text(mint, ask)].map((whole) => Buffer.byteLength(whole));
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const { lines, whole, gap, bad } = readJournal(bytes.subarray(0, cut).toString('utf8'));
    /* A line that lacks no more than its newline is whole. */
    const kept = ends.filter((end) => cut >= end - 1);
    const glued = ends.includes(cut + 1);
    expect([cut, lines.length, whole, gap, bad]).toEqual([
      cut,
      kept.length,
      glued ? cut : (kept.at(-1) ?? 0),
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
])('is the same with %s, as editors and hands leave it', (_, edit) => {
  const { lines, bad } = readJournal(edit(text(mint, ask)));
  expect([replay(lines), bad]).toEqual([replay([mint, ask]), null]);
});

it.each([
  ['no JSON', '{"op":'],
  ['no object', '[]'],
  ['nothing', ''],
  ['an unknown line', '{"op":"new","key_id":"x"}'],
  ['a line without its key', '{"op":"done"}'],
  ['a line without its name', '{"op":"ask","key_alias":"a","at":"x"}'],
  ['an answer to nothing', '{"op":"answered"}'],
  ['a secret that is damaged', writeLine({ ...mint, secret: secretFor('journaL') }).trimEnd()],
])('%s in the middle is found', (_, damaged) => {
  const { lines, bad } = readJournal(`${text(mint)}${damaged}\n${text(ask)}`);
  expect([lines.length, bad]).toEqual([1, 2]);
});

describe('what lines add up to', () => {
  it('a secret is unfinished until it is done, and gone when it is dropped', () => {
    const pending = (...lines: readonly Line[]): boolean | undefined =>
      replay([mint, ...lines]).entries.get(key_id)?.pending;
    expect([pending(), pending({ op: 'done', key_id }), pending({ op: 'drop', key_id })]).toEqual([
      true,
      false,
      undefined,
    ]);
  });

  it('a key that is not known cannot be done', () => {
    expect(replay([{ op: 'done', key_id }]).entries.size).toBe(0);
  });

  it('a question is open until it is answered', () => {
    expect([...replay([ask]).asked.values()]).toEqual([{ mint: 'm1', key_alias: 'b', at }]);
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
