/** `vkeys handout`, from the command line to what a browser's code would open. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, describe, onTestFinished, vi } from 'vitest';
import { fromBase64, keyBytes, opened, ROUNDS, type Letter } from '../../src/handout/envelope.ts';
import { envelopesIn } from '../../src/handout/page-element.ts';
import { isCode, readCode } from '../../src/model/code.ts';
import { keyringPath } from '../../src/secrets/location.ts';
import { documentIn } from '../support/document.ts';
import { makeHome, type Home, type HomeOptions, type Seen } from '../support/run.ts';

const URL = 'http://litellm.test';

type Key = Readonly<Record<string, unknown>>;

const ADA: Key = { key_alias: 'ada', models: ['gpt-4o-mini'], max_budget: 5, budget_duration: '1d', duration: '30d' };
const ROSTER: Key = { key_alias: 'lab', models: ['gpt-4o-mini'], roster: { file: 'people.csv' } };
const PEOPLE = 'user,name,E-Mail\ngrace,Grace Hopper,grace@example.com\n';

function write({ folder }: Home, keys: readonly Key[], more: Key = {}): void {
  const server = { public_url: 'https://llm.example.com' };
  writeFileSync(join(folder, 'ws.json'), JSON.stringify({ set: 'ws', server, keys, ...more }));
}

/** A home with these keys on its server. */
async function homeWith(keys: readonly Key[], options: HomeOptions = {}): Promise<Home> {
  const home = makeHome(options);
  onTestFinished(() => rmSync(home.folder, { recursive: true, force: true }));
  writeFileSync(join(home.folder, 'people.csv'), PEOPLE);
  write(home, keys);
  expect(await home.vkeys('apply -f ws.json --yes')).toMatchObject({ code: 0 });
  return home;
}

const handout = ({ vkeys }: Home, words = '', world = {}): Promise<Seen> =>
  vkeys(`handout -f ws.json --to out ${words}`, world);
const textOf = ({ folder }: Home, name: string): string => readFileSync(join(folder, 'out', name), 'utf8');
const journalOf = ({ folder }: Home): string =>
  readFileSync(keyringPath(join(folder, 'state'), { server: URL, set: 'ws' }), 'utf8');

/** Codes by the key's name, as the journal has them. */
function codesOf(home: Home): Readonly<Record<string, string>> {
  const lines = journalOf(home).match(/^\{"op":"code".*$/gm) ?? [];
  return Object.fromEntries(
    lines.map((line) => {
      const { name, code } = JSON.parse(line) as { readonly name: string; readonly code: string };
      return [name, code];
    }),
  );
}

/** What a code opens in the page. */
async function letterFor(home: Home, code = ''): Promise<Letter | null> {
  const read = readCode(code);
  const envelope = isCode(read) ? envelopesIn(textOf(home, 'page.html'), ROUNDS).get(read.seat) : undefined;
  if (envelope === undefined) return null;
  const text = await opened(envelope, await keyBytes(code, { salt: fromBase64(envelope[1]), rounds: ROUNDS }));
  return text === null ? null : (JSON.parse(text) as Letter);
}

const keyOf = async (home: Home, alias: string): Promise<unknown> =>
  documentIn((await home.vkeys(`get ${alias} --show-key -o json`)).stdout).keys[0];

/** A browser that is called `google-chrome`, prints `prints` and will not start as root; `null`: it prints nothing. */
function chrome(prints: { text: string | null } = { text: '%PDF' }) {
  const commands: string[] = [];
  const run = (command: string, args: readonly string[]) => {
    commands.push(`${command} ${args.join(' ')}`);
    const [, made] = /--print-to-pdf=(\S+)/.exec(args.join(' ')) ?? [];
    if (command !== 'google-chrome') return Promise.resolve({ exitCode: null, stdout: '', stderr: '' });
    if (made === undefined) return Promise.resolve({ exitCode: 0, stdout: 'Chrome', stderr: '' });
    if (!args.includes('--no-sandbox'))
      return Promise.resolve({ exitCode: 1, stdout: '', stderr: 'as root without --no-sandbox' });
    if (prints.text !== null) writeFileSync(made, prints.text);
    return Promise.resolve({ exitCode: 0, stdout: '', stderr: '' });
  };
  return { commands, run };
}

describe('a page', () => {
  it('is made of spec and keyring, without a server, and each code opens its own key', async () => {
    const home = await homeWith([ADA, ROSTER]);
    const { code, stdout, stderr, requests } = await handout(home);
    expect([code, stdout, requests]).toEqual([0, 'out/page.html\n', []]);
    expect(stderr).toMatchInlineSnapshot(`
      "For 2 attendees: 1 of 1 file written.
      page.html may be published or mailed to everybody: it opens for a code alone.
      "
    `);
    const codes = codesOf(home);
    expect(Object.keys(codes)).toEqual(['ada', 'lab-grace']);
    expect(await letterFor(home, codes['ada'])).toEqual({
      key: expect.stringMatching(/^sk-/),
      api_endpoint: 'https://llm.example.com',
      models: ['gpt-4o-mini'],
      max_budget: 5,
      budget_duration: '1d',
      expires: expect.any(String),
    });
    expect(await keyOf(home, 'ada')).toMatchObject({ key: (await letterFor(home, codes['ada']))?.key });
    expect(statSync(join(home.folder, 'out/page.html')).mode & 0o777).toBe(0o644);
    const said = stdout + stderr + (await home.vkeys('keyring list')).stdout;
    for (const each of Object.values(codes)) expect(said + textOf(home, 'page.html')).not.toContain(each);
  });

  it('is the same to the last byte when nothing has changed', async () => {
    const home = await homeWith([ADA]);
    await handout(home);
    const before = textOf(home, 'page.html');
    const { code, stderr } = await handout(home);
    expect([code, stderr.split('\n')[0]]).toEqual([0, 'For 1 attendee: nothing is new.']);
    expect(textOf(home, 'page.html') === before).toBe(true);
  });

  it('keeps codes: for late arrivals there are new ones, and a key that was replaced is under the same one', async () => {
    const home = await homeWith([ADA, { key_alias: 'bob' }]);
    await handout(home);
    const codes = codesOf(home);
    const first = await letterFor(home, codes['ada']);
    expect(await home.vkeys('delete ada --yes')).toMatchObject({ code: 0 });
    write(home, [{ key_alias: 'late' }, ADA, { key_alias: 'bob' }]);
    expect(await home.vkeys('apply -f ws.json --yes')).toMatchObject({ code: 0 });
    expect(await handout(home)).toMatchObject({ code: 0 });
    const now = codesOf(home);
    expect(now).toEqual({ ...codes, late: expect.stringMatching(/^3-/) });
    expect(await keyOf(home, 'ada')).toMatchObject({ key: (await letterFor(home, codes['ada']))?.key });
    expect((await letterFor(home, codes['ada']))?.key).not.toBe(first?.key);
  });

  it('has new codes for all when that is asked for, and none of who is gone', async () => {
    const home = await homeWith([ADA, { key_alias: 'bob' }]);
    await handout(home);
    const old = codesOf(home);
    write(home, [ADA]);
    expect(await home.vkeys('apply -f ws.json --prune --max-deletions 100% --yes')).toMatchObject({ code: 0 });
    expect(await handout(home, '--renew-codes')).toMatchObject({ code: 0 });
    const now = codesOf(home);
    expect(now['ada']).toMatch(/^1-/);
    expect(now['ada']).not.toBe(old['ada']);
    expect(await letterFor(home, old['ada'])).toBeNull();
    expect(await letterFor(home, now['ada'])).not.toBeNull();
    expect(await letterFor(home, old['bob'])).toBeNull();
  });

  it('has codes that are in the keyring before a file has one', async () => {
    const home = await homeWith([ADA]);
    const inTheWay = join(home.folder, 'out/page.html.vkeys-tmp/full');
    mkdirSync(inTheWay, { recursive: true });
    const { code, stderr } = await handout(home);
    expect([code, stderr]).toEqual([1, expect.stringContaining('it goes on with the same codes')]);
    const codes = codesOf(home);
    expect([Object.keys(codes), existsSync(join(home.folder, 'out/page.html'))]).toEqual([['ada'], false]);
    rmSync(dirname(inTheWay), { recursive: true });
    expect(await handout(home)).toMatchObject({ code: 0 });
    expect(codesOf(home)).toEqual(codes);
    expect(await letterFor(home, codes['ada'])).not.toBeNull();
  });

  it('has a new code for one of them, whose card was lost', async () => {
    const home = await homeWith([ADA, { key_alias: 'bob' }]);
    await handout(home);
    const old = codesOf(home);
    expect(await handout(home, '--renew-codes b*')).toMatchObject({ code: 0 });
    const now = codesOf(home);
    expect([now['ada'], now['bob'] === old['bob']]).toEqual([old['ada'], false]);
    expect([await letterFor(home, old['bob']), await letterFor(home, now['ada'])]).toEqual([null, expect.anything()]);
    expect(await handout(home, '--renew-codes bop')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('No key of the spec that can be handed out is called bop.'),
    });
  });

  it('does not try a new code at what an old one opens', async () => {
    const home = await homeWith([ADA, { key_alias: 'bob' }]);
    await handout(home);
    const derives = vi.spyOn(crypto.subtle, 'deriveBits');
    onTestFinished(() => derives.mockRestore());
    await handout(home, '--renew-codes');
    expect(derives).toHaveBeenCalledTimes(2);
  });

  it('forgets a code with the secret that is forgotten by hand', async () => {
    const home = await homeWith([ADA, { key_alias: 'bob' }]);
    await handout(home);
    expect(await home.vkeys('keyring forget ada --yes')).toMatchObject({ code: 0 });
    expect(Object.keys(codesOf(home))).toEqual(['bob']);
  });
});

describe('the files', () => {
  it('are secret but for the page, and Git ignores them', async () => {
    const home = await homeWith([ADA, ROSTER]);
    const formats = 'page cards md txt csv mail-merge';
    const { code, stdout } = await handout(home, `--page-url https://example.com/p.html --format ${formats}`);
    const names = ['page.html', 'cards.html', 'md/*', 'txt/*', 'keys.csv', 'mail-merge.csv'];
    expect([code, stdout]).toEqual([0, names.map((name) => `out/${name}\n`).join('')]);
    const files = readdirSync(join(home.folder, 'out'), { recursive: true, encoding: 'utf8' });
    const open = files.filter((name) => (statSync(join(home.folder, 'out', name)).mode & 0o077) !== 0);
    expect([open, textOf(home, '.gitignore')]).toEqual([['page.html'], '*\n']);
    const codes = codesOf(home);
    expect(textOf(home, 'mail-merge.csv')).toContain(
      `grace,Grace Hopper,grace@example.com,2,${codes['lab-grace'] ?? ''},https://example.com/p.html#${codes['lab-grace'] ?? ''},`,
    );
    expect(textOf(home, 'cards.html')).not.toContain('Grace');
    await handout(home, '--format cards --names --lang fr --paper letter --show key');
    expect(textOf(home, 'cards.html')).toMatch(/<html lang="fr">[^]*size: letter[^]*Grace Hopper[^]*sk-/);
  });

  it('of who is gone are taken away, and what is of an earlier run is told', async () => {
    const home = await homeWith([ADA, { key_alias: 'bob' }]);
    await handout(home, '--format md csv');
    write(home, [ADA]);
    expect(await home.vkeys('apply -f ws.json --prune --max-deletions 100% --yes')).toMatchObject({ code: 0 });
    const { code, stderr } = await handout(home, '--format txt');
    expect(code).toBe(0);
    expect(stderr).toContain('Taken away: out/md/2.md\n');
    expect(stderr).toContain('What the folder has of csv, md is of an earlier run, and was not asked for now.');
    expect(existsSync(join(home.folder, 'out/md/1.md'))).toBe(true);
  });

  it('are told to programs as a document', async () => {
    const home = await homeWith([ADA]);
    const { code, stdout } = await handout(home, '--format page csv -o json');
    const out = join(home.folder, 'out');
    const files = [join(out, 'page.html'), join(out, 'keys.csv')];
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { changed: true, notices: [], handout: { attendees: 1, files, written: files, withdrawn: [] } },
    ]);
    expect(documentIn((await handout(home, '--format page csv -o json')).stdout)).toMatchObject({ changed: false });
  });

  it("have an organiser's own words, and tell where those are wrong", async () => {
    const home = await homeWith([ADA]);
    writeFileSync(join(home.folder, 'words.yaml'), 'title: KI-Werkstatt\n');
    expect(await handout(home, '--template words.yaml --format md')).toMatchObject({ code: 0 });
    expect(textOf(home, 'md/1.md')).toMatch(/^# KI-Werkstatt\n/);
    writeFileSync(join(home.folder, 'words.yaml'), 'title: x\nlogo: none.png\n');
    expect(await handout(home, '--template words.yaml')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('words.yaml:2:7'),
    });
  });

  it('are printed by a browser where there is one, and only when they have changed', async () => {
    const home = await homeWith([ADA]);
    const { commands, run } = chrome();
    expect(await handout(home, '--format cards --pdf', { run })).toMatchObject({ code: 0 });
    expect([textOf(home, 'cards.pdf'), readdirSync(join(home.folder, 'out')).length]).toEqual(['%PDF', 4]);
    const codes = Object.values(codesOf(home));
    for (const code of codes) expect(commands.join('\n')).not.toContain(code);
    const before = commands.length;
    expect(await handout(home, '--format cards --pdf', { run })).toMatchObject({ code: 0 });
    expect(commands.slice(before).every((line) => line.endsWith('--version'))).toBe(true);
    const { code, stderr } = await handout(home, '--format cards');
    expect([code, stderr]).toEqual([0, expect.stringContaining('Taken away: out/cards.pdf')]);
    expect(await handout(home, '--format cards --pdf')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('There is no Chromium'),
    });
  });
});

describe('cards as a PDF', () => {
  const CARDS = '--format cards --pdf';

  it('are printed again where the file is missing, or the last run printed none', async () => {
    const home = await homeWith([ADA]);
    const prints: { text: string | null } = { text: '%PDF' };
    const { run } = chrome(prints);
    expect(await handout(home, CARDS, { run })).toMatchObject({ code: 0 });
    rmSync(join(home.folder, 'out/cards.pdf'));
    expect(await handout(home, CARDS, { run })).toMatchObject({ code: 0 });
    expect(textOf(home, 'cards.pdf')).toBe('%PDF');
    prints.text = null;
    const { code, stderr } = await handout(home, `${CARDS} --lang de`, { run });
    expect([code, stderr]).toEqual([1, expect.stringContaining('google-chrome made no PDF of the cards')]);
    prints.text = '%PDF de';
    expect(await handout(home, `${CARDS} --lang de`, { run })).toMatchObject({ code: 0 });
    expect(textOf(home, 'cards.pdf')).toBe('%PDF de');
  });

  it('leave nothing of a browser of a run that was killed', async () => {
    const home = await homeWith([ADA]);
    await handout(home);
    mkdirSync(join(home.folder, 'out/.vkeys-print-abc'));
    writeFileSync(join(home.folder, 'out/.vkeys-print-abc/cards.pdf'), 'secret');
    expect(await handout(home)).toMatchObject({ code: 0 });
    expect(existsSync(join(home.folder, 'out/.vkeys-print-abc'))).toBe(false);
  });
});

describe('a folder that is there', () => {
  it('keeps everybody at their codes when something of others is in the way', async () => {
    const home = await homeWith([ADA]);
    await handout(home, '--format page md');
    const before = codesOf(home);
    for (const name of ['.gitignore', 'md/1.md']) {
      const text = textOf(home, name);
      writeFileSync(join(home.folder, 'out', name), 'mine');
      const { code, stderr } = await handout(home, '--format page md --renew-codes');
      expect([code, stderr]).toEqual([6, expect.stringContaining('Nothing was written.')]);
      expect(codesOf(home)).toEqual(before);
      writeFileSync(join(home.folder, 'out', name), text);
    }
  });

  it('is written by one run at a time, each of which knows what the other wrote', async () => {
    const home = await homeWith([ADA]);
    /* Whoever waits does so in real time, or a run that is slow would be taken for dead. */
    const sleep = (milliseconds: number): Promise<void> => delay(milliseconds);
    const runs = await Promise.all(['--format csv', '--format md'].map((words) => handout(home, words, { sleep })));
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(await handout(home, '--format csv md')).toMatchObject({ code: 0 });
  });

  it('has a page: cards have codes for it', async () => {
    const home = await homeWith([ADA]);
    await handout(home);
    expect(await handout(home, '--format cards')).toMatchObject({ code: 0 });
    expect(textOf(home, 'cards.html')).toContain(codesOf(home)['ada']);
    expect(textOf(home, 'cards.html')).not.toContain('sk-');
  });

  it('has nothing of vkeys any more when the spec wants no keys, but what somebody changed; not where the keyring lacks them', async () => {
    const home = await homeWith([ADA, { key_alias: 'bob' }]);
    await handout(home, '--format page cards md csv');
    writeFileSync(join(home.folder, 'out/md/2.md'), 'mine');
    expect(await home.vkeys('delete bob --yes')).toMatchObject({ code: 0 });
    const some = await handout(home, '--format page');
    expect(some.stderr).toContain('out/md/2.md any more, but it was changed since vkeys wrote it');
    expect(await home.vkeys('delete ada --yes')).toMatchObject({ code: 0 });
    const before = readdirSync(join(home.folder, 'out'), { recursive: true, encoding: 'utf8' });
    expect(await handout(home)).toMatchObject({ code: 6, stderr: expect.stringContaining('Nothing was written.') });
    expect(readdirSync(join(home.folder, 'out'), { recursive: true, encoding: 'utf8' })).toEqual(before);
    write(home, []);
    const { code, stderr } = await handout(home);
    expect([code, stderr]).toEqual([6, expect.stringContaining('Taken away: ')]);
    expect(stderr).toContain('out/md/2.md any more, but it was changed');
    const left = readdirSync(join(home.folder, 'out'), { recursive: true, encoding: 'utf8' });
    expect(left.toSorted()).toEqual(['.gitignore', '.vkeys-handout.json', 'md', 'md/2.md']);
  });
});

describe('what cannot be handed out', () => {
  it('is told, with the next step, and ends with 5 where others were', async () => {
    const home = await homeWith([ADA]);
    write(home, [ADA, { key_alias: 'new' }, { key_alias: 'newer' }]);
    const { code, stderr } = await handout(home);
    expect(code).toBe(5);
    expect(stderr).toContain('The keyring of this machine does not have the key of new and 1 more, so nobody gets it.');
    for (const way of ['vkeys apply -f FILE', 'where the keys were made', 'vkeys keyring import', 'on_lost: replace'])
      expect(stderr).toContain(way);
    const seat = codesOf(home);
    expect(Object.keys(seat)).toEqual(['ada']);
  });

  it('is refused where it is everything', async () => {
    const home = makeHome();
    onTestFinished(() => rmSync(home.folder, { recursive: true, force: true }));
    write(home, [ADA]);
    expect(await handout(home)).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('There is nothing to hand out'),
    });
    expect(existsSync(join(home.folder, 'out'))).toBe(false);
    write(home, []);
    expect(await handout(home)).toMatchObject({ code: 6, stderr: expect.stringContaining('The spec has no keys.') });
  });

  it('is a key that has ended', async () => {
    const home = await homeWith([ADA, { key_alias: 'brief', duration: '1h' }]);
    const now = () => new Date(home.server.clock.now().getTime() + 2 * 3_600_000);
    const { code, stderr } = await handout(home, '', { now });
    expect([code, stderr]).toEqual([5, expect.stringContaining('The key of brief has ended')]);
  });

  it.each([
    ['--pdf', 3, '--pdf is for cards'],
    ['--page-url here', 3, 'here is no address'],
    ['--page-url https://ada:secret@example.com/', 3, '--page-url has a user or a password in it'],
    ['--to ws.json', 3, 'a file is in its place'],
    ['--to .', 6, 'Take a folder of its own'],
    ['--lang it', 3, 'Allowed choices are en, de, fr, es'],
    ['--format pdf', 3, 'Allowed choices are page, cards'],
    ['-f other.json', 3, 'These files have several sets: ws, other.'],
  ])('%s ends with %i', async (words, code, message) => {
    const home = makeHome();
    onTestFinished(() => rmSync(home.folder, { recursive: true, force: true }));
    write(home, [ADA]);
    writeFileSync(join(home.folder, 'other.json'), JSON.stringify({ set: 'other', keys: [ADA] }));
    expect(await handout(home, words)).toMatchObject({ code, stderr: expect.stringContaining(message) });
  });

  it('is what would write over something of others', async () => {
    const home = await homeWith([ADA]);
    await handout(home);
    writeFileSync(join(home.folder, 'out/page.html'), 'mine');
    expect(await handout(home)).toMatchObject({ code: 6, stderr: expect.stringContaining('was changed since') });
    expect(textOf(home, 'page.html')).toBe('mine');
  });
});

it('has the budget that a key has by its name, and no model where it may use all', async () => {
  const home = makeHome();
  onTestFinished(() => rmSync(home.folder, { recursive: true, force: true }));
  const budgets = [{ budget_id: 'frugal', max_budget: 20, budget_duration: '30d' }];
  write(home, [{ key_alias: 'ada', budget: 'frugal', models: ['all-proxy-models'] }], { budgets });
  expect(await home.vkeys('apply -f ws.json --yes')).toMatchObject({ code: 0 });
  expect(await handout(home)).toMatchObject({ code: 0 });
  expect(await letterFor(home, codesOf(home)['ada'])).toMatchObject({
    max_budget: 20,
    budget_duration: '30d',
    models: [],
  });
});

it('tells an address that only this machine reaches', async () => {
  const home = await homeWith([ADA]);
  write(home, [ADA], { server: { public_url: 'http://127.0.0.1:4000' } });
  const { code, stderr } = await handout(home, '--format csv');
  expect([code, stderr]).toEqual([0, expect.stringContaining('http://127.0.0.1:4000, which is only this machine')]);
});

it('makes codes of bytes that are nowhere used twice', async () => {
  const home = await homeWith([ADA, { key_alias: 'bob' }]);
  const asked: number[] = [];
  const randomBytes = (count: number): Uint8Array => {
    asked.push(count);
    return createHash('sha256').update(String(asked.length)).digest().subarray(0, count);
  };
  await handout(home, '', { randomBytes });
  /* Two codes, then a salt and a nonce for each. */
  expect(asked.toSorted((a, b) => a - b)).toEqual([11, 11, 12, 12, 16, 16]);
});
