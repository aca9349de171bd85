/** `vkeys verify`: what servers say to keys, wherever the keys are. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { printedIn } from '../support/printed.ts';
import { makeHome, type Home, type Seen } from '../support/run.ts';

const stdinOf = (text: string) => ({ stdin: { isTTY: false, read: () => Promise.resolve(text) } });
/** No credential of an administrator, and no address but what the keyring knows. */
const alone = { env: {} };
const keyOf = (home: Home, at: number): string => home.minted[at]?.reveal() ?? '';

async function homeWith(...lines: readonly string[]): Promise<Home> {
  const home = makeHome();
  for (const line of lines) expect(await home.vkeys(`create ${line}`)).toMatchObject({ code: 0 });
  return home;
}

const rowsOf = (seen: Seen): unknown => printedIn(seen)['keys'];

describe('verify', () => {
  it('asks each server with the keys of the keyring alone, and tells what is wrong', async () => {
    const home = await homeWith('ada', 'bob --max-budget 0', 'eve', 'old --duration 1h');
    await home.vkeys('update eve --field blocked=true');
    await home.server.clock.sleep(2 * 3600 * 1000);
    const seen = await home.vkeys('verify', alone);
    expect({ ...seen, stdout: seen.stdout.split('\n').map((line) => line.split('\t').slice(0, 2)) }).toEqual({
      code: 5,
      stderr: '',
      stdout: [['ada', 'works'], ['bob', 'over_budget'], ['eve', 'blocked'], ['old', 'expired'], ['']],
      requests: expect.not.arrayContaining(['GET /key/list']),
    });
    expect(await home.vkeys('verify ada', alone)).toMatchObject({ code: 0, stdout: 'ada\tworks\n' });
    const json = await home.vkeys('verify e* -o json', alone);
    expect([json.code, rowsOf(json)]).toEqual([
      5,
      [expect.objectContaining({ key_alias: 'eve', state: 'blocked', url: 'http://litellm.test', set: 'adhoc' })],
    ]);
    for (const key of home.minted) expect(json.stdout + seen.stdout).not.toContain(key.reveal());
  });

  it('tells people what is odd, and what to do', async () => {
    const home = await homeWith('ada', 'eve');
    await home.vkeys('update eve --field blocked=true');
    const screen: string[] = [];
    const stdout = { isTTY: true, columns: 100, write: (text: string) => void screen.push(text) };
    await home.vkeys('verify --no-color', { ...alone, stdout });
    const text = screen.join('');
    expect(text).toMatch(/^KEY +STATE +WHY\neve +blocked +.*blocked/);
    expect(text).toMatch(/\n1 of 2 keys as they should be\.\nnext: {2}If it may be used again: vkeys update KEY/);
    expect(text).not.toContain('ada');
  });

  it('knows what a spec wants of models and places', async () => {
    const home = makeHome();
    const write = (models: readonly string[]): void =>
      writeFileSync(
        join(home.folder, 'lab.json'),
        JSON.stringify({
          set: 'lab',
          keys: [{ key_alias: 'ada', models }],
          deliver: [{ dotenv: '{key_alias}.env' }],
        }),
      );
    write(['gpt-4o-mini']);
    await home.vkeys('apply -f lab.json');
    expect(await home.vkeys('verify -f lab.json')).toMatchObject({ code: 0, stdout: 'ada\tworks\n' });
    writeFileSync(join(home.folder, 'ada.env'), 'OPENAI_API_KEY=sk-another\n');
    const stale = await home.vkeys('verify -f lab.json -o json');
    expect([stale.code, rowsOf(stale)]).toMatchObject([5, [{ state: 'works', held: [{ state: 'missing' }] }]]);
    expect(await home.vkeys('verify --from ada.env')).toMatchObject({ code: 5, stdout: /^OPENAI_API_KEY\tunknown\t/ });
    write(['gpt-4o-mini', 'claude-sonnet']);
    expect(await home.vkeys('verify -f lab.json')).toMatchObject({
      code: 5,
      stdout: 'ada\twrong_models\tit may not use claude-sonnet\nada\tplace missing\tada.env\n',
    });
    mkdirSync(join(home.folder, 'none'));
    expect(await home.vkeys('verify -f lab.json --keyring none/here')).toMatchObject({
      code: 5,
      stdout: expect.stringContaining('ada\tunkept\t'),
    });
  });

  it('takes one key from standard input, and may expect that it is dead', async () => {
    const home = await homeWith('ada');
    const given = stdinOf(`${keyOf(home, 0)}\n`);
    expect(await home.vkeys('verify --key-stdin', given)).toMatchObject({ code: 0 });
    expect(await home.vkeys('verify --key-stdin --expect unknown', given)).toMatchObject({ code: 5 });
    await home.vkeys('delete ada --yes');
    const dead = await home.vkeys('verify --key-stdin --expect unknown --wait', given);
    expect([dead.code, dead.stdout.includes(keyOf(home, 0))]).toEqual([0, false]);
  });

  it('calls a model once, and tells why that failed', async () => {
    const home = await homeWith('ada --models gpt-4o-mini', 'slow --rpm-limit 0');
    expect(await home.vkeys('verify ada --chat gpt-4o-mini', alone)).toMatchObject({
      code: 0,
      requests: ['GET /v1/models', 'GET /key/info', 'POST /v1/chat/completions'],
    });
    expect(await home.vkeys('verify ada --chat claude-sonnet', alone)).toMatchObject({
      code: 5,
      stdout: expect.stringContaining('ada\tcall_failed\t'),
    });
  });

  it('waits until all processes of the server agree', async () => {
    let answers = 0;
    const isLagging = (url: string): boolean => url.endsWith('/v1/models') && (answers += 1) < 7 && answers % 2 === 0;
    const home = makeHome({
      wrap:
        (fetch): Fetch =>
        async (url, init) =>
          isLagging(url)
            ? fetch(url, { ...init, headers: { ...init.headers, Authorization: 'Bearer sk-nobody-knows-this-one' } })
            : fetch(url, init),
    });
    await home.vkeys('create ada');
    expect((await home.vkeys('verify ada --wait', alone)).code).toBe(0);
    expect(answers).toBe(12);
    answers = 0;
    const sleep = async (): Promise<void> => home.server.clock.sleep(100_000);
    expect(await home.vkeys('verify ada --wait --expect unknown', { ...alone, sleep })).toMatchObject({
      code: 5,
      stdout: expect.stringMatching(/^ada\t(works|unsettled)/),
    });
  });

  it('says what is not there, and what cannot be reached', async () => {
    let isDown = false;
    const broken = { status: 500, headers: new Headers(), text: () => Promise.resolve('Internal Server Error') };
    const home = makeHome({ wrap: (fetch) => (url, init) => (isDown ? Promise.resolve(broken) : fetch(url, init)) });
    await home.vkeys('create ada');
    expect(await home.vkeys('verify bob', alone)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('The keyring has nothing of bob.'),
    });
    expect(await home.vkeys('verify ada --key-stdin')).toMatchObject({ code: 3 });
    expect(await home.vkeys('verify --only x')).toMatchObject({ code: 3 });
    isDown = true;
    expect(await home.vkeys('verify ada', alone)).toMatchObject({
      code: 5,
      stdout: expect.stringContaining('ada\tunanswered\t'),
    });
  });
});
