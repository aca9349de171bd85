import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findEntries, findEntry, readInventory } from '../../src/secrets/inventory.ts';
import { openKeyring } from '../../src/secrets/keyring.ts';
import type { Line } from '../../src/model/keyring.ts';
import type { About } from '../../src/secrets/line.ts';
import { keyringPath } from '../../src/secrets/location.ts';
import { timesAsMuch } from '../support/times-as-much.ts';
import { emptyFolder, keyringPorts, mintLine } from './folder.ts';

const HERE = { server: 'https://litellm.example.com', set: 'one' };
const [a, b, c] = [mintLine('a'), mintLine('b'), mintLine('c')];
const ports = keyringPorts();

async function keep(folder: string, about: About, ...lines: readonly Line[]): Promise<string> {
  const path = keyringPath(folder, about);
  const keyring = await openKeyring(path, about, ports);
  await keyring.record(lines);
  await keyring.close();
  return path;
}

const linesIn = (text: string): readonly unknown[] =>
  text.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));

describe('looking a secret up', () => {
  it('goes through all sets of all servers, and what is kept only for a while', async () => {
    const folder = emptyFolder();
    await keep(folder, HERE, a);
    await keep(folder, { server: 'http://localhost:4000', set: 'Two' }, b);
    await keep(join(folder, 'none'), HERE, c);
    const roots = [folder, join(folder, 'none')];
    const ids = [a.key_id, b.key_id, c.key_id, mintLine('unknown').key_id];
    const { entries, unreadable } = await findEntries(roots, ids, ports);
    expect([[...entries.values()].map(({ name }) => name).toSorted(), unreadable]).toEqual([['a', 'b', 'c'], []]);
    expect((await findEntry(roots, b.key_id, ports))?.secret.reveal()).toBe(b.secret.reveal());
    expect(await findEntry(roots, mintLine('unknown').key_id, ports)).toBeNull();
  });

  it('takes the finished one of two copies', async () => {
    const folder = emptyFolder();
    const done = { op: 'done', key_id: a.key_id, expires: null } as const;
    await keep(folder, { ...HERE, set: 'a' }, a);
    await keep(folder, { ...HERE, set: 'b' }, a, done);
    await keep(folder, { ...HERE, set: 'c' }, a);
    expect((await findEntries([folder], [a.key_id], ports)).entries.get(a.key_id)?.pending).toBe(false);
  });

  it('is not stopped by a journal that cannot be read, and tells it', async () => {
    const folder = emptyFolder();
    await keep(folder, HERE, a);
    const spoiled = await keep(folder, { ...HERE, set: 'spoiled' }, b);
    writeFileSync(spoiled, `garbage\n${readFileSync(spoiled, 'utf8')}`);
    const open = await keep(folder, { server: 'http://other', set: 'open' }, c);
    chmodSync(open, 0o644);
    const { entries, unreadable } = await findEntries([folder], [a.key_id, b.key_id], ports);
    expect([...entries.keys()]).toEqual([a.key_id]);
    expect(unreadable.map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringContaining(spoiled), expect.stringContaining(open)]),
    );
    expect((await findEntry([folder], a.key_id, ports))?.name).toBe('a');
    await expect(findEntry([folder], b.key_id, ports)).rejects.toMatchObject({ kind: 'config' });
  });

  it('finds nothing where there is no folder, or something else', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'empty'));
    expect(await findEntry([folder, join(folder, 'nothing')], a.key_id, ports)).toBeNull();
  });

  it('reads 200 journals in little more time than anybody needs to parse their lines', async () => {
    const folder = emptyFolder();
    const path = await keep(folder, HERE, ...Array.from({ length: 25 }, (_, index) => mintLine(`k${String(index)}`)));
    const text = readFileSync(path);
    for (let index = 0; index < 200; index += 1) {
      const copy = keyringPath(folder, { server: `https://s${String(index % 20)}`, set: `set-${String(index)}` });
      mkdirSync(dirname(copy), { recursive: true, mode: 0o700 });
      writeFileSync(copy, text, { mode: 0o600 });
    }
    const ids = Array.from({ length: 25 }, (_, index) => mintLine(`k${String(index)}`).key_id);
    const { entries } = await findEntries([folder], ids, ports);
    expect(entries.size).toBe(25);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
    const bare = () => files.map((name) => linesIn(readFileSync(join(folder, name), 'utf8')));
    expect(await timesAsMuch(() => findEntries([folder], ids, ports), bare, 40)).toBeLessThan(40);
  });
});

it('an inventory has every journal with what it is about', async () => {
  const folder = emptyFolder();
  await keep(folder, HERE, a);
  const mended = await keep(folder, { server: 'http://other', set: 'Two' }, b);
  writeFileSync(mended, readFileSync(mended, 'utf8').replace(/^.*\n/, ''));
  const { journals, unreadable } = await readInventory([folder], ports);
  expect([journals.map(({ about }) => about).toSorted((x, y) => x.set.localeCompare(y.set)), unreadable]).toEqual([
    [{ server: expect.stringMatching(/^other-[0-9a-f]{8}$/), set: '+two' }, HERE],
    [],
  ]);
});
