/** Keyrings whose secrets are encrypted with age: by the library, and by the program of that name where it is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, parseJson } from '../../src/base/json.ts';
import { Secret } from '../../src/base/secret.ts';
import { CODE_BYTES, makeCode } from '../../src/model/code.ts';
import type { Line } from '../../src/model/keyring.ts';
import { ageSeal } from '../../src/secrets/age.ts';
import { findEntry } from '../../src/secrets/inventory.ts';
import { readKeyring } from '../../src/secrets/keyring.ts';
import { writeLine } from '../../src/secrets/line.ts';
import type { Seal } from '../../src/secrets/seal.ts';
import { character } from '../support/character.ts';
import { emptyFolder, keyringPorts, mintLine, newPath, openAt } from './folder.ts';

const identity = await generateX25519Identity();
const recipient = await identityToRecipient(identity);
const file = `# created: today\n# public key: ${recipient}\n${identity}\n`;
const sealOf = (recipients: readonly string[], text: string | null): Seal =>
  ageSeal({ recipients, identity: () => Promise.resolve(text) });
const ours = sealOf([recipient], file);
const a = mintLine('a');
const b = mintLine('b');
const problem = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

/** A keyring with `a` and `b`, closed. */
async function sealedKeyring(): Promise<string> {
  const path = newPath();
  const keyring = await openAt(path, { seal: ours });
  await keyring.record([a, b, { op: 'done', key_id: a.key_id, expires: null }]);
  await keyring.close();
  return path;
}

const mints = (path: string): readonly unknown[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const json = parseJson(line);
      return isObject(json) && json['op'] === 'mint' ? [json] : [];
    });

it('has no secret on the disk, and everything else readable', async () => {
  const path = await sealedKeyring();
  const text = readFileSync(path, 'utf8');
  for (const { secret } of [a, b]) expect(text).not.toContain(secret.reveal());
  expect(mints(path)).toEqual([
    { op: 'mint', key_id: a.key_id, name: 'a', sealed: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/), at: a.at },
    { op: 'mint', key_id: b.key_id, name: 'b', sealed: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/), at: b.at },
  ]);
  const { entries } = await readKeyring(path, keyringPorts({ seal: ours }));
  expect([...entries.values()].map(({ secret }) => secret.reveal())).toEqual([a.secret.reveal(), b.secret.reveal()]);
  const found = await findEntry([join(path, '../..')], b.key_id, keyringPorts({ seal: ours }));
  expect(found?.secret.reveal()).toBe(b.secret.reveal());
});

it('seals and opens any secret', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: character, minLength: 1 }), async (text) => {
      const secret = new Secret(text);
      expect((await ours.open(await ours.seal(secret))).hash()).toBe(secret.hash());
    }),
    { numRuns: 30 },
  );
});

it('encrypts a secret once: whoever shortens the journal leaves the others as they are', async () => {
  const path = await sealedKeyring();
  const [, before] = mints(path);
  const keyring = await openAt(path, { seal: ours });
  await keyring.record([{ op: 'drop', key_id: a.key_id, why: 'deleted' }]);
  await keyring.close();
  expect(mints(path)).toEqual([before]);
});

it('encrypts what stood there in plain text', async () => {
  const path = newPath();
  const plain = await openAt(path);
  await plain.record([a]);
  await plain.close();
  await (await openAt(path, { seal: ours })).close();
  expect(readFileSync(path, 'utf8')).not.toContain(a.secret.reveal());
  expect((await readKeyring(path, keyringPorts({ seal: ours }))).entries.get(a.key_id)?.secret.reveal()).toBe(
    a.secret.reveal(),
  );
});

it('encrypts codes, each once, and refuses one that stands at another seat', async () => {
  const codes = [1, 2].map((seat) => makeCode(seat, Buffer.alloc(CODE_BYTES, seat)));
  const lines = codes.map(({ seat, text }, index): Line => {
    return { op: 'code', name: index === 0 ? 'a' : 'b', seat, code: new Secret(text), at: a.at };
  });
  const path = await sealedKeyring();
  const keyring = await openAt(path, { seal: ours });
  await keyring.record([...lines, ...lines]);
  await keyring.close();
  const text = readFileSync(path, 'utf8');
  for (const code of codes) expect(text).not.toContain(code.text);
  const codesIn = (journal: string): readonly string[] => journal.match(/^\{"op":"code".*$/gm) ?? [];
  expect(codesIn(text)).toHaveLength(2);
  const known = (await readKeyring(path, keyringPorts({ seal: ours }))).codes;
  expect([...known].map(([name, { seat, code }]) => [name, seat, code.reveal()])).toEqual([
    ['a', 1, codes[0]?.text],
    ['b', 2, codes[1]?.text],
  ]);
  const again = await openAt(path, { seal: ours });
  await again.record([{ op: 'drop', key_id: b.key_id, why: 'forgotten' }]);
  await again.close();
  expect(codesIn(readFileSync(path, 'utf8'))).toEqual(codesIn(text).slice(0, 1));
  writeFileSync(path, readFileSync(path, 'utf8').replace('"seat":1', '"seat":2'));
  expect(await problem(openAt(path, { seal: ours }))).toMatchObject({ kind: 'config' });
});

it('is for the identity itself where nobody else is named', async () => {
  const alone = sealOf([], file);
  expect((await ours.open(await alone.seal(a.secret))).hash()).toBe(a.key_id);
});

describe.each([
  ['without an identity', () => sealOf([recipient], null), 'VKEYS_AGE_IDENTITY'],
  ['without age', () => null, '--keyring age:PATH'],
  ["with another's identity", async () => sealOf([recipient], await generateX25519Identity()), 'another identity'],
])('%s', (_, makeSeal, next) => {
  it('everything can be read but the secrets, in clear words', async () => {
    const path = await sealedKeyring();
    const { entries } = await readKeyring(path, keyringPorts({ seal: await makeSeal() }));
    const entry = entries.get(a.key_id);
    expect(entry).toMatchObject({ name: 'a', pending: false });
    expect(entry?.secret.hash()).toBe(a.key_id);
    expect(() => entry?.secret.reveal()).toThrow(expect.objectContaining({ kind: 'config' }));
    expect(String(entry?.secret)).toBe('[secret]');
  });

  it('no run begins that could not hand them out', async () => {
    const path = await sealedKeyring();
    const text = readFileSync(path, 'utf8');
    expect(await problem(openAt(path, { seal: await makeSeal() }))).toMatchObject({
      kind: 'config',
      hint: expect.stringContaining(next),
    });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('work that hands nothing out leaves them as they are', async () => {
    const path = await sealedKeyring();
    const [, before] = mints(path);
    const keyring = await openAt(path, { seal: await makeSeal(), blind: true });
    await keyring.record([{ op: 'drop', key_id: a.key_id, why: 'forgotten' }]);
    expect(await keyring.close()).toBeNull();
    expect(mints(path)).toEqual([before]);
  });
});

it.each([
  ['no recipient and no identity', sealOf([], null), 'Nobody is named'],
  ['a recipient that is none', sealOf([recipient, 'ssh-ed25519 AAAA'], null), 'Recipient 2'],
])('%s is told before anything is written', async (_, seal, message) => {
  const path = newPath();
  const keyring = await openAt(path, { seal });
  expect(await problem(keyring.record([a]))).toMatchObject({
    kind: 'config',
    message: expect.stringContaining(message),
    hint: expect.stringContaining('age'),
  });
  expect(existsSync(path)).toBe(false);
});

it('an identity that cannot be read is told without a word of it', async () => {
  const broken = `${identity.slice(0, -1)}x`;
  const error = await problem(sealOf([recipient], broken).open(await ours.seal(a.secret)));
  expect(error).toMatchObject({ kind: 'config', hint: expect.stringContaining('age -d') });
  expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain(broken.slice(20, 40));
});

it('a secret that stands where another was is not handed out for it', async () => {
  const path = await sealedKeyring();
  const sealed = await ours.seal(b.secret);
  writeFileSync(path, writeLine({ op: 'mint', key_id: a.key_id, name: 'a', sealed, at: a.at }));
  expect(await problem(openAt(path, { seal: ours }))).toMatchObject({
    message: expect.stringContaining('another key'),
  });
});

describe.skipIf(spawnSync('age', ['--version']).error !== undefined)('with the program age', () => {
  it('reads what vkeys wrote', async () => {
    const path = await sealedKeyring();
    const key = join(emptyFolder(), 'key.txt');
    writeFileSync(key, file, { mode: 0o600 });
    const opened = mints(path).map((mint) => {
      const input = Buffer.from((mint as { readonly sealed: string }).sealed, 'base64');
      return execFileSync('age', ['--decrypt', '--identity', key], { input, encoding: 'utf8' });
    });
    expect(opened).toEqual([a.secret.reveal(), b.secret.reveal()]);
  });

  it('writes what vkeys reads, with the identity that age-keygen made', async () => {
    const folder = emptyFolder();
    const key = join(folder, 'key.txt');
    execFileSync('age-keygen', ['-o', key], { stdio: 'ignore' });
    const theirs = execFileSync('age-keygen', ['-y', key], { encoding: 'utf8' }).trim();
    const input = a.secret.reveal();
    const sealed = execFileSync('age', ['-r', theirs, '-r', recipient], { input }).toString('base64');
    const path = newPath(folder);
    await (await openAt(path, { seal: ours })).record([b]);
    const line = writeLine({ op: 'mint', key_id: a.key_id, name: 'a', sealed, at: a.at });
    writeFileSync(path, line);
    const { entries } = await readKeyring(path, keyringPorts({ seal: sealOf([], readFileSync(key, 'utf8')) }));
    expect(entries.get(a.key_id)?.secret.reveal()).toBe(input);
  });
});
