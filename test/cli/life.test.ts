/** What is done to keys in the middle of their lives: their end, their budget, and whether they are taken at all. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import type { Console } from '../../src/cli/console.ts';
import { documentIn } from '../support/document.ts';
import { after, NOW } from '../support/make.ts';
import { makeHome, type Home, type Seen } from '../support/run.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Three keys of the set lab, which end in a day, with 5 dollars each. */
async function labHome(): Promise<Home> {
  const home = makeHome();
  for (const alias of ['ada', 'bob', 'eve'])
    await home.vkeys(`create --alias ${alias} --set lab --expires ${after(DAY)} --max-budget 5`);
  return home;
}

async function get(home: Home, alias: string): Promise<Record<string, Json>> {
  const [key = {}] = documentIn((await home.vkeys(`get ${alias} -o json`)).stdout).keys;
  return key;
}

async function changes(
  home: Home,
  line: string,
): Promise<{ readonly seen: Seen; readonly changes: readonly unknown[] }> {
  const seen = await home.vkeys(`${line} -o json`);
  return { seen, changes: documentIn(seen.stdout).keys.map((key) => [key['key_alias'], key['changes']]) };
}

const daysFrom = (moment: Json | undefined): number =>
  Math.round((Date.parse(typeof moment === 'string' ? moment : '') - NOW.getTime()) / 1000 / HOUR) / 24;

describe('extend', () => {
  it('moves the end from where it is, and to a moment only once', async () => {
    const home = await labHome();
    expect(await home.vkeys('extend ada bob --by 2d')).toMatchObject({ code: 0 });
    expect(daysFrom((await get(home, 'ada'))['expires'])).toBe(3);
    expect(await home.vkeys(`extend --set lab --until ${after(2 * DAY)}`)).toMatchObject({ code: 0 });
    expect(daysFrom((await get(home, 'ada'))['expires'])).toBe(3);
    expect(daysFrom((await get(home, 'eve'))['expires'])).toBe(2);
    const again = await home.vkeys(`extend --set lab --until ${after(2 * DAY)}`);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('ada: It ends later already') });
    expect(again.requests).not.toContain('POST /key/update');
  });

  it('lets a key that has ended live again, counted from now', async () => {
    const home = await labHome();
    home.server.clock.pass(4 * DAY * 1000);
    expect(await home.vkeys('extend --status expired --by 2d')).toMatchObject({ code: 0 });
    expect(daysFrom((await get(home, 'ada'))['expires'])).toBe(6);
    expect((await get(home, 'ada'))['status']).toBe('active');
  });

  it('leaves a key without an end as it is, and says so', async () => {
    const home = makeHome();
    await home.vkeys('create --alias ada --set lab');
    const { code, stdout } = await home.vkeys('extend ada --by 2d');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('It has no end') });
  });

  it.each([
    ['extend ada', 'Say how long'],
    ['extend ada --by 2d --until 2026-12-24T00:00:00Z', 'Say how long'],
    ['extend ada --until tomorrow', 'is no moment'],
    ['extend ada --until 2026-12-24', 'is no moment with a time zone'],
    ['extend ada --until 2026-01-01T00:00:00Z', 'is over'],
    ['extend ada --by soon', 'A duration is a whole number'],
    ['extend --by 2d', 'No key was named'],
    ['raise ada', 'How much was not said'],
    ['raise ada --max-budget -5', 'It is US dollars'],
    ['raise ada --max-budget +0', 'It is US dollars'],
  ])('%s is refused before anything is asked', async (line, words) => {
    const { code, stderr, requests } = await makeHome().vkeys(line);
    expect({ code, stderr, requests }).toEqual({ code: 3, stderr: expect.stringContaining(words), requests: [] });
  });
});

describe('raise', () => {
  it('gives more, so many dollars or up to a sum, and never less', async () => {
    const home = await labHome();
    expect((await changes(home, 'raise ada --max-budget +2.5')).changes).toEqual([
      ['ada', [{ field: 'max_budget', from: 5, to: 7.5 }]],
    ]);
    const { seen, changes: made } = await changes(home, 'raise --set lab --max-budget 6');
    expect(made.map((each) => JSON.stringify(each))).toContain('["ada",[]]');
    expect((await get(home, 'bob'))['max_budget']).toBe(6);
    expect(documentIn(seen.stdout).notices.map(({ message }) => message)).toContain('It has more already: 7.5.');
    expect((await home.vkeys('raise bob --max-budget 6')).requests).not.toContain('POST /key/update');
  });

  it('counts from 0 again', async () => {
    const home = await labHome();
    home.sandbox.writeRow(home.minted[0]?.hash() ?? '', { spend: 5 });
    expect((await get(home, 'ada'))['status']).toBe('over_budget');
    expect((await changes(home, 'raise ada --reset-spend')).changes).toEqual([
      ['ada', [{ field: 'spend', from: 5, to: 0 }]],
    ]);
    expect(await get(home, 'ada')).toMatchObject({ spend: 0, status: 'active', max_budget: 5 });
  });

  it('leaves a limit that is in a budget, and a key without one', async () => {
    const home = makeHome();
    await home.vkeys('budget create frugal --max-budget 20');
    await home.vkeys('create --alias ada --budget frugal');
    await home.vkeys('create --alias bob');
    const { code, stdout } = await home.vkeys('raise ada bob --max-budget +5');
    expect(code).toBe(0);
    expect(stdout).toContain('For all that has it: vkeys budget update frugal --max-budget N');
    expect(stdout).toContain('bob: It has no max_budget');
  });
});

describe('block and unblock', () => {
  it('take effect on what is meant, and change nothing twice', async () => {
    const home = await labHome();
    expect(await home.vkeys('block ada bob')).toMatchObject({ code: 0 });
    expect((await home.vkeys('block ada bob')).requests).not.toContain('POST /key/update');
    const { stdout } = await home.vkeys('list --status blocked -o json');
    expect(
      documentIn(stdout)
        .keys.map((key) => key['key_alias'])
        .toSorted(),
    ).toEqual(['ada', 'bob']);
    expect(await home.vkeys('unblock --status blocked')).toMatchObject({ code: 0 });
    expect((await get(home, 'ada'))['status']).toBe('active');
  });

  it('say what is not there after the rest is done', async () => {
    const home = await labHome();
    const { code, stderr } = await home.vkeys('block ada nobody');
    expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringContaining('no key with the alias nobody') });
    expect((await get(home, 'ada'))['status']).toBe('blocked');
  });
});

describe('before many keys are changed', () => {
  it('--dry-run shows what would be, and changes nothing', async () => {
    const home = await labHome();
    const { code, stdout, requests } = await home.vkeys('block --set lab --dry-run');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Plan: 0 to create, 3 to update') });
    expect(requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    const { changes: planned, seen } = await changes(home, 'block ada nobody --dry-run');
    expect(planned).toEqual([['ada', [{ field: 'blocked', from: null, to: true }]]]);
    expect(documentIn(seen.stdout).notices).toContainEqual(
      expect.objectContaining({ code: 'missing', ref: 'key/nobody' }),
    );
  });

  it('a person at a terminal is asked about more than twenty', async () => {
    const home = makeHome();
    await writeFile(join(home.folder, 'crew.yaml'), 'set: crew\nkeys: [{ key_alias: c, roster: { count: 21 } }]\n');
    await home.vkeys('apply -f crew.yaml --yes');
    const asked: string[] = [];
    const terminal = (answer: string): Partial<Console> => ({
      stdin: { isTTY: true, read: () => Promise.resolve('') },
      stderr: { isTTY: true, columns: 80, write: () => undefined },
      ask: (question) => {
        asked.push(question);
        return Promise.resolve(answer);
      },
    });
    expect(await home.vkeys('block -f crew.yaml', terminal('n'))).toMatchObject({ code: 6 });
    expect(asked).toEqual([expect.stringContaining('21 keys will be changed.')]);
    expect(await home.vkeys('block -f crew.yaml', terminal('y'))).toMatchObject({ code: 0 });
  });
});

it('rules that hold for all hold here too', async () => {
  const home = await labHome();
  await writeFile(join(home.folder, 'rules.yaml'), 'rules: { keys: { max_budget: { most: 10 }, ends_within: 30d } }\n');
  const env = {
    LITELLM_BASE_URL: 'http://litellm.test',
    LITELLM_MASTER_KEY: 'sk-sandbox-master',
    VKEYS_RULES: 'rules.yaml',
  };
  const over = await home.vkeys('raise ada --max-budget +6', { env });
  expect({ code: over.code, stderr: over.stderr }).toEqual({ code: 3, stderr: expect.stringContaining('max_budget') });
  expect((await home.vkeys('extend ada --by 60d', { env })).code).toBe(3);
  expect((await home.vkeys('block ada', { env })).code).toBe(0);
});
