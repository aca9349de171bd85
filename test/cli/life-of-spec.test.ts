/** What is done by hand to keys of a spec: told with its line, or written there, and nothing else. */
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { after } from '../support/make.ts';
import { makeHome, type Home, type Seen } from '../support/run.ts';

const DAY = 24 * 3600;

const SPEC = `# who may
set: lab
defaults: { max_budget: 5 } # each
keys:
  - key_alias: ada # the first
    duration: 3d
    "max_budget":   6
    blocked: false
  - { max_budget: 7, expires: '${after(DAY)}', key_alias: bob }
  - key_alias: lab
    roster: { count: 2 }
    overrides: { user2: { max_budget: 8 } }
`;

type SpecHome = Home & { readonly text: () => string; readonly run: (line: string) => Promise<Seen> };

async function specHome(text = SPEC): Promise<SpecHome> {
  const home = makeHome();
  const path = join(home.folder, 'lab.yaml');
  writeFileSync(path, text);
  expect(await home.vkeys('apply -f lab.yaml --yes')).toMatchObject({ code: 0 });
  return { ...home, text: () => readFileSync(path, 'utf8'), run: (line) => home.vkeys(line) };
}

/** Afterwards server and spec agree. */
async function isSettled({ vkeys }: Home): Promise<boolean> {
  return (await vkeys('plan -f lab.yaml --exit-code')).code === 0;
}

describe('a line of the spec', () => {
  it.each([
    [
      'raise -f lab.yaml --only ada --max-budget +5',
      'lab.yaml:7:21: max_budget is 6 there',
      'write max_budget: 11 there',
    ],
    ['extend -f lab.yaml --only ada --by 2d', 'lab.yaml:6:15: duration is 3d there', 'write duration: 5d there'],
    ['block -f lab.yaml --only ada', 'lab.yaml:8:14: blocked is false there', 'write blocked: true there'],
    [
      'raise -f lab.yaml --only lab-user1 --max-budget 9',
      'lab.yaml:3:25: max_budget is 5 there',
      'max_budget: 9 there',
    ],
  ])('is told: %s', async (line, told, hint) => {
    const home = await specHome();
    const { code, stdout } = await home.run(line);
    expect(code).toBe(0);
    expect(stdout).toContain(told);
    expect(stdout).toContain(hint);
    expect(stdout).not.toContain('It belongs to the set');
    expect(home.text()).toBe(SPEC);
    expect(await isSettled(home)).toBe(false);
  });

  it.each([
    ['raise -f lab.yaml --only ada --max-budget +5', '"max_budget":   6', '"max_budget":   11'],
    ['extend -f lab.yaml --only ada --by 2d', 'duration: 3d', 'duration: 5d'],
    ['block -f lab.yaml --only ada', 'blocked: false', 'blocked: true'],
    ['raise -f lab.yaml --only bob --max-budget 20', 'max_budget: 7', 'max_budget: 20'],
    ['extend -f lab.yaml --only bob --by 1d', after(DAY), after(2 * DAY).replace('.000', '')],
    ['raise -f lab.yaml --only lab-user1 --max-budget 9', 'max_budget: 5', 'max_budget: 9'],
    ['raise -f lab.yaml --only lab-user2 --max-budget 9', 'max_budget: 8', 'max_budget: 9'],
  ])('is written, and all else stays: %s --write', async (line, before, now) => {
    const home = await specHome();
    const { code, stdout } = await home.run(`${line} --write`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('→') });
    expect(home.text()).toBe(SPEC.replace(before, now));
    expect(await isSettled(home)).toBe(true);
  });

  it('is written although the server has it already, and only once', async () => {
    const home = await specHome();
    await home.run('block ada');
    expect(await home.run('block -f lab.yaml --only ada --write')).toMatchObject({ code: 0 });
    expect(home.text()).toContain('blocked: true');
    expect((await home.run('block -f lab.yaml --only ada --write')).stdout).not.toContain('lab.yaml');
    expect(await isSettled(home)).toBe(true);
  });

  it('keeps the mode of its file, and the link to it', async () => {
    const home = await specHome();
    const [path, link] = [join(home.folder, 'lab.yaml'), join(home.folder, 'link.yaml')];
    chmodSync(path, 0o644);
    symlinkSync('lab.yaml', link);
    expect(await home.run('raise -f link.yaml --only ada --max-budget 10 --write')).toMatchObject({ code: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(home.text()).toContain('"max_budget":   10');
  });

  it('is not touched by --dry-run', async () => {
    const home = await specHome();
    const { stdout, code } = await home.run('raise -f lab.yaml --only ada --max-budget +5 --write --dry-run');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('lab.yaml:7:21: max_budget 6 → 11') });
    expect(home.text()).toBe(SPEC);
    expect(await isSettled(home)).toBe(true);
  });
});

describe('a file that is no plain text of today', () => {
  const TEXT = 'set: lab\r\nkeys: [{ key_alias: ada, max_budget: 5 }, { key_alias: bob, max_budget: 6 }]\r\n';

  it('keeps its mark and the ends of its lines, also where two values are in one', async () => {
    const home = await specHome(`\uFEFF${TEXT}`);
    expect(await home.run('raise -f lab.yaml --max-budget +10 --write')).toMatchObject({ code: 0 });
    expect(home.text()).toBe(`\uFEFF${TEXT.replace('5', '15').replace('6', '16')}`);
    expect(await isSettled(home)).toBe(true);
  });

  it('is not written where it is UTF-16', async () => {
    const home = await specHome();
    writeFileSync(join(home.folder, 'lab.yaml'), `\uFEFF${SPEC}`, 'utf16le');
    const { code, stderr } = await home.run('raise -f lab.yaml --only ada --max-budget 10 --write');
    expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining('cannot be changed in its place') });
  });
});

describe('a line for more keys than are meant', () => {
  const DEFAULTS = 'set: lab\ndefaults: { max_budget: 5 }\nkeys: [{ key_alias: ada }, { key_alias: bob }]\n';

  it('is told as that', async () => {
    const home = await specHome(DEFAULTS);
    const { stdout } = await home.run('raise -f lab.yaml --only ada --max-budget 9');
    expect(stdout).toContain('lab.yaml:2:25: max_budget is 5 there');
    expect(stdout).toContain('That line is for 1 key more');
  });

  it('is not written, and nothing is changed', async () => {
    const home = await specHome(DEFAULTS);
    const { code, stderr, requests } = await home.run('raise -f lab.yaml --only ada --max-budget 9 --write');
    expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining('it is for 1 more keys') });
    expect(requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    expect(home.text()).toBe(DEFAULTS);
  });

  it('is written when all of them are meant and want the same', async () => {
    const home = await specHome(DEFAULTS);
    expect(await home.run('raise -f lab.yaml --max-budget 9 --write')).toMatchObject({ code: 0 });
    expect(home.text()).toBe(DEFAULTS.replace('5', '9'));
    await home.run('raise ada --max-budget 15');
    expect(await home.run('raise -f lab.yaml --max-budget +1')).toMatchObject({
      stdout: expect.stringContaining('different values'),
    });
    const { code, stderr } = await home.run('raise -f lab.yaml --max-budget +1 --write');
    expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining('different values') });
  });
});

describe('a line that is not one value of YAML', () => {
  it('in a roster is told, and not written', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'r.csv'), 'user,max_budget\nada,5\nbob,6\n');
    writeFileSync(
      join(home.folder, 'lab.yaml'),
      'set: lab\nkeys: [{ key_alias: lab, roster: { file: r.csv, fields: [max_budget] } }]\n',
    );
    await home.vkeys('apply -f lab.yaml');
    const told = await home.vkeys('raise -f lab.yaml --only lab-ada --max-budget 9');
    expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining('r.csv:2:5: max_budget is 5 there') });
    const { code, stderr } = await home.vkeys('raise -f lab.yaml --only lab-ada --max-budget 10 --write');
    expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining('only values in files of YAML') });
  });

  it('with a variable in it stays', async () => {
    const text = 'set: lab\nkeys:\n  - key_alias: ada\n    max_budget: ${BUDGET}\n';
    const home = makeHome();
    writeFileSync(join(home.folder, 'lab.yaml'), text);
    const env = { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: 'sk-sandbox-master', BUDGET: '5' };
    expect(await home.vkeys('apply -f lab.yaml', { env })).toMatchObject({ code: 0 });
    const { code, stderr } = await home.vkeys('raise -f lab.yaml --max-budget 9 --write', { env });
    expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining('cannot be changed in its place') });
  });

  it('with an anchor is written only where it is', async () => {
    const home = await specHome(
      'set: lab\nkeys:\n  - { key_alias: ada, max_budget: &five 5 }\n  - { key_alias: bob, max_budget: *five }\n',
    );
    const { code, stderr } = await home.run('raise -f lab.yaml --only ada --max-budget 9 --write');
    expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining('more than the keys that are meant') });
  });

  it('on standard input is not written', async () => {
    const home = await specHome();
    const stdin = { isTTY: false, read: () => Promise.resolve(SPEC) };
    const { code, stderr } = await home.vkeys('raise -f - --only ada --max-budget 9 --write', { stdin });
    expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining('stdin:7:21') });
  });
});

it('--write without files is refused', async () => {
  expect(await makeHome().vkeys('block ada --write')).toMatchObject({ code: 3, requests: [] });
});
