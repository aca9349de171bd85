import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/model/delivery.ts';
import { Secret } from '../../src/base/secret.ts';
import { deliver, folder, handout, TO, undelivered, withdraw } from './handouts.ts';

const ADA = handout('ada');
const OTHER = { api_endpoint: 'https://other', api_base_url: 'https://other/v1' };
const HEADER = 'user,user_id,key_alias,key,key_id,api_base_url,expires';

async function file(to: 'json' | 'csv', text?: string): Promise<{ path: string; delivery: Delivery }> {
  const path = join(await folder(), `keys.${to}`);
  if (text !== undefined) await writeFile(path, text);
  return { path, delivery: { to, path } };
}

describe('json', () => {
  test('has the keys sorted as people count', async () => {
    const { path, delivery } = await file('json', '');
    await deliver([delivery], [handout('u10'), handout('u2', { user: null, user_id: null, expires: null })]);
    const u10 = {
      key_alias: 'lab-u10',
      user: 'u10',
      user_id: 'u10@example.com',
      key: 'sk-u10-secret',
      key_id: handout('u10').key_id,
      expires: '2026-11-24T12:00:00.000Z',
    };
    const u2 = {
      key_alias: 'lab-u2',
      user: null,
      user_id: null,
      key: 'sk-u2-secret',
      key_id: handout('u2').key_id,
      expires: null,
    };
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ ...TO, keys: [u2, u10] });
    expect(await undelivered([delivery], [handout('u10')])).toEqual([]);
  });

  test.each([
    ['Łukasz', true],
    ['ada', false],
  ])('is opened by spreadsheets as it is: a new table of %s has a mark: %s', async (user, isMarked) => {
    const { path, delivery } = await file('csv');
    await deliver([delivery], [handout('one', { user })]);
    expect((await readFile(path, 'utf8')).startsWith('\uFEFF')).toBe(isMarked);
    await deliver([delivery], [handout('two', { user: 'Müller' })]);
    expect((await readFile(path, 'utf8')).startsWith('\uFEFF')).toBe(isMarked);
    await withdraw([delivery], [handout('one', { user }), handout('two')]);
  });

  test('keeps the rows of other keys and replaces its own', async () => {
    const { path, delivery } = await file('json');
    await deliver([delivery], [ADA, handout('bob')]);
    const secret = new Secret('sk-ada-second');
    await deliver([delivery], [{ ...ADA, secret, key_id: secret.hash() }]);
    const { keys } = JSON.parse(await readFile(path, 'utf8'));
    expect(keys.map(({ key }: { key: string }) => key)).toEqual(['sk-ada-second', 'sk-bob-secret']);
  });

  test.each([
    ['[]', 'does not have api_endpoint, api_base_url and keys'],
    ['{"keys":[]}', 'does not have api_endpoint, api_base_url and keys'],
    ['{"api_endpoint":"","api_base_url":"","keys":{}}', 'does not have api_endpoint, api_base_url and keys'],
    [
      '{"api_endpoint":"","api_base_url":"","keys":[{"key_alias":"a","key_id":"b"},{"key_alias":"c"}]}',
      'does not have key_alias and key_id in item 2 of keys',
    ],
    ['['.repeat(200), 'has more lists and levels than any that vkeys writes'],
  ])('does not write over %s', async (text, why) => {
    const { path, delivery } = await file('json', text);
    const { failed } = await deliver([delivery], [ADA]);
    expect(failed[0]?.error.message).toBe(`${path}: There is a file already that vkeys did not write: it ${why}.`);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test.each<readonly [what: string, damage: (text: string) => string, place: (text: string) => string]>([
    [
      'cut',
      (text) => text.slice(0, -20),
      (text) => `${String(text.split('\n').length)}:${String((text.split('\n').at(-1) ?? '').length + 1)}`,
    ],
    ['cut within a text', (text) => text.slice(0, text.indexOf('sk-ada') + 4), () => '9:19'],
    ['cut to nothing but a bracket', () => '{', () => '1:2'],
    ['cut behind a mark', () => '\uFEFF{', () => '1:3'],
    ['edited: a comma at the end', (text) => text.replace(/"\n    }/, '",\n    }'), () => '12:5'],
    ['edited: quotes left out', (text) => text.replace('"lab-ada"', 'lab-ada'), () => '6:20'],
    ['edited: a word behind it', (text) => `${text}end\n`, () => '15:1'],
    ['with numbers that are kept exactly', () => '{"a": 12345678901234567890,\r\n  x}', () => '2:3'],
  ])('that was %s says where, and is not written over', async (_, damage, place) => {
    const { path, delivery } = await file('json');
    await deliver([delivery], [ADA]);
    const text = damage(await readFile(path, 'utf8'));
    await writeFile(path, text);
    const { failed } = await deliver([delivery], [ADA]);
    expect(failed[0]?.error.message).toBe(
      `${path}:${place(text)}: The file is not valid JSON: it was cut here, or changed by hand.`,
    );
    expect(failed[0]?.error.hint).toBe('Mend it there, or move the file away: apply then writes anew what it knows.');
    expect(failed[0]?.error.message).not.toContain('sk-');
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('keeps members that are not ours, of the file and of each key', async () => {
    const { path, delivery } = await file('json', JSON.stringify({ ...TO, room: 'B12', keys: [] }));
    await deliver([delivery], [ADA]);
    const { keys } = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...TO, room: 'B12', keys: [{ seat: 7, ...keys[0], user: 'other' }] }));
    const second = handout('ada', { secret: new Secret('sk-ada-second') });
    await deliver([delivery], [second]);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      room: 'B12',
      keys: [{ seat: 7, user: 'ada', key_id: second.key_id }],
    });
    await withdraw([delivery], [second]);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ ...TO, room: 'B12', keys: [] });
  });

  test('takes another address of the same server, as long as the keys are all its own', async () => {
    const { path, delivery } = await file('json');
    await deliver([delivery], [ADA, handout('bob')], OTHER);
    await deliver([delivery], [ADA, handout('bob')]);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ ...TO, keys: [{ user: 'ada' }, { user: 'bob' }] });
    expect(await readFile(path, 'utf8')).not.toContain(OTHER.api_endpoint);
  });

  test('gives keys an address of their own where the file has keys of somebody else under another', async () => {
    const { path, delivery } = await file('json');
    await deliver([delivery], [handout('eve')], OTHER);
    await deliver([delivery], [ADA]);
    const { keys, ...top } = JSON.parse(await readFile(path, 'utf8'));
    expect(top).toEqual(OTHER);
    expect(keys).toMatchObject([{ user: 'ada', ...TO }, { user: 'eve' }]);
    expect(Object.keys(keys[1])).not.toContain('api_endpoint');
    expect(await undelivered([delivery], [ADA])).toEqual([]);
    expect(await undelivered([delivery], [handout('eve')], OTHER)).toEqual([]);
  });
});

describe('csv', () => {
  test('is a table with a header', async () => {
    const { path, delivery } = await file('csv');
    await deliver([delivery], [ADA, handout('bob', { user: null, user_id: null, expires: null })]);
    expect(await readFile(path, 'utf8')).toBe(
      `${HEADER}\n` +
        `ada,ada@example.com,lab-ada,sk-ada-secret,${ADA.key_id},https://litellm.example.com/v1,2026-11-24T12:00:00.000Z\n` +
        `,,lab-bob,sk-bob-secret,${handout('bob').key_id},https://litellm.example.com/v1,\n`,
    );
  });

  test('gives a spreadsheet no formula, and knows its own rows again', async () => {
    const { path, delivery } = await file('csv');
    const names = ['=HYPERLINK("x")', '+49 1', '-1', '@x', '\tx', "'=x", 'a,"b"\nc'];
    const handouts = names.map((user) => handout(user));
    await deliver([delivery], handouts);
    const rows: string[][] = parse(await readFile(path, 'utf8'));
    for (const [user = ''] of rows.slice(1)) expect(user).not.toMatch(/^[=+\-@\t\r]/);
    expect(await undelivered([delivery], handouts)).toEqual([]);
    expect(await undelivered([delivery], handouts.slice(0, 1))).toEqual([]);
  });

  test('keeps the rows of other keys, and the line breaks and mark of a spreadsheet', async () => {
    const { path, delivery } = await file('csv', `\uFEFF${HEADER}\r\neve,,lab-eve,sk-eve,id,https://x/v1,\r\n`);
    await deliver([delivery], [ADA]);
    const text = await readFile(path, 'utf8');
    expect(text.split('\r\n').map((row) => row.split(',')[2])).toEqual(['key_alias', 'lab-ada', 'lab-eve', undefined]);
  });

  const EXCEL = [
    '\uFEFF"key_alias";"room";"api_base_url";"expires";"key";"key_id";"user"',
    `"lab-ada";"-1, upstairs";"${OTHER.api_base_url}";"24.11.2026 13:00";"sk-ada-secret";"${ADA.key_id}";"ada"`,
    '"lab-eve";"=A1";"https://x/v1";"24.12.2026 18:00";"sk-eve-secret";"1,5E+63";"eve"',
    '"lab-ada";"";"https://x/v1";"";"sk-other-ada";"";""',
    ';;;;;;',
    '',
  ].join('\r\n');

  test('that came back from a spreadsheet loses no row, no column and nothing of its form', async () => {
    const { path, delivery } = await file('csv', EXCEL);
    await deliver([delivery], [ADA, handout('bob')]);
    expect(await readFile(path, 'utf8')).toBe(
      [
        '\uFEFFkey_alias;room;api_base_url;expires;key;key_id;user',
        `lab-ada;-1, upstairs;${TO.api_base_url};2026-11-24T12:00:00.000Z;sk-ada-secret;${ADA.key_id};ada`,
        'lab-eve;=A1;https://x/v1;24.12.2026 18:00;sk-eve-secret;1,5E+63;eve',
        'lab-ada;;https://x/v1;;sk-other-ada;;',
        ';;;;;;',
        `lab-bob;;${TO.api_base_url};2026-11-24T12:00:00.000Z;sk-bob-secret;${handout('bob').key_id};bob`,
        '',
      ].join('\r\n'),
    );
    expect(await undelivered([delivery], [ADA, handout('bob')])).toEqual([]);
    await withdraw([delivery], [ADA, handout('bob'), handout('eve')]);
    expect((await readFile(path, 'utf8')).split('\r\n').slice(1)).toEqual([
      'lab-ada;;https://x/v1;;sk-other-ada;;',
      ';;;;;;',
      '',
    ]);
  });

  test('knows its rows by the secret, whatever has become of the other cells', async () => {
    const { path, delivery } = await file('csv', `key,key_alias,api_base_url\nsk-ada-secret,Ada L.,https://old/v1\n`);
    await deliver([delivery], [ADA]);
    expect(await readFile(path, 'utf8')).toBe(`key,key_alias,api_base_url\nsk-ada-secret,lab-ada,${TO.api_base_url}\n`);
  });

  test.each([
    ['a,b\n1,2\n', 'has no columns key_alias and key in its first line'],
    ['a,"b', 'has no columns key_alias and key in its first line'],
    ['key,key_alias,key\n', 'has no columns key_alias and key in its first line'],
  ])('does not write over %j', async (text, why) => {
    const { path, delivery } = await file('csv', text);
    const { failed } = await deliver([delivery], [ADA]);
    expect(failed[0]?.error.message).toBe(`${path}: There is a file already that vkeys did not write: it ${why}.`);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  const OPEN = 'the quote that opens here is not closed';
  const CELLS = 'this line has more or fewer cells than the first one';
  const BESIDE = 'this line has a quote beside other text';
  test.each<readonly [text: string, place: string, why: string]>([
    [`${HEADER}\n"x`, '2:1', OPEN],
    [`${HEADER}\na,b,"c""d",sk-1,x,y,z\na,b,"c,sk-2,x,y,z\na,b,c,sk-3,x,y,z\n`, '3:5', OPEN],
    [`\uFEFF${HEADER}\r\na,"b`, '2:3', OPEN],
    [`${HEADER}\nx\n`, '2:1', CELLS],
    [`\n${HEADER}\na,b,c,d,e,f,g\n\na,b,c,d\n`, '5:1', CELLS],
    [`${HEADER}\na,b,c,d,e,f,g,h\n`, '2:1', CELLS],
    [`${HEADER}\na,b"c,d,e,f,g,h\n`, '2:1', BESIDE],
    [`${HEADER.replaceAll(',', ';')}\na;"b"c;d;e;f;g;h\n`, '2:1', BESIDE],
  ])('that is damaged says where, and is not written over: %j', async (text, place, why) => {
    const { path, delivery } = await file('csv', text);
    const { failed } = await deliver([delivery], [ADA]);
    expect(failed[0]?.error.message).toBe(`${path}:${place}: The file is not valid CSV: ${why}.`);
    expect(failed[0]?.error.hint).toContain('Mend it there, or move the file away');
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});
