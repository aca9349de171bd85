import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText, undecodedWords } from '../../src/base/decode.ts';

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const TEXT = 'user,name\nada,Müller 🎉\n';

describe('a text', () => {
  test.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['UTF-16 with a mark', utf16(`\uFEFF${TEXT}`)],
    ['UTF-16 with a mark, the other way round', utf16(`\uFEFF${TEXT}`).swap16()],
  ])('is read as %s', (_, bytes) => {
    expect(decodeText(bytes)).toBe(TEXT);
  });

  test('may be empty, or of one character', () => {
    expect(decodeText(new Uint8Array())).toBe('');
    expect(decodeText(Buffer.from('a'))).toBe('a');
    expect(decodeText(Uint8Array.of(0))).toBe('\0');
  });

  test.each([
    ['UTF-16', utf16(TEXT), 'looks like UTF-16 without its mark', 'iconv -f UTF-16LE'],
    ['UTF-16', utf16(TEXT).swap16(), 'looks like UTF-16 without its mark', 'iconv -f UTF-16'],
    ['workbook', Buffer.from('PK\u0003\u0004…'), 'a workbook of a spreadsheet', 'Save As, "CSV UTF-8'],
    ['workbook', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1), 'a workbook of a spreadsheet', 'Save As, "CSV UTF-8'],
    ['Windows-1252', Buffer.from('a\nM\u00fcller', 'latin1'), 'looks like Windows-1252', 'iconv -f WINDOWS-1252'],
  ])('is named as %s where it is that', (encoding, bytes, message, hint) => {
    const found = decodeText(bytes);
    expect(found).toMatchObject({ encoding });
    if (typeof found === 'string') return;
    const words = undecodedWords('lists/a.csv', found);
    expect(words.message).toContain(message);
    expect(words.hint).toContain(hint);
  });

  test.each([
    ['Müller, Ada', 1],
    ['a\nb\nx\u00e4', 5],
    ['\u00e4\u00f6', 0],
    ['a\u00e4', 1],
    ['abc\u00e4', 3],
  ])('of another encoding has its place, and is shown: %j', (text, at) => {
    expect(decodeText(Buffer.from(text, 'latin1'))).toEqual({ encoding: 'Windows-1252', text, at });
  });

  test('may begin as UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('Zoë\n'), Buffer.from('M\u00fcller', 'latin1')]);
    expect(decodeText(bytes)).toEqual({ encoding: 'Windows-1252', text: 'Zoë\nMüller', at: 5 });
  });

  test('never makes the reader throw, and what is no UTF-8 has a place in it', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const found = decodeText(bytes);
        if (typeof found !== 'string') expect(found.at).toBeLessThanOrEqual(found.text.length);
      }),
    );
  });
});
