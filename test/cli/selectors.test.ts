/** Keys named in every way that people have, on the command line and on standard input. */
import { describe, expect, it } from 'vitest';
import type { Console } from '../../src/cli/console.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { documentIn } from '../support/document.ts';
import { othersIn } from '../support/others.ts';
import { makeHome, type Home, type Seen } from '../support/run.ts';

const typed = (text: string): Partial<Console> => ({ stdin: { isTTY: false, read: () => Promise.resolve(text) } });

/** Everything that was sent, to look for what must not be in it. */
function spy(): { readonly sent: string[]; readonly wrap: (fetch: Fetch) => Fetch } {
  const sent: string[] = [];
  return {
    sent,
    wrap: (fetch) => (url, init) => {
      sent.push(`${url} ${init.body ?? ''}`);
      return fetch(url, init);
    },
  };
}

async function homeWithKeys(): Promise<
  Home & { readonly sent: string[]; readonly aliases: () => Promise<readonly unknown[]> }
> {
  const { sent, wrap } = spy();
  const home = makeHome({ wrap });
  for (const alias of ['ada', 'bob', 'eve']) await home.vkeys(`create --alias ${alias} --set lab`);
  const aliases = async (): Promise<readonly unknown[]> =>
    documentIn((await home.vkeys('list -o json')).stdout).keys.map(({ key_alias }) => key_alias);
  return { ...home, sent, aliases };
}

/** The ways to name the first key. */
const WAYS: readonly (readonly [string, (secret: string, hash: string) => string])[] = [
  ['an alias', () => 'ada'],
  ['a hash', (_, hash) => hash],
  ['the beginning of a hash', (_, hash) => hash.slice(0, 8)],
  ['what the server shows', (secret) => `sk-...${secret.slice(-4)}`],
  ['what vkeys shows', (secret) => `…${secret.slice(-4)}`],
  ['the key itself', (secret) => secret],
  ['the key with its variable', (secret) => `OPENAI_API_KEY=${secret}`],
];

describe.each(WAYS)('by %s', (_, wordOf) => {
  async function tried(
    line: (word: string) => readonly string[],
  ): Promise<Seen & { readonly home: Awaited<ReturnType<typeof homeWithKeys>> }> {
    const home = await homeWithKeys();
    const [first] = home.minted;
    const secret = first?.reveal() ?? '';
    home.sent.length = 0;
    const seen = await home.vkeys(line(wordOf(secret, first?.hash() ?? '')));
    expect(`${seen.stderr}${seen.stdout}${home.sent.join('\n')}`).not.toContain(secret);
    return { ...seen, home };
  }

  it('get', async () => {
    const { code, stdout } = await tried((word) => ['get', word, '-o', 'json']);
    expect(code).toBe(0);
    expect(documentIn(stdout).keys).toMatchObject([{ key_alias: 'ada' }]);
  });

  it('update', async () => {
    const { code, home } = await tried((word) => ['update', word, '--max-budget', '3']);
    expect(code).toBe(0);
    expect(documentIn((await home.vkeys('get ada -o json')).stdout).keys).toMatchObject([{ max_budget: 3 }]);
  });

  it('list --key', async () => {
    const { code, stdout } = await tried((word) => ['list', '--key', word, '-o', 'json']);
    expect(code).toBe(0);
    expect(documentIn(stdout).keys).toMatchObject([{ key_alias: 'ada' }]);
  });

  it('delete', async () => {
    const { code, home } = await tried((word) => ['delete', word, '--yes']);
    expect(code).toBe(0);
    expect(await home.aliases()).toEqual(['bob', 'eve']);
  });

  it('keyring forget', async () => {
    const { code, home } = await tried((word) => ['keyring', 'forget', word, '--yes']);
    expect(code).toBe(0);
    expect((await home.vkeys('keyring list')).stdout).not.toContain('ada');
  });
});

describe('a key on the command line', () => {
  const SECRET = 'sk-that-nobody-has-0123456789w4TQ';

  it('is said to be seen there, and on standard input is not', async () => {
    const home = await homeWithKeys();
    const secret = home.minted[0]?.reveal() ?? '';
    const hint = 'give it on standard input, with - in its place';
    expect((await home.vkeys(['get', secret])).stderr).toContain(hint);
    const unseen = await home.vkeys('get -', typed(`${secret}\n`));
    expect(unseen).toMatchObject({ code: 0, stderr: '' });
    expect(unseen.stdout).toContain('ada');
  });

  it.each([
    [['delete', SECRET, '--yes'], 1],
    [['get', SECRET], 1],
    [['update', SECRET, '--max-budget', '1'], 1],
    [['keyring', 'forget', SECRET, '--yes'], 3],
    [['keyring', 'import', SECRET], 3],
    [['create', '--alias', SECRET], 3],
    [['create', '--alias', `Bearer ${SECRET}`], 3],
    [[SECRET], 3],
    [['list', `--${SECRET}`], 3],
    [['get', 'a', SECRET], 3],
    [['list', '--status', SECRET], 3],
  ])('%j is told without it, and nothing of it is sent', async (argv, code) => {
    const home = await homeWithKeys();
    home.sent.length = 0;
    for (const format of [[], ['-o', 'json']]) {
      const seen = await home.vkeys([...argv, ...format], typed('sk-of-nobody-0123456789'));
      expect(seen.code).toBe(code);
      expect(`${seen.stderr}${seen.stdout}${home.sent.join('\n')}`).not.toContain(SECRET.slice(3));
    }
  });

  it('that is none of the server is told by its end', async () => {
    const { vkeys } = await homeWithKeys();
    expect((await vkeys('delete - --yes', typed(SECRET))).stderr).toMatchInlineSnapshot(`
      "error: sk-…w4TQ is none of this server's keys.
      next:  It is deleted already, or of another server: --url
      "
    `);
  });

  it.each([
    ['nothing', ' \n', 'There is nothing on standard input'],
    ['several, where one is meant', 'ada\nbob\n', 'takes one'],
  ])('%s on standard input is refused', async (_, text, words) => {
    const { vkeys } = await homeWithKeys();
    const { code, stderr } = await vkeys('get -', typed(text));
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(words) as string });
  });

  it('and a master key do not share standard input', async () => {
    const { vkeys } = await homeWithKeys();
    expect(await vkeys('get - --master-key-stdin', typed('x'))).toMatchObject({ code: 3, requests: [] });
  });

  it('is typed unseen at a terminal', async () => {
    const home = await homeWithKeys();
    const secret = home.minted[0]?.reveal() ?? '';
    const stdin = { isTTY: true, read: () => Promise.reject(new Error('nothing is piped')) };
    const { code } = await home.vkeys('get -', { stdin, askSecret: () => Promise.resolve(secret) });
    expect(code).toBe(0);
  });
});

describe('delete', () => {
  it('takes each line of standard input', async () => {
    const home = await homeWithKeys();
    const lines = `${home.minted[0]?.reveal() ?? ''}\r\n\r\n"bob"\n`;
    expect((await home.vkeys('delete - --yes', typed(lines))).code).toBe(0);
    expect(await home.aliases()).toEqual(['eve']);
  });

  it.each([
    ['delete nobody --yes', 1, ['ada', 'bob', 'eve']],
    ['delete nobody --yes --ignore-missing', 0, ['ada', 'bob', 'eve']],
    ['delete ada nobody --yes', 5, ['bob', 'eve']],
    ['delete ada nobody --yes --ignore-missing', 0, ['bob', 'eve']],
    ['delete x* --yes', 1, ['ada', 'bob', 'eve']],
    ['delete ada --status expired --yes', 1, ['ada', 'bob', 'eve']],
    ['delete --status expired --yes', 0, ['ada', 'bob', 'eve']],
    ['delete a* --yes', 0, ['bob', 'eve']],
    ['delete ?da bob --set lab --yes', 0, ['eve']],
    ['delete * --yes', 6, ['ada', 'bob', 'eve']],
    ['delete --set lab --yes', 6, ['ada', 'bob', 'eve']],
    ['delete --set lab --yes --max-deletions 3', 0, []],
    ['delete --set lab --max-deletions 3', 6, ['ada', 'bob', 'eve']],
    ['delete ada bob eve --yes', 0, []],
  ])('%s ends with %i', async (line, code, left) => {
    const { vkeys, aliases } = await homeWithKeys();
    const seen = await vkeys(line);
    expect(seen.code, seen.stderr).toBe(code);
    if (line.includes('nobody') && code !== 0) expect(seen.stderr).toContain('nobody');
    expect(await aliases()).toEqual(left);
  });

  it('says that a filter takes none, and which set was probably meant', async () => {
    const { vkeys } = await homeWithKeys();
    const message = 'None of the 3 keys matches --set labs. Did you mean lab?';
    expect((await vkeys('delete --set labs --yes')).stdout).toContain(`notice: ${message}\n`);
    const { stdout } = await vkeys('delete --set labs --yes -o json');
    expect(documentIn(stdout).notices).toMatchObject([{ code: 'missing', message }]);
  });

  it('counts what a pattern takes of a set, and says how to go on', async () => {
    const { vkeys } = await homeWithKeys();
    expect((await vkeys('delete * --yes')).stderr).toMatchInlineSnapshot(`
      "error: Nothing was changed.
             3 of the 3 keys of lab would be deleted; that is all of lab.
      next:  If that is meant: --max-deletions 3
      more:  vkeys help faults
      "
    `);
  });

  it('by what several keys have in common is refused, and all of them are told', async () => {
    const { server, vkeys, minted, aliases } = await homeWithKeys();
    const row = {
      key_alias: 'twin',
      key_name: `sk-...${minted[0]?.reveal().slice(-4) ?? ''}`,
      created_at: '2026-11-21T09:00:00Z',
    };
    server.sandbox.writeRow('f'.repeat(64), row);
    const masked = await vkeys(['delete', row.key_name, '--yes']);
    expect(masked.code).toBe(6);
    expect(masked.stderr).toMatch(/There are 2 keys that …\S{4} may be:[^]*ada {2}[0-9a-f]{64}[^]*twin {2}f{64}/);
    server.sandbox.writeRow(`${'f'.repeat(63)}0`, { ...row, key_alias: 'third', key_name: 'sk-...zzzz' });
    for (const line of ['delete ffffffff --yes', 'get ffffffff', 'update ffffffff --max-budget 1'])
      expect((await vkeys(line)).code).toBe(6);
    expect(documentIn((await vkeys('list --key ffffffff -o json')).stdout).keys).toHaveLength(2);
    expect(await aliases()).toHaveLength(5);
  });

  it('an alias comes before the beginning of a hash', async () => {
    const { server, vkeys } = makeHome();
    server.sandbox.writeRow('12345678'.repeat(8), { key_alias: 'other', created_at: '2026-11-21T09:00:00Z' });
    await vkeys('create --alias 12345678');
    expect((await vkeys('get 12345678 -o json')).stdout).toContain('"key_alias": "12345678"');
    expect((await vkeys('get 1234567812 -o json')).stdout).toContain('"key_alias": "other"');
  });
});

it('list says which words name nothing', async () => {
  const { vkeys } = await homeWithKeys();
  const { code, stderr } = await vkeys('list --key nobody --key ada');
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringContaining('no key with the alias nobody') as string,
  });
});

describe('beside a thousand keys of others', () => {
  it.each([
    ['an alias', () => 'ada', 2],
    ['a hash', (_: string, hash: string) => hash, 1],
    ['the key itself', (secret: string) => secret, 1],
    ['what is not there', () => 'sk-nobody-has-this-key-0123', 1],
    ['a masked key', (secret: string) => `…${secret.slice(-4)}`, 13],
    ['the beginning of a hash', (_: string, hash: string) => hash.slice(0, 10), 13],
    ['a pattern', () => 'ad?', 13],
  ])('%s is asked for, and the list is read only where it must be', async (_, wordOf, pages) => {
    const home = makeHome();
    await home.vkeys('create --alias ada');
    await othersIn(home.sandbox).fill(1000);
    const [first] = home.minted;
    const word = wordOf(first?.reveal() ?? '', first?.hash() ?? '');
    const { requests, code, stderr } = await home.vkeys(['get', word]);
    expect(code, stderr).toBe(word.startsWith('sk-nobody') ? 1 : 0);
    expect(requests.filter((request) => request === 'GET /key/list').length).toBeLessThanOrEqual(pages);
    if (pages < 3) expect(requests.length).toBeLessThan(5);
  });

  it('a pattern is held against the sets that it takes from', async () => {
    const home = makeHome();
    for (const alias of ['ada', 'bob']) await home.vkeys(`create --alias ${alias} --set lab`);
    await othersIn(home.sandbox).fill(1000);
    expect((await home.vkeys('delete --set lab --yes')).stderr).toContain('2 of the 2 keys of lab would be deleted');
    expect((await home.vkeys('delete filler-1 ada bob --yes')).code).toBe(0);
    expect((await home.vkeys('delete filler-99? --yes')).stdout).toContain('10 deleted');
  });
});
