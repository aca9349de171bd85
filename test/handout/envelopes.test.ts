/** Letters that are closed and opened: by their own code, at their own seat, and by nobody else. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { letterOf } from '../../src/handout/attendee.ts';
import {
  fromBase64,
  keyBytes,
  opened,
  padded,
  ROUNDS,
  type Envelope,
  type Letter,
} from '../../src/handout/envelope.ts';
import { close, type Addressed } from '../../src/handout/envelopes.ts';
import { envelopesIn } from '../../src/handout/page-element.ts';
import { CODE_BYTES, makeCode } from '../../src/model/code.ts';
import { slowKey, slowlyOpened } from '../../src/page/slow.ts';
import { character } from '../support/character.ts';
import { never } from '../support/make.ts';
import { attendee, attendees, bytesOf, pageFor } from './attendees.ts';

const rounds = 10;
let calls = 0;
const closing = {
  rounds,
  old: new Map<number, Envelope>(),
  randomBytes: (count: number) => bytesOf(`envelopes ${String((calls += 1))}`, count),
  stop: never,
  progress: () => undefined,
};
const letters = (count: number): readonly Addressed[] =>
  attendees(count).map((each) => ({ seat: each.seat, code: each.code, letter: letterOf(each, false) }));

async function openedBy(envelope: Envelope, code: string): Promise<unknown> {
  const text = await opened(envelope, await keyBytes(code, { salt: fromBase64(envelope[1]), rounds }));
  return text === null ? null : JSON.parse(text);
}

describe('a letter', () => {
  it('opens by its code, at its seat, and by WebCrypto and without it alike', async () => {
    const letter: fc.Arbitrary<Letter> = fc.record({
      key: fc.string({ unit: character }),
      name: fc.string({ unit: character }),
      api_endpoint: fc.webUrl(),
      models: fc.array(fc.string({ unit: character })),
      max_budget: fc.integer({ min: 0 }),
      expires: fc.constantFrom(null, '2099-01-01T00:00:00Z'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(letter, { minLength: 1, maxLength: 4 }), async (all) => {
        const sent = all.map((each, index) => ({ ...attendee(index + 1), letter: each }));
        const envelopes = await close(sent, closing);
        for (const [index, envelope] of envelopes.entries()) {
          const code = sent[index]?.code.reveal() ?? '';
          expect(await openedBy(envelope, code)).toEqual(all[index]);
          expect(await openedBy(envelope, attendee(index + 9).code.reveal())).toBeNull();
          const [seat, ...rest] = envelope;
          expect(await openedBy([seat + 1, ...rest], code)).toBeNull();
          const key = await slowKey(code, fromBase64(envelope[1]), rounds, () => undefined);
          expect(JSON.parse(slowlyOpened(envelope, key) ?? 'null')).toEqual(all[index]);
          expect(slowlyOpened(envelope, key.with(0, (key[0] ?? 0) ^ 1))).toBeNull();
        }
        /* A long name, or a lower budget, shows in no length. */
        expect(new Set(envelopes.map(([, , , text]) => text.length)).size).toBe(1);
      }),
      { numRuns: 30 },
    );
  });

  it('costs a million rounds, which WebCrypto and the other way count alike', async () => {
    const salt = bytesOf('salt', 16);
    expect(ROUNDS).toBe(1_000_000);
    const slow: number[] = [];
    const key = await slowKey('1-0000-0000-0000', salt, 20_000, (part) => slow.push(part));
    expect(key).toEqual(await keyBytes('1-0000-0000-0000', { salt, rounds: 20_000 }));
    expect(slow.every((part, index) => part > 0 && part < 1 && part >= (slow[index - 1] ?? 0))).toBe(true);
  });

  it('is padded to a length that says nothing of it', () => {
    const [short, long] = padded([letterOf(attendee(1), false), letterOf(attendee(3), true)]);
    expect(Buffer.byteLength(short ?? '')).toBe(Buffer.byteLength(long ?? ''));
    expect(Buffer.byteLength(short ?? '') % 64).toBe(0);
  });
});

describe('the next page', () => {
  it('keeps envelopes whose letter and code are the same', async () => {
    const first = await close(letters(3), closing);
    const again = await close(letters(3), { ...closing, old: new Map(first.map((each) => [each[0], each])) });
    expect(again).toEqual(first);
  });

  it('closes what has changed under the same salt with a nonce of its own, and a new code under a new salt', async () => {
    const before = await close(letters(3), closing);
    const [one, two, three] = letters(3);
    if (one === undefined || two === undefined || three === undefined) throw new Error('three letters');
    const changed = [
      one,
      { ...two, letter: { ...two.letter, key: attendee(7).key.reveal() } },
      { ...three, code: new Secret(makeCode(3, bytesOf('renewed', CODE_BYTES)).text) },
    ];
    const after = await close(changed, { ...closing, old: new Map(before.map((each) => [each[0], each])) });
    const same = after.map((envelope, at) => envelope.map((part, index) => part === before[at]?.[index]));
    expect(same).toEqual([
      [true, true, true, true],
      [true, true, false, false],
      [true, false, false, false],
    ]);
    for (const [index, envelope] of after.entries())
      expect(await openedBy(envelope, changed[index]?.code.reveal() ?? '')).toEqual(changed[index]?.letter);
  });

  it('stops when it is told to', async () => {
    const stop = AbortSignal.abort(new Error('enough'));
    await expect(close(letters(2), { ...closing, stop })).rejects.toThrow('enough');
  });

  it('finds the envelopes of a page, and none in what is no page of ours, or of other rounds', async () => {
    const html = await pageFor(attendees(2), {}, { rounds });
    const found = envelopesIn(html, rounds);
    expect([...found.keys()]).toEqual([1, 2]);
    expect(envelopesIn(html, rounds + 1).size).toBe(0);
    for (const other of [
      '',
      '<html>',
      html.replace('"version":1', '"version":2'),
      html.replace('"envelopes":[', '"envelopes":{'),
    ])
      expect(envelopesIn(other, rounds).size).toBe(0);
    fc.assert(
      fc.property(fc.nat(html.length), fc.string({ unit: character }), (at, text) => {
        const spoilt = html.slice(0, at) + text + html.slice(at + 1);
        for (const [seat, envelope] of envelopesIn(spoilt, rounds)) expect(envelope[0]).toBe(seat);
      }),
    );
  });
});

describe('the page', () => {
  const all = attendees(300);

  it('has no key, code, alias, name, address or model in the clear', async () => {
    const html = await pageFor(all, { names: true }, { rounds: 1 });
    for (const { key, code, key_alias, name, about } of all)
      for (const text of [
        key.reveal(),
        code.reveal(),
        code.reveal().slice(4),
        key_alias,
        name,
        about.api_endpoint,
        ...about.models,
      ])
        expect(html.includes(text)).toBe(false);
  });

  it('is at most 150 kB, and 1 kB for each attendee', async () => {
    const [empty, full] = [await pageFor([], {}, { rounds: 1 }), await pageFor(all, { names: true }, { rounds: 1 })];
    expect(Buffer.byteLength(empty)).toBeLessThan(150 * 1024);
    expect(Buffer.byteLength(full) - Buffer.byteLength(empty)).toBeLessThan(300 * 1024);
  });
});
