/** No secret leaves by a way that is not meant for it. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeHome, MASTER_KEY, type Seen } from '../support/run.ts';

const SPEC = `
set: lab
keys:
  - key_alias: lab
    roster: { count: 2 }
deliver:
  - dotenv: 'hand-outs/{user}.env'
  - json: hand-outs/all.json
`;

const LINES = [
  'plan -f lab.yaml',
  'plan -f lab.yaml -o json',
  'apply -f lab.yaml --debug',
  'apply -f lab.yaml --debug -o json --no-secrets',
  'apply -f lab.yaml -o yaml --no-secrets',
  'list',
  'list -o json',
  'list -o csv',
  'get lab-user1',
  'get lab-user1 -o json',
  'update lab-user1 --max-budget 3 -o json --no-secrets',
  'create --alias lab-user1 --debug',
  'create --alias mine -o json --no-secrets --debug',
  'delete lab-user2 --yes --debug',
  'apply -f lab.yaml --dry-run',
  'doctor',
  'delete -f lab.yaml --yes -o json',
  'delete -f nosuch.yaml -o json',
];

describe('secrets', () => {
  it('are in no output that did not ask for them', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'lab.yaml'), SPEC);
    const seen: Seen[] = [];
    for (const line of LINES) seen.push(await home.vkeys(line));
    const text = seen.map(({ stdout, stderr }) => stdout + stderr).join('\n');
    expect(home.minted.length).toBe(3);
    for (const secret of home.minted) expect(text).not.toContain(secret.reveal());
    expect(text).not.toContain(MASTER_KEY);
  });

  it.skipIf(process.platform === 'win32')('are only in files that nobody else can read', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'lab.yaml'), SPEC);
    await home.vkeys('apply -f lab.yaml');
    const paths = readdirSync(home.folder, { recursive: true, encoding: 'utf8' }).map((name) =>
      join(home.folder, name),
    );
    const files = paths.filter((path) => statSync(path).isFile());
    const holding = files.filter((path) =>
      home.minted.some((secret) => readFileSync(path, 'utf8').includes(secret.reveal())),
    );
    expect(holding).toHaveLength(4);
    expect(holding.map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600, 0o600, 0o600]);
    expect(
      paths.filter(
        (path) => path.includes('state') && statSync(path).isDirectory() && (statSync(path).mode & 0o077) !== 0,
      ),
    ).toEqual([]);
  });

  it('are asked for by json, --show-keys and get --show-key', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'lab.yaml'), SPEC);
    const { stdout } = await home.vkeys('apply -f lab.yaml -o json');
    const first = home.minted[0]?.reveal();
    expect(stdout).toContain(first);
    expect((await home.vkeys('apply -f lab.yaml --show-keys')).stdout).toContain(first);
    expect((await home.vkeys('get lab-user1 --show-key')).stdout).toContain(first);
  });

  it.each(['json', 'yaml', 'env', 'table'])(
    'would be lost with --keyring none and without secrets in what create prints as %s, so it is not made',
    async (format) => {
      const home = makeHome();
      const { code, requests } = await home.vkeys(`create --alias a --keyring none --no-secrets -o ${format}`);
      expect([code, requests.includes('POST /key/generate')]).toEqual([6, false]);
    },
  );

  it.each(['apply -f lab.yaml -o json', 'create --alias a', 'create --alias a -o json'])(
    'is kept with --keyring none until what has it was read: %s',
    async (argv) => {
      const home = makeHome();
      writeFileSync(join(home.folder, 'lab.yaml'), 'set: lab\nkeys: [{ key_alias: a }]');
      const gone = {
        isTTY: false,
        columns: null,
        write: () => undefined,
        arrived: () => Promise.resolve(new Error('EPIPE')),
      };
      const { code, stderr } = await home.vkeys(`${argv} --keyring none`, { stdout: gone });
      expect([code, stderr]).toEqual([1, expect.stringContaining('could not be written to stdout')]);
      const [secret] = home.minted;
      const files = readdirSync(join(home.folder, 'state'), { recursive: true, encoding: 'utf8' });
      const kept = files
        .filter((name) => name.endsWith('.jsonl'))
        .map((name) => readFileSync(join(home.folder, 'state', name), 'utf8'));
      expect(kept.join('')).toContain(secret?.reveal());
    },
  );

  it('would be lost with --keyring none and nowhere to go, so nothing is made', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'lab.yaml'), 'keys: [{ key_alias: a }]');
    const refused = await home.vkeys('apply -f lab.yaml --keyring none');
    expect(refused.code).toBe(6);
    expect(refused.requests).not.toContain('POST /key/generate');
    expect((await home.vkeys('apply -f lab.yaml --keyring none -o json')).code).toBe(0);
    expect(
      readdirSync(join(home.folder, 'state'), { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.jsonl'),
      ),
    ).toEqual([]);
  });
});
