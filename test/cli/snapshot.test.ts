/** `vkeys snapshot` and `vkeys usage --between`: what was spent before and after. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printedIn } from '../support/printed.ts';
import { makeHome } from '../support/run.ts';
import { use } from '../support/use.ts';

async function classHome() {
  const home = makeHome();
  for (const alias of ['ada', 'bob']) await home.vkeys(`create ${alias} --set lab --max-budget 5`);
  await home.vkeys('create other');
  await use(home, home.minted[0]);
  expect(await home.vkeys('snapshot --set lab --out before.json')).toMatchObject({ code: 0 });
  const path = join(home.folder, 'before.json');
  return { ...home, path };
}

describe('a snapshot', () => {
  it('has ids, names and figures of what is meant, and no secret', async () => {
    const { path, minted } = await classHome();
    const text = readFileSync(path, 'utf8');
    const { keys } = JSON.parse(text);
    expect(keys).toMatchObject([
      { key_alias: 'ada', set: 'lab', spend: 0.05, max_budget: 5, used: { requests: 1, spend: 0.05 } },
      { key_alias: 'bob', spend: 0, used: { requests: 0 } },
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const secret of minted) expect(text).not.toContain(secret.reveal());
  });

  it('and another tell what was used in between', async () => {
    const home = await classHome();
    await use(home, home.minted[0]);
    await use(home, home.minted[1]);
    await use(home, home.minted[1]);
    await home.vkeys('snapshot --set lab --out after.json');
    await use(home, home.minted[1]);
    const json = printedIn(await home.vkeys('usage --between before.json after.json -o json'));
    expect(json).toMatchObject({
      usage: [
        { key_alias: 'bob', spend: 0.1, requests: 2, max_budget: 5 },
        { key_alias: 'ada', spend: 0.05, requests: 1, budget_spend: 0.1 },
      ],
      usage_of: { total: { spend: 0.15, requests: 3 } },
    });
    const now = await home.vkeys('usage --between before.json -o csv');
    expect(now.stdout.split('\n').slice(1, 3)).toEqual([
      expect.stringContaining(',bob,true,3,0,'),
      expect.stringContaining(',ada,true,1,0,'),
    ]);
    await home.vkeys('usage --between before.json --html between.html');
    expect(readFileSync(join(home.folder, 'between.html'), 'utf8')).toContain('snapshots of /');
  });

  it('tells keys that are gone', async () => {
    const home = await classHome();
    await home.vkeys('delete bob --yes');
    expect(await home.vkeys('usage --between before.json')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('bob: They are not there any more'),
    });
  });

  it('is not anything else', async () => {
    const home = await classHome();
    writeFileSync(join(home.folder, 'no.json'), '{}');
    for (const [line, words] of [
      ['usage --between no.json', 'no.json is no snapshot'],
      ['usage --between none.json', 'none.json cannot be read'],
      ['usage --between before.json --set lab', '--between is of the keys'],
      ['usage --between before.json before.json before.json', 'takes two'],
      ['usage --between before.json --url http://other.test', 'One is of http://litellm.test'],
    ] as const)
      expect(await home.vkeys(line), line).toMatchObject({ code: 3, stderr: expect.stringContaining(words) });
    expect(await home.vkeys('snapshot nobody')).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody') });
  });
});
