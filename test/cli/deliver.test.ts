/** `vkeys deliver` and `--deliver`, as a person meets them. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeHome, type Home } from '../support/run.ts';

const SPEC = `set: lab
server: { public_url: https://llm.example.com }
keys: [{ key_alias: "lab-{user}", roster: [ada, bob] }]
deliver: [{ dotenv: "secrets/{user}.env" }]
`;

async function homeWithKeys(): Promise<Home & { read(name: string): string | null }> {
  const home = makeHome();
  writeFileSync(join(home.folder, 'lab.yaml'), SPEC);
  expect(await home.vkeys('apply -f lab.yaml')).toMatchObject({ code: 0 });
  const read = (name: string): string | null => {
    const path = join(home.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  };
  return { ...home, read };
}

/** What a person sees at a terminal. */
async function seen(home: Home, line: string): Promise<readonly [number, string]> {
  let text = '';
  const stdout = { isTTY: true, columns: 100, write: (part: string) => void (text += part) };
  const { code } = await home.vkeys(line, { stdout });
  return [code, text];
}

describe('deliver', () => {
  it('tells a person what is not as it should be, and a program all of it; and puts it there', async () => {
    const home = await homeWithKeys();
    const text = home.read('secrets/ada.env');
    rmSync(join(home.folder, 'secrets/ada.env'));
    const [code, told] = await seen(home, 'deliver -f lab.yaml --check');
    expect(code).toBe(2);
    expect(told).toMatch(/lab-ada +missing +secrets\/ada\.env\n\n1 of 2 places as wanted\.\n$/);
    const piped = await home.vkeys('deliver -f lab.yaml --check');
    expect(piped.stdout.split('\n').map((line) => line.split('\t').slice(0, 2))).toEqual([
      ['lab-ada', 'missing'],
      ['lab-bob', 'current'],
      [''],
    ]);
    expect(home.read('secrets/ada.env')).toBeNull();
    const put = await home.vkeys('deliver -f lab.yaml');
    expect([put.code, put.stdout]).toEqual([0, expect.stringContaining('Applied: 2 unchanged, 1 hand-out written')]);
    expect(home.read('secrets/ada.env')).toBe(text);
    expect(await seen(home, 'deliver -f lab.yaml --check')).toEqual([0, '2 places hold what is wanted.\n']);
  });

  it('names keys that the keyring does not have, ends with 5 where it did the rest, and with 1 where it did nothing', async () => {
    const home = await homeWithKeys();
    writeFileSync(join(home.folder, 'lab.yaml'), SPEC.replace('[ada, bob]', '[ada, bob, eve]'));
    rmSync(join(home.folder, 'secrets/ada.env'));
    const some = await home.vkeys('deliver -f lab.yaml');
    expect([some.code, some.stdout]).toEqual([
      5,
      expect.stringContaining('lab-eve: The keyring of this machine has no'),
    ]);
    expect(await home.vkeys('deliver -f lab.yaml')).toMatchObject({ code: 1 });
    expect(await home.vkeys('deliver -f lab.yaml --check')).toMatchObject({ code: 2 });
    expect(await home.vkeys('deliver -f lab.yaml --only "lab-a*"')).toMatchObject({ code: 0 });
  });
});

describe('a place that is gone for good', () => {
  it('is forgotten, and then the run is well', async () => {
    const home = await homeWithKeys();
    rmSync(join(home.folder, 'secrets'), { recursive: true });
    writeFileSync(join(home.folder, 'secrets'), 'a file');
    writeFileSync(join(home.folder, 'lab.yaml'), SPEC.replace('secrets/', 'new/'));
    expect(await home.vkeys('keyring forget --place nowhere --yes')).toMatchObject({ code: 3 });
    const place = join(home.folder, 'secrets', 'ada.env');
    expect((await home.vkeys(['keyring', 'forget', '--place', place, '--yes'])).stderr).toContain('Forgot 1 place.');
    const { stdout } = await home.vkeys('keyring list -o json');
    expect(stdout).not.toContain('secrets/ada.env');
    expect(stdout).toContain('secrets/bob.env');
    expect(await home.vkeys('keyring forget')).toMatchObject({ code: 3 });
  });
});

describe('--deliver', () => {
  it('is a place more, for as long as it is given', async () => {
    const home = await homeWithKeys();
    const more = ['--deliver', 'json=all.json', '--deliver', '{csv: {path: all.csv, mark: true}}'];
    expect(await home.vkeys(['apply', '-f', 'lab.yaml', ...more])).toMatchObject({ code: 0 });
    expect(home.read('all.json')).toContain('lab-bob');
    expect(home.read('all.csv')).toMatch(/^\uFEFFuser/);
    await home.vkeys('apply -f lab.yaml');
    expect([home.read('all.json'), home.read('all.csv')]).toEqual([null, null]);
    expect(home.read('secrets/ada.env')).toContain('https://llm.example.com/v1');
  });

  it('of create stays until the key goes, whatever is done with the key', async () => {
    const home = await homeWithKeys();
    await home.vkeys('create me --deliver dotenv={key_alias}.env');
    const text = home.read('me.env');
    expect(text).toMatch(/^OPENAI_API_KEY=sk-/);
    for (const line of ['create me --update --max-budget 3', 'update me --max-budget 4', 'create me --if-absent'])
      expect(await home.vkeys(line)).toMatchObject({ code: 0 });
    expect(home.read('me.env')).toBe(text);
    await home.vkeys('delete me --yes');
    expect(home.read('me.env')).toBeNull();
  });

  it.each([
    ['dotenf=.env', 'There is no field "dotenf" here. Did you mean dotenv?'],
    ['key.env', '--deliver "key.env" names no sink.'],
    ['{dotenv: "${NOBODY_SET_THIS}"}', 'NOBODY_SET_THIS'],
    [`{dotenv: ${'['.repeat(70)}${']'.repeat(70)}}`, 'nested more than'],
    ['dotenv={nobody}.env', '{nobody} is no placeholder.'],
  ])('%s is refused before anything is made', async (word, message) => {
    const home = await homeWithKeys();
    const { code, stderr } = await home.vkeys(['create', 'me', '--deliver', word]);
    expect([code, stderr]).toEqual([3, expect.stringContaining(message)]);
    expect((await home.vkeys('get me')).code).not.toBe(0);
  });

  it('is in a saved plan, and is not given beside one', async () => {
    const home = await homeWithKeys();
    await home.vkeys('plan -f lab.yaml --deliver json=all.json --out plan.json');
    expect(await home.vkeys('apply --plan plan.json --deliver json=b.json')).toMatchObject({ code: 3 });
    expect(await home.vkeys('apply --plan plan.json')).toMatchObject({ code: 0 });
    expect(home.read('all.json')).toContain('lab-ada');
  });
});
