/** A server whose list shows less than it has: what is not seen is not taken for gone, and nothing is called complete. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isList } from '../../src/base/json.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { changed } from '../litellm/ground.ts';
import { changesIn } from '../run/machine.ts';
import { othersIn } from '../support/others.ts';
import { crew, makeSetsHome, type SetsHome } from '../support/sets.ts';

/** A home with the five keys of `spec.yaml`, beside others; `hides()` lets two rows of each page be shown no more. */
async function homeWith(others: number): Promise<SetsHome & { hides(): void }> {
  let hidden = 0;
  const wrap =
    (fetch: Fetch): Fetch =>
    (url, init) =>
      new URL(url).pathname === '/key/list'
        ? changed(fetch(url, init), (body) => ({
            ...body,
            keys: isList(body['keys']) ? body['keys'].slice(hidden) : [],
          }))
        : fetch(url, init);
  const home = makeSetsHome({ wrap });
  await othersIn(home.sandbox).fill(others);
  home.wants(crew('one', 5));
  expect(await home.vkeys('apply -f spec.yaml --yes')).toMatchObject({ code: 0 });
  home.server.clock.pass(60_000);
  return { ...home, hides: () => void (hidden = 2) };
}

const SHORT = /The server's list of keys stayed incomplete: \d+ of \d+ were seen\./;

describe.each([3, 700])('beside %i keys of others', (others) => {
  it.each([
    'plan -f spec.yaml --prune',
    'apply -f spec.yaml --prune --yes',
    'delete --set one --yes --max-deletions 100%',
    'delete one-user* --yes --max-deletions 100%',
    'delete --set nobodys --yes',
  ])('%s is refused, and changes nothing', async (line) => {
    const home = await homeWith(others);
    home.hides();
    const { code, stdout, stderr, requests } = await home.vkeys(line);
    expect([code, changesIn(requests)], stdout + stderr).toEqual([6, []]);
    expect(stdout + stderr).toMatch(SHORT);
  });

  it.each(['plan -f spec.yaml', 'apply -f spec.yaml'])(
    '%s needs no list, as all is known by its hash',
    async (line) => {
      const home = await homeWith(others);
      home.hides();
      expect((await home.vkeys(line)).code).toBe(0);
    },
  );
});

it.each(['plan -f spec.yaml', 'apply -f spec.yaml --yes', 'delete -f spec.yaml --yes'])(
  'a machine that knows no hashes makes nothing twice, and does not take what it does not see for gone: %s',
  async (line) => {
    const home = await homeWith(3);
    rmSync(join(home.folder, 'state'), { recursive: true });
    home.hides();
    const { code, stdout, stderr, requests } = await home.vkeys(line);
    expect([code, changesIn(requests)], stdout + stderr).toEqual([6, []]);
    expect(stdout + stderr).toMatch(SHORT);
    expect(stdout + stderr).toContain('Run the same command again');
  },
);
