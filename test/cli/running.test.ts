/** What happens around a run: questions, interruptions, deadlines, servers that fail. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
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
  /** Somebody who answers so, and the questions and plans that they saw. */
  const person = (...answers: readonly string[]) => {
    const seen: string[] = [];
    let next = 0;
    const ask = (question: string): Promise<string> => {
      seen.push(question);
      next += 1;
      return Promise.resolve(answers[next - 1] ?? 'no');
    };
    const stdin = { isTTY: true, read: () => Promise.resolve('') };
    const stderr = { isTTY: true, columns: 80, write: (text: string) => void seen.push(text) };
    return { seen, world: { stdin, stderr, ask } };
  };

  it.each([
    ['yes', ['yes'], 0, 0],
    ['Yes and blanks', [' YES '], 0, 0],
    ['nothing', [''], 6, 12],
    ['no', ['no'], 6, 12],
    ['y, where a whole word is asked for, and then yes', ['y', 'yes'], 0, 0],
    ['y and again y', ['y', 'y'], 6, 12],
    ['yep', ['yep'], 6, 12],
  ])('before a deletion that is answered with %s', async (_, answers, code, left) => {
    const { vkeys } = homeWith();
    await vkeys('apply -f lab.yaml');
    const { seen, world } = person(...answers);
    expect((await vkeys('delete -f lab.yaml', world)).code).toBe(code);
    expect(documentIn((await vkeys('list -o json')).stdout).keys).toHaveLength(left);
    expect(seen.some((text) => text.startsWith('y is not enough'))).toBe(answers[0] === 'y');
  });

  const crowd = (count: number, more = ''): string =>
    `set: lab\nkeys: [{ key_alias: lab, roster: { count: ${String(count)} }${more} }]\n`;

  it.each([
    ['y', 0, 25],
    ['yes', 0, 25],
    ['', 6, 0],
    ['n', 6, 0],
  ])('before 25 keys are made, answered with %j, ends with %i', async (answer, code, made) => {
    const home = homeWith();
    writeFileSync(join(home.folder, 'lab.yaml'), crowd(25));
    const { seen, world } = person(answer);
    const ran = await home.vkeys('apply -f lab.yaml', world);
    expect(ran.code).toBe(code);
    expect(seen.join('')).toContain('lab-user1 … user25 (25 keys)');
    expect(seen.join('')).toContain('25 keys will be created in lab. Go on? [y/N] ');
    expect(documentIn((await home.vkeys('list -o json')).stdout).keys).toHaveLength(made);
  });

  it('comes before 21 keys are changed, and not before 20, with --yes, in a pipe, or for a plan', async () => {
    const home = homeWith();
    const write = (count: number, more = ''): void => writeFileSync(join(home.folder, 'lab.yaml'), crowd(count, more));
    write(20);
    expect(await asked('apply -f lab.yaml')).toBe(false);
    write(21);
    expect(await asked('apply -f lab.yaml')).toBe(false);
    write(21, ', max_budget: 5');
    expect(await asked('apply -f lab.yaml --dry-run')).toBe(false);
    expect(await asked('apply -f lab.yaml --sandbox --keyring none')).toBe(false);
    expect(await asked('apply -f lab.yaml')).toBe(true);
    expect((await home.vkeys('apply -f lab.yaml')).code).toBe(0);
    write(42, ', max_budget: 6');
    expect(await asked('apply -f lab.yaml --yes')).toBe(false);
    write(42);
    expect(await asked('apply -f lab.yaml')).toBe(false);

    async function asked(line: string): Promise<boolean> {
      const { seen, world } = person('n');
      await home.vkeys(line, world);
      return seen.some((text) => text.includes('[y/N]'));
    }
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

it('tells that a deadline was over before anything was begun', async () => {
  const slow = (fetch: Fetch): Fetch => {
    return async (url, init) => {
      const answer = await fetch(url, init);
      await delay(40);
      return answer;
    };
  };
  const { code, stdout } = await homeWith({ wrap: slow }).vkeys('apply -f lab.yaml -o json --deadline 0.02');
  const error = { kind: 'timeout', message: 'The --deadline of 0.02 s is over.' };
  expect([code, documentIn(stdout)]).toMatchObject([1, { summary: { create: 0, skipped: 12 }, error }]);
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
      2026-11-21 10:00:12 UTC, http://litellm.test, LiteLLM 1.110.2
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
