/** `vkeys auth delegate`: a least credential, and what `auth status` says of it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printedIn } from '../support/printed.ts';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';
import { makeServer } from '../support/server.ts';

const URL = 'http://litellm.test';
const as = (key: string) => ({ env: { LITELLM_BASE_URL: URL, LITELLM_MASTER_KEY: key } });

async function homeWith(...admins: readonly string[]): Promise<Home> {
  const home = makeHome();
  for (const name of admins)
    expect(await home.vkeys(`user create ${name} --user-role proxy_admin`)).toMatchObject({ code: 0 });
  return home;
}

describe('auth delegate', () => {
  it('makes a key of the only proxy_admin, prints it, and finds it again', async () => {
    const home = await homeWith('root');
    const first = await home.vkeys('auth delegate --name ci');
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('as secret as the master key') });
    const key = first.stdout.trim();
    expect(key).toBe(home.minted[0]?.reveal());
    const again = await home.vkeys('auth delegate --name ci');
    expect([again.code, again.stdout.trim(), again.requests.includes('POST /key/generate')]).toEqual([0, key, false]);
    const [row] = [printedIn(await home.vkeys('get vkeys-ci -o json'))['keys']].flat();
    expect(row).toMatchObject({
      user_id: 'root',
      owned_by: 'delegates',
      expires: expect.stringMatching(/^2027-02-19/),
    });
  });

  it('may do with keys, teams and users what vkeys does, and nothing else', async () => {
    const home = await homeWith('root');
    const { stdout } = await home.vkeys('auth delegate --name ci');
    const own = as(stdout.trim());
    for (const line of ['create ada --max-budget 1', 'update ada --max-budget 2', 'team create lab', 'usage', 'list'])
      expect([line, await home.vkeys(line, own)]).toEqual([line, expect.objectContaining({ code: 0 })]);
    expect(await home.vkeys('delete ada --yes', own)).toMatchObject({ code: 0 });
    const headers = { authorization: `Bearer ${stdout.trim()}` };
    for (const path of ['/key/block', '/v1/chat/completions'])
      expect(home.sandbox.handle({ method: 'POST', path, headers, body: '{}' }).status).toBe(403);
  });

  it('is told by auth status, beside what others may do', async () => {
    const home = await homeWith('root');
    const { stdout } = await home.vkeys('auth delegate --name ci');
    expect((await home.vkeys('auth status', as(stdout.trim()))).stdout).toMatch(
      /ok +routes +It may call the \d+ routes/,
    );
    expect((await home.vkeys('auth status')).stdout).toMatch(
      /note +routes +It may call every route .*\n.*auth delegate/,
    );
    await home.vkeys(['update', 'vkeys-ci', '--field', 'allowed_routes=["/key/*","/model/new","/user/info"]']);
    const { auth } = printedIn(await home.vkeys('auth status -o json', as(stdout.trim())));
    expect(auth).toMatchObject({
      routes: { beyond: ['/key/*', '/model/new'], lacking: expect.arrayContaining(['/team/new']) },
    });
  });

  it('is saved as a profile that does not become the current one', async () => {
    const home = await homeWith('root');
    writeFileSync(join(home.folder, 'key.txt'), MASTER_KEY, { mode: 0o600 });
    await home.vkeys(`auth login --profile far --url http://far.example.com --master-key-file key.txt`);
    await home.vkeys(`auth login --profile main --url ${URL} --master-key-file key.txt`);
    const seen = await home.vkeys('auth delegate --name ci --save ci');
    expect(seen).toMatchObject({ code: 0, stderr: expect.stringContaining('Saved as the profile ci') });
    expect(await home.vkeys('list --profile ci', { env: {} })).toMatchObject({ code: 0 });
    const { profiles } = printedIn(await home.vkeys('auth profiles -o json'));
    expect(profiles).toMatchObject([
      { name: 'far', current: false },
      { name: 'main', current: true },
      { name: 'ci', current: false },
    ]);
    const other = await home.vkeys('auth delegate --name night --save far');
    expect([other.code, other.requests]).toEqual([3, []]);
  });

  it('needs a proxy_admin, the one that is meant, and a server that holds keys to their routes', async () => {
    const none = await (await homeWith()).vkeys('auth delegate --name ci');
    expect([none.code, none.stderr]).toEqual([6, expect.stringContaining('vkeys user create vkeys-admin --user-role')]);
    const two = await homeWith('root', 'toor');
    expect(await two.vkeys('auth delegate --name ci')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('--user root'),
    });
    expect(await two.vkeys('auth delegate --name ci --user toor')).toMatchObject({ code: 0 });
    expect(await two.vkeys('auth delegate --name ci --user ada')).toMatchObject({ code: 6 });
    const old = await makeHome({ server: makeServer({ version: '1.65.8' }) }).vkeys('auth delegate --name ci');
    expect([old.code, old.stderr]).toEqual([6, expect.stringContaining('holds no key to its routes')]);
    expect(old.requests).not.toContain('POST /key/generate');
  });
});
