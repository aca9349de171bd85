/** `vkeys status`: how keys stand, at a glance and over and over. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Console } from '../../src/cli/console.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { printedIn } from '../support/printed.ts';
import { makeHome, type Home, type HomeOptions } from '../support/run.ts';
import { use } from '../support/use.ts';

async function labHome(options: HomeOptions = {}): Promise<Home> {
  const home = makeHome(options);
  const keys = [
    { key_alias: 'ada', max_budget: 0.06 },
    { key_alias: 'bob', max_budget: 5, duration: '3d' },
    { key_alias: 'eve', blocked: true },
  ];
  const spec = { set: 'lab', keys, deliver: [{ dotenv: 'secrets/{key_alias}.env' }] };
  writeFileSync(join(home.folder, 'lab.json'), JSON.stringify(spec));
  expect(await home.vkeys('apply -f lab.json --yes')).toMatchObject({ code: 0 });
  await use(home, home.minted[0]);
  return home;
}

const screenOf = (width = 160) => {
  const parts: string[] = [];
  return { parts, stdout: { isTTY: true, columns: width, write: (text: string) => void parts.push(text) } };
};

describe('status', () => {
  it('tells states, budgets, what comes next and places that are stale', async () => {
    const home = await labHome();
    rmSync(join(home.folder, 'secrets/bob.env'));
    const { standings } = printedIn(await home.vkeys('status -f lab.json -o json'));
    expect(standings).toMatchObject([
      { key_alias: 'ada', set: 'lab', status: 'active', spend: 0.05, max_budget: 0.06, unused: false, stale: [] },
      {
        key_alias: 'bob',
        unused: true,
        next: { is: 'ends', at: expect.any(String) },
        stale: [expect.stringMatching(/bob\.env$/)],
      },
      { key_alias: 'eve', status: 'blocked', max_budget: null, share: null, next: null },
    ]);
    expect((await home.vkeys('status --set lab')).stdout.split('\n')[0]).toMatch(/^ada\tactive\t0.05\t0.06\t83 %\t\t/);
  });

  it('is a board for people', async () => {
    const home = await labHome();
    const { parts, stdout } = screenOf();
    await home.vkeys('status -f lab.json --no-color', { stdout });
    const text = parts.join('');
    expect(text).toMatch(/^lab at http:\/\/litellm.test {2}2026-11-21 10:0\d:\d\d UTC\n/);
    expect(text).toContain('3 keys: 2 active, 1 blocked, 1 close to the limit, 2 never used; 0.05 of 5.06 US dollars');
    expect(text).toContain('Next: bob, ends in 3 days.');
    expect(text).toMatch(/ada +active +0.05 \/ 0.06 +█{10} +83 %/);
    expect(text).toMatch(/eve +blocked/);
  });

  it('takes the spec that is here, else all keys', async () => {
    const home = await labHome();
    await home.vkeys('create other');
    expect((await home.vkeys('status')).stdout.split('\n').length).toBe(5);
    writeFileSync(join(home.folder, 'vkeys.yaml'), 'set: lab\nkeys: [{ key_alias: ada }, { key_alias: new }]\n');
    const seen = await home.vkeys('status');
    expect([seen.code, seen.stdout.split('\n').length, seen.stderr]).toEqual([
      0,
      2,
      expect.stringContaining('There is no key new of the set lab.'),
    ]);
  });

  it('draws in place on a terminal until Ctrl-C, through a server that is away', async () => {
    let isAway = false;
    const down = { status: 503, headers: new Headers(), text: () => Promise.resolve('') };
    const wrap =
      (fetch: Fetch): Fetch =>
      (url, init) =>
        isAway ? Promise.resolve(down) : fetch(url, init);
    const home = await labHome({ wrap });
    const { parts, stdout } = screenOf();
    const stop = new AbortController();
    let naps = 0;
    const world: Partial<Console> = {
      stdout,
      stop: stop.signal,
      sleep: async (milliseconds) => {
        await home.server.clock.sleep(milliseconds);
        if (milliseconds !== 2000) return;
        naps += 1;
        isAway = naps === 1;
        if (naps === 2) await use(home, home.minted[1]);
        if (naps === 3) stop.abort();
      },
    };
    expect(await home.vkeys('status --set lab --watch 2s --no-color', world)).toMatchObject({ code: 0 });
    const drawn = parts.filter((text) => text.startsWith('\u001B[H'));
    expect([parts[0], parts.at(-1)?.startsWith('\u001B[?25h\u001B[?1049l')]).toEqual([
      '\u001B[?1049h\u001B[?25l',
      true,
    ]);
    expect(drawn[0]).toContain('0.05 of 5.06');
    expect(drawn[1]).toMatch(/litellm.test.*503/s);
    expect(drawn.at(-1)).toContain('0.10 of 5.06');
  });

  it('prints each look where nobody can draw, and ends at what stays wrong', async () => {
    const home = await labHome();
    const stop = new AbortController();
    let naps = 0;
    const sleep = async (): Promise<void> => {
      naps += 1;
      if (naps === 2) stop.abort();
      return Promise.resolve();
    };
    const seen = await home.vkeys('status ada --watch', { stop: stop.signal, sleep });
    expect([seen.code, seen.stdout.match(/^ada\t/gm)?.length]).toEqual([0, 2]);
    for (const [line, words] of [
      ['status --watch -o json', '--watch is for people'],
      ['status --watch soon', 'Give it like 5s'],
      ['status --watch 10ms', 'Give it like 5s'],
    ] as const)
      expect(await home.vkeys(line)).toMatchObject({ code: 3, stderr: expect.stringContaining(words) });
    const env = { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: 'sk-wrong-key' };
    expect((await home.vkeys('status --watch', { env })).code).toBe(4);
  });
});
