/** The folder of hand-outs: what vkeys wrote is its own, and nothing else. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openFolder, ownText, type File } from '../../src/handout/folder.ts';
import { takeIn, writeFiles } from '../../src/handout/written.ts';

const ABOUT = { server: 'https://litellm.example.com', set: 'ws' };
const secret = (name: string, text: string): File => ({ name, text, isPublic: false });
const FILES = [{ name: 'page.html', text: 'page', isPublic: true }, secret('md/1.md', 'one'), secret('md/2.md', 'two')];

function newFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'vkeys-folder-')), 'out');
  onTestFinished(() => rmSync(join(folder, '..'), { recursive: true, force: true }));
  return folder;
}

const problem = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

it('writes what has changed alone, for everybody or for its owner alone', async () => {
  const path = newFolder();
  expect((await writeFiles(await openFolder(path, ABOUT), FILES, [])).written).toEqual(FILES.map(({ name }) => name));
  const mode = (name: string): string => (statSync(join(path, name)).mode & 0o777).toString(8);
  expect(['page.html', 'md/1.md', '.vkeys-handout.json', 'md', '.'].map(mode)).toEqual([
    '644',
    '600',
    '600',
    '700',
    '700',
  ]);
  chmodSync(join(path, 'md/1.md'), 0o644);
  const before = statSync(join(path, '.vkeys-handout.json')).ino;
  expect((await writeFiles(await openFolder(path, ABOUT), FILES, [])).written).toEqual([]);
  expect([mode('md/1.md'), statSync(join(path, '.vkeys-handout.json')).ino]).toEqual(['600', before]);
  const [page] = FILES;
  const changed = await writeFiles(await openFolder(path, ABOUT), [secret('page.html', 'new')], ['md/1.md', 'md/2.md']);
  expect([changed.written, changed.withdrawn, page?.name]).toEqual([
    ['page.html'],
    ['md/1.md', 'md/2.md'],
    'page.html',
  ]);
  expect(existsSync(join(path, 'md/1.md'))).toBe(false);
  expect([...(await openFolder(path, ABOUT)).known.keys()]).toEqual(['page.html']);
});

it('refuses what others wrote or changed, before it writes anything', async () => {
  const path = newFolder();
  const empty = await openFolder(path, ABOUT);
  mkdirSync(path);
  writeFileSync(join(path, 'md'), 'a file');
  expect(await problem(writeFiles(empty, FILES, []))).toMatchObject({ kind: 'delivery' });
  rmSync(join(path, 'md'));
  writeFileSync(join(path, 'page.html'), 'theirs');
  const theirs = await problem(writeFiles(empty, [...FILES].toReversed(), []));
  expect(theirs).toMatchObject({ kind: 'refused', message: expect.stringContaining('vkeys did not write it') });
  expect(existsSync(join(path, 'md'))).toBe(false);
  rmSync(join(path, 'page.html'));
  await writeFiles(await openFolder(path, ABOUT), FILES, []);
  writeFileSync(join(path, 'md/1.md'), 'changed');
  const folder = await openFolder(path, ABOUT);
  expect(await problem(ownText(folder, 'md/1.md'))).toMatchObject({ message: expect.stringContaining('was changed') });
  /* What was changed by hand is not taken away, and is told again by the next run. */
  const done = await writeFiles(folder, FILES.slice(0, 1), ['md/1.md', 'md/2.md']);
  expect([done.withdrawn, done.kept]).toEqual([['md/2.md'], ['md/1.md']]);
  expect(readFileSync(join(path, 'md/1.md'), 'utf8')).toBe('changed');
  expect([...(await openFolder(path, ABOUT)).known.keys()]).toEqual(['md/1.md', 'page.html']);
});

it('does not follow a link that leads out of it', async () => {
  const path = newFolder();
  const elsewhere = join(path, '../elsewhere');
  await writeFiles(await openFolder(path, ABOUT), FILES.slice(0, 1), []);
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, join(path, 'md'));
  expect(await problem(writeFiles(await openFolder(path, ABOUT), FILES, []))).toMatchObject({
    kind: 'refused',
    message: `${join(path, 'md')} is a link, which vkeys did not make. Nothing was written.`,
  });
  expect(readdirSync(elsewhere)).toEqual([]);
});

it("is a folder of its own: no project's, and no file", async () => {
  const path = newFolder();
  mkdirSync(path);
  writeFileSync(join(path, '.vkeys-handout.json.vkeys-tmp'), 'of a run that was cut');
  expect((await openFolder(path, ABOUT)).known.size).toBe(0);
  writeFileSync(join(path, 'README.md'), 'a project');
  expect(await problem(openFolder(path, ABOUT))).toMatchObject({
    kind: 'refused',
    message: `${path} has files that are no hand-outs of vkeys. Nothing was written.`,
  });
  for (const file of [join(path, 'README.md'), join(path, 'README.md/below')])
    expect(await problem(openFolder(file, ABOUT))).toMatchObject({
      kind: 'usage',
      message: `${file} can be no folder: a file is in its place. Nothing was written.`,
    });
});

it('knows its files after a run that was cut anywhere', async () => {
  const path = newFolder();
  await writeFiles(await openFolder(path, ABOUT), FILES, []);
  const folder = await openFolder(path, ABOUT);
  const next = [{ name: 'page.html', text: 'next', isPublic: true }, secret('md/1.md', 'uno')];
  /* A folder where the file should be lets the page be written, and nothing after it. */
  rmSync(join(path, 'md/1.md'));
  mkdirSync(join(path, 'md/1.md.vkeys-tmp', 'full'), { recursive: true });
  expect(await problem(writeFiles(folder, next, []))).toMatchObject({ kind: 'delivery' });
  expect(readFileSync(join(path, 'page.html'), 'utf8')).toBe('next');
  rmSync(join(path, 'md/1.md.vkeys-tmp'), { recursive: true });
  expect((await writeFiles(await openFolder(path, ABOUT), next, ['md/2.md'])).written).toEqual(['md/1.md']);
});

it('takes in what a program wrote', async () => {
  const path = newFolder();
  const { folder } = await writeFiles(await openFolder(path, ABOUT), FILES, []);
  for (const text of ['%PDF', '%PDF anew']) {
    writeFileSync(join(path, 'made'), text);
    await takeIn(await openFolder(path, ABOUT), join(path, 'made'), 'cards.pdf', { text, of: text });
    expect((await openFolder(path, ABOUT)).printed).toBe(text);
    expect(await ownText(await openFolder(path, ABOUT), 'cards.pdf')).toBe(text);
  }
  writeFileSync(join(path, 'cards.pdf'), 'theirs');
  expect(await problem(takeIn(folder, join(path, 'made'), 'cards.pdf', { text: '', of: null }))).toMatchObject({
    kind: 'refused',
  });
});

it('is of one set', async () => {
  const path = newFolder();
  await writeFiles(await openFolder(path, ABOUT), FILES, []);
  expect(await problem(openFolder(path, { ...ABOUT, set: 'other' }))).toMatchObject({
    kind: 'refused',
    message: `${path} has the hand-outs of another set: of "ws" at "https://litellm.example.com". Nothing was written.`,
  });
  writeFileSync(join(path, '.vkeys-handout.json'), '{"version":9}');
  expect(await problem(openFolder(path, ABOUT))).toMatchObject({ message: expect.stringContaining('is damaged') });
});
