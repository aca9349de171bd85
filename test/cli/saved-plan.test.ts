/** `plan --out` and `apply --plan`: exactly what was looked at is done, or nothing. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MASTER_KEY } from '../support/run.ts';
import { crew, makeSetsHome, type Document, type SetsHome } from '../support/sets.ts';

const OUT = 'plan -f spec.yaml --out plan.json';
const APPLY = 'apply --plan plan.json';

/** A home with a saved plan for these sets. */
async function planned(documents: readonly Document[], argv = OUT): Promise<SetsHome> {
  const home = makeSetsHome();
  home.wants(...documents);
  const { code, stderr } = await home.vkeys(argv);
  expect([code, stderr]).toEqual([0, 'Saved in plan.json. To do just that: vkeys apply --plan plan.json\n']);
  return home;
}

function saved({ folder }: SetsHome): string {
  return readFileSync(join(folder, 'plan.json'), 'utf8');
}

/** That nothing is done, and what is said. */
async function refusedBy(home: SetsHome, argv = APPLY): Promise<string> {
  const { code, requests, stderr } = await home.vkeys(argv);
  expect([code, requests.filter((each) => /\/key\/(generate|update|delete)$/.test(each))]).toEqual([6, []]);
  return stderr;
}

describe('a saved plan', () => {
  it('is done as it is, for all of its sets, whenever that is', async () => {
    const home = await planned([crew('one', 2, { duration: '1d' }), crew('two', 1)]);
    await home.server.clock.sleep(3_600_000, new AbortController().signal);
    const { code, stdout } = await home.vkeys(APPLY);
    expect([code, [...(await home.keys()).keys()]]).toEqual([0, ['one-user1', 'one-user2', 'two-user1']]);
    expect(stdout).toContain('2 created');
  });

  it('is the consent to its deletions', async () => {
    const home = makeSetsHome();
    home.wants(crew('one', 3));
    await home.vkeys('apply -f spec.yaml');
    home.wants(crew('one', 2));
    await home.vkeys(`${OUT} --prune`);
    const { code } = await home.vkeys(APPLY);
    expect([code, [...(await home.keys()).keys()]]).toEqual([0, ['one-user1', 'one-user2']]);
  });

  it('goes with the flags that it was made with', async () => {
    const home = await planned([crew('one', 3)], `${OUT} --only one-user2`);
    await home.vkeys(APPLY);
    expect([...(await home.keys()).keys()]).toEqual(['one-user2']);
  });

  it('is for its owner alone, and replaces no file but another plan', async () => {
    const home = await planned([crew('one', 1)]);
    expect(statSync(join(home.folder, 'plan.json')).mode & 0o777).toBe(0o600);
    expect((await home.vkeys(OUT)).code).toBe(0);
    const spec = readFileSync(join(home.folder, 'spec.yaml'), 'utf8');
    mkdirSync(join(home.folder, 'folder'));
    for (const name of ['spec.yaml', 'folder', '/dev/null', 'spec.yaml/plan.json']) {
      const { code, stderr } = await home.vkeys(`plan -f spec.yaml --out ${name}`);
      expect([code, stderr]).toEqual([3, expect.stringContaining('next:')]);
    }
    expect(readFileSync(join(home.folder, 'spec.yaml'), 'utf8')).toBe(spec);
  });

  it('has no secret in it, and no value of the environment, nor what would confirm a guess', async () => {
    const home = makeSetsHome();
    const note = { metadata: { note: '${NOTE}', password: 'hunter2-hunter2' } };
    home.wants(crew('one', 1, note));
    const env = { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: MASTER_KEY, NOTE: 'a-word-of-mine' };
    await home.vkeys(OUT, { env });
    const text = saved(home);
    for (const secret of [env.NOTE, MASTER_KEY, 'hunter2']) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(createHash('sha256').update(secret).digest('hex'));
      expect(text).not.toContain(createHash('sha256').update(JSON.stringify(secret)).digest('hex'));
    }
    const { code, stderr } = await home.vkeys(APPLY, { env: { ...env, NOTE: 'another-word' } });
    expect([code, stderr]).toEqual([6, expect.stringContaining('key/one-user1: create has other values')]);
    expect((await home.vkeys(APPLY, { env })).code).toBe(0);
  });

  it('is not written where the plan is refused, or could not be read again', async () => {
    const home = makeSetsHome();
    home.wants(crew('one', 1));
    await home.vkeys('apply -f spec.yaml');
    home.wants(crew('two', 1, { key_alias: 'one' }));
    expect((await home.vkeys(OUT)).code).toBe(6);
    const { code, stderr } = await home.vkeys('plan -f - --out plan.json');
    expect([code, stderr]).toEqual([3, expect.stringContaining('A plan of standard input cannot be saved')]);
    expect(existsSync(join(home.folder, 'plan.json'))).toBe(false);
  });
});

describe('a saved plan is refused, with a next step that works,', () => {
  it('where the spec has changed', async () => {
    const home = await planned([crew('one', 2)], `${OUT} --prune --only one-* --max-deletions 5`);
    home.wants(crew('one', 3, { max_budget: 5 }));
    const said = await refusedBy(home);
    expect(said).toBe(
      'error: Nothing was changed: the plan plan.json does not fit any more.\n' +
        '       key/one-user1: create has other values than in the plan\n' +
        '       key/one-user2: create has other values than in the plan\n' +
        '       key/one-user3: create is not in the plan\n' +
        'next:  Plan again, look at it, and apply that: ' +
        "vkeys plan -f spec.yaml --prune --max-deletions 5 --only 'one-*' --out plan.json\n",
    );
    const next = /: vkeys (.*)\n$/.exec(said)?.[1] ?? '';
    expect((await home.vkeys(next.replaceAll("'", ''))).code).toBe(0);
    expect((await home.vkeys(APPLY)).code).toBe(0);
  });

  it('where somebody changed a key', async () => {
    const home = makeSetsHome();
    home.wants(crew('one', 3, { max_budget: 5 }));
    await home.vkeys('apply -f spec.yaml');
    home.wants(crew('one', 3, { max_budget: 6 }));
    await home.vkeys(OUT);
    await home.vkeys('update one-user1 --max-budget 7');
    await home.vkeys('delete one-user2 --yes');
    await home.vkeys('update one-user3 --max-budget 6');
    expect((await refusedBy(home)).split('\n').slice(1, 4)).toEqual([
      '       key/one-user1: update has other values than in the plan',
      '       key/one-user2: update in the plan, create now',
      '       key/one-user3: update is in the plan, and not to be done any more',
    ]);
  });

  it('where it has been applied', async () => {
    const home = await planned([crew('one', 1)]);
    await home.vkeys(APPLY);
    expect(await refusedBy(home)).toContain('key/one-user1: create is in the plan, and not to be done any more');
  });

  it('where a set came or went', async () => {
    const home = await planned([crew('one', 1), crew('two', 1)]);
    home.wants(crew('one', 1), crew('three', 1));
    const said = await refusedBy(home);
    expect(said).toContain('two: the set is in the plan, and in no spec any more');
    expect(said).toContain('three: the set is not in the plan');
  });

  it('where secrets would go elsewhere, or keys to another server', async () => {
    const home = await planned([{ ...crew('one', 1), deliver: [{ csv: 'a.csv' }] }]);
    home.wants({ ...crew('one', 1), deliver: [{ csv: 'b.csv' }] });
    expect(await refusedBy(home)).toContain('one: its spec hands secrets out otherwise than in the plan');
    expect(await refusedBy(home, `${APPLY} --url http://other.test`)).toContain('and now it is http://other.test');
  });

  it('where more differs than anybody reads', async () => {
    const home = await planned([crew('one', 1)]);
    home.wants(crew('one', 40));
    expect(await refusedBy(home)).toContain('\n       and 19 more\n');
  });
});

describe('a file that is no plan of this version', () => {
  it.each([
    ['nothing', '', 'damaged, or no plan'],
    ['half of one', '{"plan": 1, "vkeys"', 'damaged, or no plan'],
    ['something else', '[1]', 'damaged, or no plan'],
    ['a member too few', '{"plan": 1, "vkeys": "1", "files": [], "sets": []}', 'damaged, or no plan'],
    ['a plan of the future', '{"plan": 2, "vkeys": "9.1.0"}', 'was saved by a newer vkeys (9.1.0) than this one'],
    ['a plan of an odd future', '{"plan": 3}', 'was saved by a newer vkeys than this one'],
  ])('%s, is said so', async (_, text, words) => {
    const home = makeSetsHome();
    writeFileSync(join(home.folder, 'plan.json'), text);
    const { code, stderr, requests } = await home.vkeys(APPLY);
    expect([code, stderr, requests]).toEqual([3, expect.stringContaining(words), []]);
  });

  it('that is not there, or a folder, too', async () => {
    const home = makeSetsHome();
    mkdirSync(join(home.folder, 'folder'));
    expect((await home.vkeys('apply --plan none.json')).stderr).toContain('There is no plan none.json.');
    expect((await home.vkeys('apply --plan folder')).stderr).toContain('folder cannot be read');
  });
});

it('apply takes a spec or a plan, not both and not neither', async () => {
  const home = await planned([crew('one', 1)]);
  for (const argv of [
    `${APPLY} -f spec.yaml`,
    `${APPLY} --prune`,
    `${APPLY} --no-model-check`,
    `${APPLY} --dry-run`,
    'apply',
  ])
    expect([argv, (await home.vkeys(argv)).code]).toEqual([argv, 3]);
  expect((await home.vkeys('apply')).stderr).toContain('No spec was named, and there is no vkeys.yaml here.');
});
