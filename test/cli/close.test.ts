/** `vkeys close`: the end of a set with its account, wherever it is cut. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { printedIn } from '../support/printed.ts';
import { makeHome, type Home } from '../support/run.ts';
import { use } from '../support/use.ts';

type Door = { left: number; requests: number };

/** A class of three, of which two have worked; after `left` requests of `close` nothing reaches the server any more. */
async function classHome(): Promise<Home & { readonly door: Door; readonly close: Home['vkeys'] }> {
  const door: Door = { left: Number.POSITIVE_INFINITY, requests: 0 };
  const wrap =
    (fetch: Fetch): Fetch =>
    (url, init) => {
      door.requests += 1;
      if (door.left <= 0) return Promise.reject(Object.assign(new Error('cut'), { code: 'ECONNREFUSED' }));
      door.left -= 1;
      return fetch(url, init);
    };
  const home = makeHome({ wrap });
  const spec = {
    set: 'lab',
    keys: [{ key_alias: 'lab', roster: { count: 2, prefix: 'user' }, max_budget: 5 }, { key_alias: 'boss' }],
    deliver: [{ dotenv: 'secrets/{key_alias}.env' }],
  };
  writeFileSync(join(home.folder, 'lab.json'), JSON.stringify(spec));
  expect(await home.vkeys('apply -f lab.json --yes')).toMatchObject({ code: 0 });
  for (const index of [0, 0, 1]) await use(home, home.minted[index]);
  return { ...home, door, close: (line, world) => home.vkeys(`close -f lab.json --yes ${String(line)}`, world) };
}

function accountIn({ folder }: Home, dir = 'lab-account'): JsonObject {
  return JSON.parse(readFileSync(join(folder, dir, 'account.json'), 'utf8')) as JsonObject;
}

/** Without what is of the run: times, and whether the secret was still known for the proof. */
function lasting(account: JsonObject): unknown {
  const { read_at: _read, closed_at: _closed, keys, ...rest } = account;
  return {
    ...rest,
    keys: (keys as readonly JsonObject[]).map(({ proof, places, ...key }) => ({
      ...key,
      isProved: proof === 'refused' || proof === 'gone',
      places: (places as readonly string[]).map((place) => place.split('/').at(-1)),
    })),
  };
}

describe('close', () => {
  it('blocks, reads, deletes, proves, and tells who used what', async () => {
    const home = await classHome();
    const seen = await home.close('--html');
    expect(seen).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing of it is left') });
    expect(seen.stdout).toContain('3 keys spent 0.15 US dollars in 3 requests (0 failed)');
    const account = accountIn(home);
    expect(account).toMatchObject({
      state: 'closed',
      sets: ['lab'],
      url: 'http://litellm.test',
      total: { spend: 0.15, requests: 3, failed: 0 },
      differences: [],
      left: [],
    });
    const rows = (account['keys'] as readonly JsonObject[]).map(({ key_alias, user, spend, used, proof }) => [
      key_alias,
      user,
      spend,
      (used as JsonObject)['requests'],
      proof,
    ]);
    expect(rows).toEqual([
      ['boss', null, 0.1, 2, 'refused'],
      ['lab-user1', 'user1', 0.05, 1, 'refused'],
      ['lab-user2', 'user2', 0, 0, 'refused'],
    ]);
    const folder = join(home.folder, 'lab-account');
    for (const name of ['account.json', 'account.csv', 'account.md', 'account.html']) {
      const text = readFileSync(join(folder, name), 'utf8');
      expect(text).toContain('boss');
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
      for (const secret of home.minted) expect(text).not.toContain(secret.reveal());
    }
    expect(existsSync(join(home.folder, 'secrets/boss.env'))).toBe(false);
    expect((await home.vkeys('list')).stdout).toBe('');
  });

  it('is done once, and says so again', async () => {
    const home = await classHome();
    await home.close('');
    const account = accountIn(home);
    expect(await home.close('')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing of it is left') });
    expect(accountIn(home)).toEqual(account);
    await home.vkeys('apply -f lab.json --yes');
    expect(await home.close('')).toMatchObject({ code: 6, stderr: expect.stringContaining('--report DIR') });
    expect(await home.close('--report again --no-proof --settle 0')).toMatchObject({ code: 0 });
    expect(accountIn(home, 'again')).toMatchObject({ total: { spend: 0 }, keys: [{ proof: null }, {}, {}] });
  });

  it('asks before, and has nothing to do where nothing is', async () => {
    const home = await classHome();
    expect(await home.vkeys('close -f lab.json')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('3 keys will be deleted.'),
    });
    expect(existsSync(join(home.folder, 'lab-account'))).toBe(false);
    await home.vkeys('delete -f lab.json --yes');
    expect(await home.close('')).toMatchObject({ code: 3, stderr: expect.stringContaining('nothing to close') });
    writeFileSync(join(home.folder, 'account.json'), '{}');
    expect(await home.close('--report .')).toMatchObject({ code: 3, stderr: expect.stringContaining('is no account') });
  });

  it('tells what is left, and figures that are not the same', async () => {
    const home = await classHome();
    await home.vkeys('create another --set lab');
    home.sandbox.writeRow(home.minted[0]?.hash() ?? '', { spend: 2, total_spend: 2 });
    const seen = await home.close('-o json');
    const { account } = printedIn(seen) as { readonly account: JsonObject };
    expect([seen.code, account['left'], account['differences']]).toEqual([
      5,
      [{ what: 'key', name: 'another' }],
      [home.minted[0]?.hash()],
    ]);
    expect(seen.stderr).not.toContain('--prune');
    const again = await home.close('');
    expect(again).toMatchObject({ code: 5, stdout: expect.stringContaining('on the server another. Delete it: ') });
    const [, command = ''] = /Delete it: vkeys (.*)\. Then run/.exec(again.stdout) ?? [];
    expect(await home.vkeys(`${command} --yes`)).toMatchObject({ code: 0 });
    expect(await home.close('')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing of it is left') });
    expect(accountIn(home)['keys']).toMatchObject([{ proof: 'refused' }, { proof: 'refused' }, { proof: 'refused' }]);
  });

  it('takes back at the next run what it could not take out of a place', async () => {
    const home = await classHome();
    const file = join(home.folder, 'secrets/boss.env');
    rmSync(file);
    mkdirSync(file);
    const seen = await home.close('');
    expect(seen).toMatchObject({ code: 5, stdout: expect.stringContaining('boss.env. Run the same command again.') });
    rmSync(file, { recursive: true });
    expect(await home.close('')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing of it is left') });
  });

  it('waits until nothing more comes in', async () => {
    const home = await classHome();
    let naps = 0;
    const sleep = async (milliseconds: number): Promise<void> => {
      naps += milliseconds === 20_000 ? 1 : 0;
      if (milliseconds === 20_000 && naps < 3)
        home.sandbox.writeRow(home.minted[0]?.hash() ?? '', { spend: naps, total_spend: naps });
      await home.server.clock.sleep(milliseconds);
    };
    expect((await home.close('', { sleep })).code).toBe(0);
    expect(naps).toBe(3);
    expect(accountIn(home)).toMatchObject({ total: { spend: 2.05 } });
  });

  it('that was cut goes on where it stopped, and comes to the same', async () => {
    const whole = await classHome();
    whole.door.requests = 0;
    await whole.close('');
    const { requests } = whole.door;
    const wanted = lasting(accountIn(whole));
    expect(requests).toBeGreaterThan(15);
    for (let left = 3; left < requests; left += 4) {
      const home = await classHome();
      home.door.left = left;
      const cut = await home.close('');
      expect([left, cut.code]).not.toEqual([left, 0]);
      home.door.left = Number.POSITIVE_INFINITY;
      expect(await home.close(''), `after ${String(left)} requests`).toMatchObject({ code: 0 });
      expect(lasting(accountIn(home)), `after ${String(left)} requests`).toEqual(wanted);
      expect((await home.vkeys('list')).stdout).toBe('');
    }
  });
});
