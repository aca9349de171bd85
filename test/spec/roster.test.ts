/** Rosters as schools, forms and spreadsheets make them. */
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { keysOf, load, messagesOf } from './load.ts';

const spec = (roster: string, more = ''): string => `keys: [{ key_alias: k, roster: ${roster}${more} }]`;
const files = (csv: string | Uint8Array, more = '', members = '') => ({
  'spec.yaml': spec(`{ file: r.csv${members} }`, more),
  'r.csv': csv,
});
const usersIn = async (csv: string | Uint8Array, members = ''): Promise<readonly (string | null)[]> =>
  (await keysOf(files(csv, '', members))).map(({ user }) => user);

describe('the column of the users', () => {
  test.each(['User', 'username', 'USERNAME', 'E-Mail', 'Email', 'Email Address', 'login', 'e_mail', 'Benutzername'])(
    'is %s where nothing else fits, and that is told',
    async (name) => {
      const { specs, notices } = await load(files(`Name,${name}\nAda Lovelace,ada`));
      expect(specs[0]?.desired.map(({ user }) => user)).toEqual(['ada']);
      expect(notices).toEqual([`r.csv:1:6 column: The column "${name}" names the users.`]);
    },
  );

  test('is user before any other, without a word', async () => {
    const { specs, notices } = await load(files('Email,user\na@x,ada'));
    expect(specs[0]?.desired[0]?.user).toBe('ada');
    expect(notices).toEqual([]);
  });

  test.each(['E-Mail', "'E-Mail'", 'e-mail', 'email'])('is the one that is asked for: %s', async (asked) => {
    expect(await usersIn('Username,E-Mail\nada,a@x', `, user: ${asked}`)).toEqual(['a@x']);
  });

  test.each([
    [
      'Username,E-Mail\na,b',
      '',
      'The roster has several columns that may name its users: Username, E-Mail. Its columns are Username, E-Mail.',
      'Say which column names the users, like roster: {file: r.csv, user: Username}.',
    ],
    [
      'usr,First Name\na,b',
      '',
      'The roster has no column user. Did you mean usr? Its columns are usr, First Name.',
      'Say which column names the users, like roster: {file: r.csv, user: usr}.',
    ],
    [
      '"Total [Points] |12",B\na,b',
      ', user: Totl',
      'The roster has no column Totl. Its columns are Total [Points] |12, B.',
      "Say which column names the users, like roster: {file: r.csv, user: 'Total [Points] |12'}.",
    ],
    [
      ',\n,b',
      '',
      'The roster has no column user. Its columns are b.',
      'Say which column names the users, like roster: {file: r.csv, user: b}.',
    ],
    [
      'Email,Email\na,b',
      ', user: Email',
      'The roster has several columns that may name its users: Email, Email. Its columns are Email, Email.',
      'Give each of these columns a name of its own.',
    ],
  ])('of %j is asked for', async (csv, members, message, hint) => {
    const { problems } = await load(files(csv, '', members));
    expect(problems).toContain(message);
    expect(problems).toContain(hint);
  });

  test('and fields are about a file', async () => {
    expect(await messagesOf(spec('{ count: 1, user: a, fields: all }'))).toEqual([
      '1:44 roster: user is about the columns of a file, and there is none.',
      '1:53 roster: fields is about the columns of a file, and there is none.',
    ]);
  });
});

describe('a table', () => {
  test.each([
    ['sep=;\r\nuser;email\r\nada;a,b\r\n', 'a,b'],
    ['"sep=,"\nuser,email\nada,a;b', 'a;b'],
    ['sep=\t\nuser\temail\nada\ta;b,c', 'a;b,c'],
    ['user|email\nada|a,b', 'a,b'],
    ['user;email\nada;a,b\nbob;c,d', 'a,b'],
    ['user,email;work\nada,x', undefined],
    ['user;"email"\nada;"a\nb"', 'a\nb'],
    ['user,email\r\rada,x\r', 'x'],
    ['user,email,,\nada,x,,\n,,,\n', 'x'],
    ['\uFEFFuser,email\nada,x', 'x'],
    ['\u200Buser,e\u00ADmail\nada,x', 'x'],
  ])('has its separators where all rows agree: %j', async (csv, email) => {
    const [key] = await keysOf(files(csv));
    expect([key?.user, key?.placeholders['email']]).toEqual(['ada', email]);
  });

  test('is read however it is separated, quoted and ended', async () => {
    const cell = fc.stringMatching(/^[a-z][a-z,;|" ]{0,5}[a-z]$/);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(cell, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (users, separator, end, isMarked) => {
          const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const rows = [['user', 'no'], ...users.map((user, index) => [quote(user), String(index)])];
          const csv = rows.map((row) => row.join(separator) + end).join('');
          expect(await usersIn(isMarked ? `\uFEFF${csv}` : csv)).toEqual(users);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('loses its empty rows, and the blanks at the ends of its cells', async () => {
    const csv = 'user;email\n;;\n \u00A0;\n\u00A0ada\u00A0 ; a@x \n;;\n\n';
    const [key, ...others] = await keysOf(files(csv));
    expect([key?.user, key?.placeholders['email'], others]).toEqual(['ada', 'a@x', []]);
  });

  test.each([
    ['user,email\nada,a@x\n,b@x', 'r.csv:3:1 roster: A user has no name'],
    ['user,email\nada', 'r.csv:2:1 roster: The row has 1 cells, and the header has 2.'],
    ['user\temail\nada\tx\ty', 'r.csv:2:1 roster: The row has 3 cells, and the header has 2.'],
    ['user\nLovelace, Ada', 'r.csv:2:1 roster: The row has 2 cells, and the header has 1.'],
    ['user,a\nada,"b', 'r.csv:2:1 roster: The roster is no CSV: Quote Not Closed'],
    ['\n\n', 'r.csv:1:1 roster: The roster is empty.'],
  ])('that is wrong has the place of it: %j', async (csv, message) => {
    expect(await messagesOf(files(csv))).toEqual([expect.stringContaining(message)]);
  });

  test('may have any headers, which are placeholders on one line', async () => {
    const csv = 'user,"Student\nID","Total [up to 0] |12","a, b",Prénom\nada,0123,95,x,Zoë\n';
    const [key] = await keysOf({
      ...files(csv),
      'spec.yaml': spec(
        '{ file: r.csv }',
        ", metadata: { id: '{Student ID}', t: '{Total [up to 0] |12}', c: '{a, b}', p: '{Pre\u0301nom}' }",
      ),
    });
    expect(key?.metadata).toEqual({ id: '0123', t: '95', c: 'x', p: 'Zoë' });
  });

  test('may have two columns of one name, which nothing can name', async () => {
    const { notices, specs } = await load(files('user,note,note,note\nada,1,2,3'));
    expect(notices).toEqual(['r.csv:1:16 column: Several columns are called "note", so nothing can be made of them.']);
    expect(specs[0]?.desired[0]?.placeholders).not.toHaveProperty('note');
    expect(await messagesOf(files('user,note,note\nada,1,2', ", user_id: '{note}'"))).toEqual([
      expect.stringContaining('{note} is no placeholder here.'),
    ]);
  });

  test('of another encoding is told at its first line that shows it', async () => {
    const windows = Buffer.from('user,name\nada,Ada\nmueller,M\u00fcller\n', 'latin1');
    const { problems } = await load(files(windows));
    expect(problems).toMatchInlineSnapshot(`
      "r.csv:3:10 file: r.csv is no UTF-8 from here on: it looks like Windows-1252, as Excel saves "CSV".
      2 | ada,Ada
      3 | mueller,Müller
        |          ^
      4 |
      In Excel: Save As, "CSV UTF-8 (Comma delimited)". In an editor: save with the encoding UTF-8. Or: iconv -f WINDOWS-1252 -t UTF-8 'r.csv' > utf8-r.csv"
    `);
    expect(await usersIn(Buffer.from('\uFEFFuser\tname\r\nada\tMüller\r\n', 'utf16le'))).toEqual(['ada']);
  });
});

describe('a name', () => {
  test.each([
    ['a space', '\u200B', 'U+200B'],
    ['a joiner', '\u200D', 'U+200D'],
    ['a mark', '\uFEFF', 'U+FEFF'],
    ['a turn', '\u202E', 'U+202E'],
    ['a hyphen', '\u00AD', 'U+00AD'],
    ['a tag', '\u{E0041}', 'U+E0041'],
  ])('with %s that nobody sees is an error', async (_, unseen, code) => {
    expect(await messagesOf(files(`user,n\nbob,1\na${unseen}da,2`))).toEqual([
      `r.csv:3:1 roster: The user "a${unseen}da" has a character of no width in it, ${code}.`,
    ]);
    expect(await messagesOf(`keys: [{ key_alias: "a${unseen}b" }]`)).toEqual([
      `1:21 alias: The alias "a${unseen}b" has a character of no width in it, ${code}.`,
    ]);
    expect(await messagesOf(`keys: [{ key_alias: a, user_id: "a${unseen}b" }]`)).toEqual([
      `1:8 placeholder: user_id has a character of no width in it, ${code}.`,
    ]);
  });

  test.each(['👩‍🚀', '❤️', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', 'Zoë', 'नमस्ते'])('may be %s', async (name) => {
    expect(await usersIn(`user\n${name}`)).toEqual([name.normalize('NFC')]);
  });

  test('is in one form, wherever it comes from', async () => {
    const [nfd, nfc] = ['Zoe\u0308', 'Zoë'];
    const keys = await keysOf(
      `keys: [{ key_alias: ${nfd}, roster: [${nfd}], overrides: { ${nfd}: { max_budget: 1 } } }, { key_alias: ${nfd}, roster: { count: 1, prefix: ${nfd} } }]`,
    );
    expect(keys.map(({ ref, user, settings }) => [ref.name, user, settings['max_budget']])).toEqual([
      [`${nfc}-${nfc}`, nfc, 1],
      [`${nfc}-${nfc}1`, `${nfc}1`, undefined],
    ]);
    expect(await usersIn(`user\n${nfd}`)).toEqual([nfc]);
  });
});

describe('twins', () => {
  test.each([
    ['ada', 'Ada'],
    ['straße', 'STRASSE'],
    ['ada.', 'ada'],
    ['Σας', 'σασ'],
  ])(
    'that some disk takes for one, %s and %s, are told, and refused where their hand-outs would be one',
    async (a, b) => {
      const list = spec(`['${a}', '${b}', eve]`);
      expect((await load(list)).notices).toEqual([
        expect.stringMatching(`^1:\\d+ twins: "${a}" and "${b}" are one name for many disks and directories\\.$`),
      ]);
      expect(await messagesOf(`${list}\ndeliver: [{ dotenv: 'secrets/{user}' }]`)).toEqual([
        expect.stringContaining('are one file on many disks.'),
      ]);
      expect(await messagesOf(`${list}\ndeliver: [{ dotenv: 'secrets/{key_id}/{user}.env' }]`)).toEqual([]);
    },
  );

  test('are an error where they would have one alias', async () => {
    expect(
      await messagesOf('keys: [{ key_alias: "{team}", roster: [{ user: ada, team: x }, { user: Ada, team: x }] }]'),
    ).toEqual([expect.stringContaining('Several users of the roster would have the same key "x".')]);
  });

  test('with one user_id are told once for a roster', async () => {
    const csv = `user,email\n${Array.from({ length: 10 }, (_, index) => `u${String(index)},${String(index % 5)}@x`).join('\n')}`;
    expect((await load(files(csv, ", user_id: '{email}'"))).notices).toEqual([
      'r.csv:7:1 twins: The user_id "0@x" is that of "u0" and "u5", the user_id "1@x" is that of "u1" and "u6", the user_id "2@x" is that of "u2" and "u7", and 2 more like that.',
    ]);
    expect((await load(files('user,user_id\na,x\nb,x\nc,\nd,'))).notices).toEqual([
      'r.csv:3:1 twins: The user_id "x" is that of "a" and "b".',
    ]);
  });

  test('are none where all of them are to have one user_id', async () => {
    expect((await load(spec('[a, b]', ', user_id: shared'))).notices).toEqual([]);
  });
});
