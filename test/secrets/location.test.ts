import { basename, dirname } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { keyringPath } from '../../src/secrets/location.ts';
import { ABOUT } from './folder.ts';

const fileOf = (set: string): string => basename(keyringPath('/state', { ...ABOUT, set }));
/** How disks compare names that do not tell case or composition apart. */
const folded = (name: string): string => name.normalize('NFC').toLowerCase().toUpperCase().normalize('NFC');

const character = fc.oneof(
  fc.constantFrom(...'abzABZ09._-+=~ '.split('')),
  fc.constantFrom('é', 'e\u0301', 'É', 'ß', 'ẞ', 'ſ', 'K', 'İ', 'ı', '/', '\\', ':', '\0', '😀'),
);
const set = fc.oneof(
  fc.string({ unit: character, minLength: 1, maxLength: 6 }),
  fc.constantFrom('con', 'CON', 'Con', 'con.a', 'nul', 'com1', 'COM1', 'com1.', 'lpt9.x', '=63on', '+con', 'a', 'A'),
);

it('has a folder for each server and a file for each set, named so that people find it', () => {
  const path = keyringPath('/state', ABOUT);
  expect(basename(path)).toBe('ws.jsonl');
  expect(basename(dirname(path))).toMatch(/^litellm\.example\.com_4000_prefix-[0-9a-f]{8}$/);
  expect(keyringPath('/state', { ...ABOUT, server: 'https://litellm.example.com_4000_prefix' })).not.toBe(path);
  expect(['AI-Workshop', 'v1.2_x', 'con', 'Con.a', 'café'].map(fileOf)).toEqual([
    '+a+i-+workshop.jsonl',
    'v1.2_x.jsonl',
    '=63on.jsonl',
    '+con.a.jsonl',
    'caf=c3=a9.jsonl',
  ]);
});

it('has a file of its own for every set, on disks that do not tell case or composition apart', () => {
  fc.assert(
    fc.property(set, set, (one, other) => {
      fc.pre(one !== other);
      expect(folded(fileOf(one))).not.toBe(folded(fileOf(other)));
    }),
    { numRuns: 5000 },
  );
});

it('has names that every system takes', () => {
  fc.assert(
    fc.property(set, (one) => {
      const name = fileOf(one);
      expect(name).toMatch(/^[a-z0-9._+=-]+\.jsonl$/);
      expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
    }),
    { numRuns: 5000 },
  );
  expect(Buffer.byteLength(fileOf('Ä'.repeat(32)))).toBeLessThan(255);
});

it('has a folder that every disk takes for a server with a long address', () => {
  const path = keyringPath('/state', { server: `https://litellm.example.com/${'x'.repeat(500)}`, set: 'ws' });
  expect(basename(dirname(path)).length).toBeLessThan(120);
});
