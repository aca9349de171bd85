import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { CsvDelivery, Delivery } from '../../src/model/delivery.ts';
import { deliver, folder, handout, undelivered, withdraw } from './handouts.ts';

const roster = (user: string, more: Readonly<Record<string, string>>) => {
  const { placeholders, ...rest } = handout(user);
  return { ...rest, placeholders: { ...placeholders, ...more } };
};
const ADA = roster('ada', { Vorname: 'Ada', 'E-Mail': 'ada@example.com' });
const EVE = roster('eve', { Vorname: '=HYPERLINK("x")', 'E-Mail': '+49 30 1' });
const COLUMNS = ['Vorname', 'E-Mail', 'key_alias', 'key', 'expires'];

async function table(more: Partial<CsvDelivery> = {}): Promise<{ delivery: Delivery; path: string }> {
  const path = join(await folder(), 'all.csv');
  return { delivery: { to: 'csv', path, columns: COLUMNS, ...more }, path };
}

describe('a table with columns of its own', () => {
  test('has those, of the roster too, behind a mark and between semicolons where that is asked for', async () => {
    const { delivery, path } = await table({ separator: ';', mark: true });
    await deliver([delivery], [ADA]);
    expect(await readFile(path, 'utf8')).toBe(
      '\uFEFFVorname;E-Mail;key_alias;key;expires\nAda;ada@example.com;lab-ada;sk-ada-secret;2026-11-24T12:00:00.000Z\n',
    );
    expect(await undelivered([delivery], [ADA])).toEqual([]);
  });

  test('is nothing that a spreadsheet takes for a formula', async () => {
    const { delivery, path } = await table({ mark: false });
    await deliver([delivery], [EVE]);
    const [, row = []] = parse(await readFile(path, 'utf8'));
    expect(row.slice(0, 2)).toEqual([`'=HYPERLINK("x")`, "'+49 30 1"]);
    expect(await undelivered([delivery], [EVE])).toEqual([]);
  });

  test.each([
    ['Excel', (text: string) => `\uFEFF${text.replaceAll(',', ';').replaceAll('\n', '\r\n')}`],
    ['LibreOffice', (text: string) => text.replaceAll(/[^,\n]+/g, '"$&"')],
    [
      'a person who sorted it and added a column',
      (text: string) =>
        text
          .trim()
          .split('\n')
          .map((line, at) => (at === 0 ? `Seat,${line}` : `${String(at)},${line}`))
          .toReversed()
          .toSorted((a) => (a.startsWith('Seat') ? -1 : 1))
          .join('\n'),
    ],
  ])('that %s has saved again is current, takes another key, and gives them back', async (_, saved) => {
    const { delivery, path } = await table();
    const bob = roster('bob', { Vorname: 'Bob', 'E-Mail': 'bob@example.com' });
    await deliver([delivery], [ADA, bob]);
    await writeFile(path, saved(await readFile(path, 'utf8')));
    expect(await undelivered([delivery], [ADA, bob])).toEqual([]);
    const zoe = roster('zoe', { Vorname: 'Zoë', 'E-Mail': 'zoe@example.com' });
    await deliver([delivery], [zoe]);
    const text = await readFile(path, 'utf8');
    for (const name of ['Ada', 'Bob', 'Zoë']) expect(text).toContain(name);
    await withdraw([delivery], [ADA, bob, zoe]);
    await expect(readFile(path)).rejects.toThrow(/ENOENT/);
  });

  test('that is there already gets what it lacks, and keeps what it has', async () => {
    const { delivery, path } = await table({ separator: ';' });
    await writeFile(path, 'key_alias,key,Notes\nlab-old,sk-old,x\n');
    await deliver([delivery], [ADA]);
    const [header, ...rows] = parse(await readFile(path, 'utf8'));
    expect(header).toEqual(['key_alias', 'key', 'Notes', 'Vorname', 'E-Mail', 'expires']);
    expect(rows).toEqual([
      ['lab-ada', 'sk-ada-secret', '', 'Ada', 'ada@example.com', '2026-11-24T12:00:00.000Z'],
      ['lab-old', 'sk-old', 'x', '', '', ''],
    ]);
  });
});
