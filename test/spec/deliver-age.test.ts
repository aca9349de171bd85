import { join } from 'node:path';
import { generateHybridIdentity, generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';
import { release } from '../../src/base/secret.ts';
import { load, messagesOf } from './load.ts';

const recipient = await identityToRecipient(await generateIdentity());
const SSH = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICSQzYjP9hdg6oGlesHgO3diAcdu30clJtUP8qTJiA6V ada@laptop';
const roster = (one: string, other = recipient) => `user,ssh_key\nada,"${one}"\nbob,"${other}"\n`;
const KEYS = 'keys: [{ key_alias: "{user}", roster: { file: roster.csv } }]\n';
const item = (entry: string) => `${KEYS}deliver:\n  - age: { ${entry} }\n`;
const OUT = "path: 'out/{user}.age'";

test('an encrypted file says who can read it, and what is in it', async () => {
  const { specs, folder } = await load({
    'spec.yaml': `${KEYS}deliver:
  - age: { ${OUT}, recipient: '{ssh_key}', for: openai }
  - age: { path: 'all/{user}', recipients_file: keys.csv, variables: { KEY: '{key}' }, armor: true }
  - age: { path: 'mail/{user}', recipient: '{ssh_key}', recipients_file: keys.csv, template: mail.csv }`,
    'roster.csv': roster(SSH),
    'keys.csv': `# {ours}\n${recipient}\n`,
    'mail.csv': 'Dear {user}: {key}',
  });
  const all = `# {{ours}}\n${recipient}\n`;
  const [first, ...rest] = specs[0]?.deliver ?? [];
  expect(first).toMatchObject({
    to: 'age',
    path: join(folder, 'out/{user}.age'),
    recipients: ['{ssh_key}'],
    armor: false,
  });
  expect(first).toMatchObject({ variables: { OPENAI_API_KEY: '{key}' } });
  expect(rest).toMatchObject([
    { recipients: [all], armor: true, variables: { KEY: '{key}' } },
    { recipients: ['{ssh_key}', all], armor: false, template: 'Dear {user}: {key}' },
  ]);
});

test.each([
  ['', 'A recipient of the key "ada" is missing.'],
  [recipient.slice(0, -1), 'A recipient of the key "ada" was cut or mistyped.'],
  [`${recipient},${SSH.slice(0, 40)}`, 'A recipient of the key "ada" was cut or mistyped.'],
  ['ada@example.com', 'A recipient of the key "ada" is none.'],
  ['ecdsa-sha2-nistp256 AAAA', 'A recipient of the key "ada" is a key of SSH that age cannot encrypt for.'],
])('the recipient %j is told where the roster has it', async (written, message) => {
  const files = { 'spec.yaml': item(`${OUT}, recipient: '{ssh_key}'`), 'roster.csv': roster(written, SSH) };
  const { problems } = await load(files);
  expect(problems.split('\n')[0]).toBe(`roster.csv:2:5 delivery: ${message}`);
});

test('of several keys each is told, and hybrid recipients stand beside no other', async () => {
  const hybrid = await identityToRecipient(await generateHybridIdentity());
  const files = { 'spec.yaml': item(`${OUT}, recipient: '{ssh_key}'`), 'roster.csv': roster('x', `${hybrid}\n${SSH}`) };
  const { problems } = await load(files);
  expect(problems.split('\n').filter((line) => line.startsWith('roster.csv'))).toEqual([
    'roster.csv:2:5 delivery: A recipient of the key "ada" is none.',
    'roster.csv:3:5 delivery: A recipient of the key "bob" is beside recipients that a quantum computer could break.',
  ]);
});

test.each([
  [await generateIdentity(), 'AGE-SECRET-KEY-'],
  [
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\nAAECAwQFBgcICQoL\n-----END OPENSSH PRIVATE KEY-----',
    'b3Blbn',
  ],
])('a private key is refused, and is nowhere in what is said', async (written, secret) => {
  const files = { 'spec.yaml': item(`${OUT}, recipient: '{ssh_key}'`), 'roster.csv': roster(written) };
  const { problems } = await load(files);
  expect(problems).toContain('A recipient of the key "ada" is a private key, which nobody else may have.');
  expect(problems).toContain('ssh-keygen -y');
  expect(problems).not.toMatch(new RegExp(`${secret}|AAECAwQ`));
  release();
});

test('what the spec says itself for all is told there', async () => {
  const files = { 'spec.yaml': item(`${OUT}, recipient: age1cut`), 'roster.csv': roster(SSH) };
  const { problems } = await load(files);
  expect(problems.split('\n')[0]).toBe('spec.yaml:3:5 delivery: A recipient of the key "ada" was cut or mistyped.');
  for (const keys of [KEYS, 'keys: [{ key_alias: ada }]\n']) {
    const byName = `${keys}deliver:\n  - age: { path: '{key_alias}.age', recipient: '{key_alias}' }\n`;
    const seen = await load({ ...files, 'spec.yaml': byName });
    expect(seen.problems.split('\n')[0]).toBe('spec.yaml:3:5 delivery: A recipient of the key "ada" is none.');
  }
  const inFile = { ...files, 'spec.yaml': item(`${OUT}, recipients_file: keys.csv`), 'keys.csv': '# none yet\n' };
  expect((await load(inFile)).problems.split('\n')[0]).toBe(
    'spec.yaml:3:5 delivery: A recipient of the key "ada" is missing.',
  );
});

test.each([
  [OUT, 'Nobody is named who could read it.'],
  [
    `${OUT}, recipient: '{ssh_key}', template: a.txt, for: openai`,
    'template is the whole text, so nothing else goes with it.',
  ],
  [`${OUT}, recipients_file: nowhere.txt`, 'There is no file nowhere.txt'],
  [`${OUT}, recipient: '{ssh_key}', template: nowhere.txt`, 'There is no file nowhere.txt'],
  [`${OUT}, recipient: '{sshkey}'`, '{sshkey} is no placeholder. Did you mean ssh_key?'],
  [`path: all.age, recipient: '{ssh_key}'`, 'would both be the text in'],
  [`${OUT}, recipient: '{ssh_key}', variables: { 1A: '{key}' }`, '"1A" is no name for a variable.'],
])('{ %s } is refused', async (entry, message) => {
  const files = { 'spec.yaml': item(entry), 'roster.csv': roster(recipient, SSH) };
  const { problems } = await load(files);
  expect(problems.split('\n')[0]).toMatch(/^spec\.yaml:3:5 delivery: /);
  expect(problems).toContain(message);
});

test('two deliveries, or two sets, have no file in common', async () => {
  const twice = `${item(`${OUT}, recipient: '{ssh_key}'`)}  - age: { ${OUT}, recipient: '{ssh_key}', variables: { B: '{key}' } }\n`;
  const files = { 'spec.yaml': twice, 'roster.csv': roster(recipient, SSH) };
  expect((await load(files)).problems).toContain('Another delivery writes');
  const set = (name: string) => `set: ${name}\n${item(`${OUT}, recipient: '{ssh_key}'`)}`;
  const both = { 'one.yaml': set('one'), 'two.yaml': set('two'), 'roster.csv': roster(recipient, SSH) };
  expect((await load(both)).problems).toContain('would both be the text in');
});

test('a key that is to be deleted needs no recipient', async () => {
  const keys = 'keys: [{ key_alias: old, state: absent }]\n';
  expect(await messagesOf(`${keys}deliver: [{ age: { path: a.age, recipient: "${recipient}" } }]`)).toEqual([]);
});
