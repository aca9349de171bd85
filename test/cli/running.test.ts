/** What happens around a run: questions, interruptions, deadlines, servers that fail. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/base/errors.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { RequestError } from '../../src/litellm/http/request-error.ts';
import { answer as reply } from '../support/make.ts';
import { documentIn } from '../support/document.ts';
import { makeHome, type HomeOptions } from '../support/run.ts';

const SPEC = 'set: lab\nkeys: [{ key_alias: lab, roster: { count: 12 } }]\n';

function homeWith(options: HomeOptions = {}) {
  const home = makeHome(options);
  writeFileSync(join(home.folder, 'lab.yaml'), SPEC);
  return home;
}

/** Lets `good` creates through, then does something else instead. */
function failing(good: number, instead: (count: number) => void): (fetch: Fetch) => Fetch {
  let count = 0;
  return (fetch) => (url, init) => {
    if (url.endsWith('/key/generate')) {
      count += 1;
      if (count > good) instead(count);
    }
    return fetch(url, init);
  };
}

describe('a question', () => {
  const person = (answer: string) => ({
    stdin: { isTTY: true, read: () => Promise.resolve('') },
    stderr: { isTTY: true, columns: 80, write: () => undefined },
    ask: () => Promise.resolve(answer),
  });

  it.each([
    ['yes', 0, 0],
    ['', 6, 12],
    ['no', 6, 12],
  ])('that is answered with %j ends with %i', async (answer, code, left) => {
    const { vkeys } = homeWith();
    await vkeys('apply -f lab.yaml');
    expect((await vkeys('delete -f lab.yaml', person(answer))).code).toBe(code);
    expect(documentIn((await vkeys('list -o json')).stdout).keys).toHaveLength(left);
  });
});

describe('an interruption', () => {
  it('begins nothing more, tells what landed, and the next run finishes', async () => {
    const stop = new AbortController();
    const interrupted = new Interrupted(143);
    const home = homeWith({ wrap: failing(3, () => stop.abort(interrupted)) });
    const { code, stdout } = await home.vkeys('apply -f lab.yaml -o json --concurrency 1', { stop: stop.signal });
    expect(code).toBe(143);
    expect(documentIn(stdout)).toMatchObject({ summary: { create: 4, skipped: 8 }, error: { kind: 'interrupted' } });
    const next = await home.vkeys('apply -f lab.yaml -o json');
    expect(documentIn(next.stdout)).toMatchObject({ summary: { create: 8, noop: 4, failed: 0 } });
  });
});

describe('a failure', () => {
  it('of some keys ends with 5, names them, and the next run finishes', async () => {
    const home = homeWith({
      wrap: failing(9, (count) => {
        if (count <= 12)
          throw new RequestError('api', 'No.', 'Later.', { reach: 'answered', code: 'invalid', status: 400 });
      }),
    });
    const { code, stdout } = await home.vkeys('apply -f lab.yaml --concurrency 1');
    expect(code).toBe(5);
    expect(stdout).toMatchInlineSnapshot(`
      "  + lab-user1  sk-…EoKI  never expires
        + lab-user2  sk-…OS7A  never expires
        + lab-user3  sk-…fJqI  never expires
        + lab-user4  sk-…ZvlA  never expires
        + lab-user5  sk-…FUis  never expires
        + lab-user6  sk-…jMqs  never expires
        + lab-user7  sk-…Bie0  never expires
        + lab-user8  sk-…iVBs  never expires
        + lab-user9  sk-…E5Yo  never expires

        x lab-user10 … user12 (3 keys): No.
          Later.

      Partly applied: 9 created, 3 failed in 12.0 s.
      "
    `);
    expect((await home.vkeys('apply -f lab.yaml')).code).toBe(0);
  });

  it('of all keys ends with the code of its cause', async () => {
    const home = homeWith({
      wrap: failing(0, () => {
        throw new RequestError('auth', 'No.', 'Other key.', { reach: 'answered', code: 'credential', status: 401 });
      }),
    });
    expect((await home.vkeys('apply -f lab.yaml')).code).toBe(4);
  });

  it.each([
    ['cost_center is required by the company', 'whoever runs the server'],
    ["Key requests MCP servers not allowed by its team: ['gone-server']", 'Look at object_permission'],
    ["Key=x has a tpm_limit=9 which is greater than the team's tpm_limit=1.", 'Look at tpm_limit'],
    ['Referenced object permission does not exist', 'Look at object_permission'],
  ])("of all keys by a rule of the server is theirs, not the credential's: %s", async (message, hint) => {
    const denied = { error: { message, type: 'internal_server_error', param: null, code: '403' } };
    const home = homeWith({
      wrap: (fetch) => (url, init) => (url.endsWith('/key/generate') ? reply(403, denied) : fetch(url, init)),
    });
    const { code, stdout, stderr } = await home.vkeys('apply -f lab.yaml');
    expect(code).toBe(1);
    expect(stdout).toContain(`LiteLLM answered 403: ${message}`);
    expect(stdout).toContain(hint);
    expect(stdout).toContain('Failed: 12 failed');
    expect(stdout + stderr).not.toMatch(/MASTER_KEY|may not do this|proxy_admin/);
  });

  it('of the database is told as that', async () => {
    const home = homeWith();
    home.sandbox.setDatabase('down');
    const { code, stderr } = await home.vkeys('list');
    expect(code).toBe(1);
    expect(stderr).toContain('does not reach its database');
  });
});

it('tells once why many changes wait, and goes on', async () => {
  let left = 12;
  const home = homeWith({
    wrap: (fetch) => (url, init) =>
      url.endsWith('/key/generate') && (left -= 1) >= 0
        ? reply(429, { detail: 'Slow \u001B[2Jdown.' }, { 'retry-after': '7' })
        : fetch(url, init),
  });
  const { code, stderr } = await home.vkeys('apply -f lab.yaml', { sleep: () => Promise.resolve() });
  expect([code, stderr]).toEqual([0, 'waiting: LiteLLM answered 429: Slow \\u{1b}[2Jdown.\n']);
});

describe('--debug', () => {
  it('shows every request without its query or secrets', async () => {
    const { stderr } = await homeWith().vkeys('apply -f lab.yaml --debug --concurrency 1');
    expect(stderr.split('\n')[0]).toMatch(/^GET \/key\/list 200 \d+ ms$/);
    expect(stderr).not.toContain('?');
  });
});
