/** Recipients of age and keys of SSH, against the program age, and against ssh-keygen. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decrypter, generateHybridIdentity, generateIdentity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encryptFor, isEncrypted } from '../../src/encode/age/encrypt.ts';
import { faultOfAll, readRecipient, splitRecipients, type AgeRecipient } from '../../src/encode/age/recipients.ts';

const folder = mkdtempSync(join(tmpdir(), 'vkeys-age-'));
/** The file of a private key, and its public one. */
type Pair = { readonly file: string; readonly public: string };

function sshPair(type: string, ...more: readonly string[]): Pair {
  const file = join(folder, `${type}-${more.join('')}`);
  execFileSync('ssh-keygen', ['-q', '-t', type, ...more, '-N', '', '-C', 'ada, on her laptop', '-f', file]);
  return { file, public: readFileSync(`${file}.pub`, 'utf8').trim() };
}

function sound(text: string): AgeRecipient {
  const read = readRecipient(text);
  if ('why' in read) throw new Error(read.why);
  return read;
}

const hasPrograms = ['age', 'ssh-keygen'].every((name) => spawnSync(name, ['--version']).error === undefined);

describe.skipIf(!hasPrograms)('with the programs age and ssh-keygen', () => {
  let pairs: Readonly<Record<string, Pair>>;
  beforeAll(async () => {
    const identity = await generateIdentity();
    const file = join(folder, 'age');
    writeFileSync(file, identity);
    pairs = {
      age: { file, public: await identityToRecipient(identity) },
      ed25519: sshPair('ed25519'),
      rsa: sshPair('rsa', '-b', '2048'),
      'long rsa': sshPair('rsa', '-b', '4096'),
    };
  });
  const decrypted = (input: Uint8Array, { file }: Pair): string =>
    execFileSync('age', ['--decrypt', '--identity', file], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });

  it.each(['age', 'ed25519', 'rsa', 'long rsa'])('age reads what is for %s, in bytes and in ASCII', async (name) => {
    const pair = pairs[name] ?? { file: '', public: '' };
    const text = 'OPENAI_API_KEY=sk-ä\n'.repeat(5000);
    for (const isArmored of [false, true]) {
      const file = await encryptFor([sound(pair.public)], text, isArmored);
      expect(isEncrypted(Buffer.from(file).toString('latin1'))).toBe(true);
      expect(Buffer.from(file).toString('latin1').startsWith('-----BEGIN AGE')).toBe(isArmored);
      expect(decrypted(file, pair)).toBe(text);
    }
  });

  it('each of several reads it alone, and nobody else', async () => {
    const all = splitRecipients(
      Object.values(pairs)
        .map((pair) => pair.public)
        .join('\n'),
    ).map(sound);
    const file = await encryptFor(all, 'x', false);
    expect(Object.values(pairs).map((pair) => decrypted(file, pair))).toEqual(['x', 'x', 'x', 'x']);
    const other = sshPair('ed25519', '-a', '17');
    expect(() => decrypted(file, other)).toThrow();
  });

  it('whatever the text is', async () => {
    const { ed25519 } = pairs;
    if (ed25519 === undefined) throw new Error('no pair');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 2000 }), async (text) => {
        expect(decrypted(await encryptFor([sound(ed25519.public)], text, false), ed25519)).toBe(text);
      }),
      { numRuns: 25 },
    );
  });

  it('keys of SSH that age has no way to encrypt for are told from those that are cut', () => {
    const [short, other, good] = [sshPair('rsa', '-b', '1024'), sshPair('ecdsa'), pairs['ed25519']?.public ?? ''];
    expect(readRecipient(short.public)).toMatchObject({ why: 'is a key of RSA with fewer than 2048 bits' });
    expect(readRecipient(other.public)).toMatchObject({ why: 'is a key of SSH that age cannot encrypt for' });
    const [type = '', base64 = ''] = good.split(' ');
    for (let length = 0; length < base64.length; length += 1)
      expect([length, readRecipient(`${type} ${base64.slice(0, length)}`)]).toMatchObject([
        length,
        { why: 'was cut or mistyped' },
      ]);
    const rsa = (pairs['rsa']?.public ?? '').split(' ')[1] ?? '';
    expect(readRecipient(`ssh-ed25519 ${rsa}`)).toMatchObject({ why: 'was cut or mistyped' });
    for (let length = 0; length < rsa.length - 1; length += 1)
      expect(readRecipient(`ssh-rsa ${rsa.slice(0, length)}`)).toHaveProperty('why');
  });
});

describe('a recipient', () => {
  it('of hybrid keys is one, and stands beside no other', async () => {
    const identity = await generateHybridIdentity();
    const [hybrid, plain] = [
      sound(await identityToRecipient(identity)),
      sound(await identityToRecipient(await generateIdentity())),
    ];
    expect([faultOfAll([hybrid]), faultOfAll([plain]), faultOfAll([hybrid, plain])?.why]).toEqual([
      null,
      null,
      'is beside recipients that a quantum computer could break',
    ]);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    expect(await decrypter.decrypt(await encryptFor([hybrid], 'x', false), 'text')).toBe('x');
  });

  it.each([
    ['age1cut', 'was cut or mistyped'],
    [
      'age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t',
      'is of a plugin of age, and vkeys runs none',
    ],
    ['age1pq1cut', 'was cut or mistyped'],
    ['ssh-ed25519', 'was cut or mistyped'],
    ['ssh-dss AAAA', 'is a key of SSH that age cannot encrypt for'],
    ['ada@example.com', 'is none'],
    ['AGE-SECRET-KEY-1QQQQ', 'is a private key, which nobody else may have'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----', 'is a private key, which nobody else may have'],
    /* A point of small order, with which every secret would be the same. */
    ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'was cut or mistyped'],
    ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP//////////////////////////////////////////', 'was cut or mistyped'],
  ])('%s is told', (text, why) => {
    expect(readRecipient(text)).toEqual({ why, hint: expect.stringMatching(/\.$/) });
  });

  it('stands in a line of its own, or behind a comma or a blank', () => {
    expect(
      splitRecipients('# mine\nage1a, age1b;age1c age1d\r\n\nssh-rsa AAAA ada, at work, ssh-ed25519 BBBB\n'),
    ).toEqual(['age1a', 'age1b', 'age1c', 'age1d', 'ssh-rsa AAAA ada, at work', 'ssh-ed25519 BBBB']);
    expect(splitRecipients(' \n# none\n')).toEqual([]);
  });
});
