/** `vkeys whoami`: what a key is, asked with itself. */
import { describe, expect, it } from 'vitest';
import { printedIn } from '../support/printed.ts';
import { makeHome, type Home } from '../support/run.ts';
import { makeServer } from '../support/server.ts';

const stdinOf = (text: string) => ({ stdin: { isTTY: false, read: () => Promise.resolve(text) } });
const keyOf = (home: Home, at = 0): string => home.minted[at]?.reveal() ?? '';
const there = { LITELLM_BASE_URL: 'http://litellm.test' };

describe('whoami', () => {
  it('tells what the key is, may and has spent, with no other credential', async () => {
    const home = makeHome();
    await home.vkeys('create ada --models gpt-4o-mini --max-budget 5 --duration 1h');
    const seen = await home.vkeys('whoami --key-stdin', { ...stdinOf(keyOf(home)), env: there });
    expect(seen).toMatchObject({ code: 0, stderr: '', requests: ['GET /v1/models', 'GET /key/info'] });
    expect(seen.stdout).toMatch(/^ada\n\n {2}key .*spend +0\.00 \/ 5\.00 US dollars.*\nIt may use gpt-4o-mini\.\n$/s);
    expect(seen.stdout).not.toContain(keyOf(home));
    const json = printedIn(await home.vkeys('whoami ada -o json', { env: {} }));
    expect(json).toMatchObject({
      keys: [{ key_alias: 'ada', max_budget: 5, status: 'active' }],
      whoami: { url: 'http://litellm.test', state: 'works', models: ['gpt-4o-mini'], why: null },
    });
  });

  it('takes the key of the environment to the address that belongs to it, and to no other', async () => {
    const home = makeHome();
    await home.vkeys('create ada');
    const key = keyOf(home);
    for (const env of [
      { ...there, LITELLM_API_KEY: key },
      { OPENAI_BASE_URL: 'http://litellm.test/v1', OPENAI_API_KEY: key },
    ])
      expect(await home.vkeys('whoami', { env })).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ada\n/) });
    const env = { ...there, OPENAI_API_KEY: key };
    expect(await home.vkeys('whoami', { env })).toMatchObject({
      code: 3,
      requests: [],
      stderr: expect.stringContaining('OPENAI_API_KEY is set, and nothing says which server it is for.'),
    });
    expect(await home.vkeys('whoami --url http://litellm.test', { env })).toMatchObject({ code: 0 });
    expect(await home.vkeys('whoami ada --key-stdin')).toMatchObject({ code: 3 });
  });

  it('says what is known of a key that may not tell, and refuses to guess of others', async () => {
    const home = makeHome();
    await home.vkeys(['create', 'bot', '--field', 'allowed_routes=["llm_api_routes"]']);
    await home.vkeys(['create', 'desk', '--field', 'allowed_routes=["management_routes"]']);
    await home.vkeys('create poor --max-budget 0');
    await home.vkeys('create shut --field blocked=true');
    const bot = await home.vkeys('whoami bot', { env: {} });
    expect([bot.code, bot.stdout]).toEqual([
      0,
      expect.stringMatching(/^A key\n.*may use +gpt-4o-mini.*may not read more/s),
    ]);
    const desk = await home.vkeys('whoami desk', { env: {} });
    expect([desk.code, desk.stdout]).toEqual([
      0,
      expect.stringMatching(/^desk\n.*may not list its models: .*\nnext: /s),
    ]);
    const poor = printedIn(await home.vkeys('whoami poor -o json', { env: {} }));
    expect(poor).toMatchObject({ whoami: { state: 'over_budget', models: null }, keys: [{ status: 'over_budget' }] });
    expect(await home.vkeys('whoami shut', { env: {} })).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/The key is blocked at http:\/\/litellm\.test: .*\nnext: {2}If it may/s),
    });
  });

  it('knows nothing of a spent key before 1.77, and says that it is spent', async () => {
    const home = makeHome({ server: makeServer({ version: '1.65.8' }) });
    await home.vkeys('create poor --max-budget 0');
    expect(await home.vkeys('whoami poor', { env: {} })).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('The budget is spent'),
    });
  });
});
