/** Two machines that change the members of one team at the same moment, on versions that lose some of them with 200. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { memberId } from '../../src/kinds/member.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { memberStore } from '../../src/litellm/member-store.ts';
import { sandboxFetch } from '../../src/sandbox/port.ts';
import type { SandboxRequest, SandboxResponse } from '../../src/sandbox/respond.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import type { SandboxVersion } from '../../src/sandbox/versions.ts';
import { connect, NOW } from '../support/make.ts';

const LOSSY = ['1.65.8', '1.77.7', '1.83.14'] as const;
const CREW = ['a', 'b', 'c', 'd', 'e', 'f'];

/** A server with a team, and who of the crew is in it. */
function serverOf(version: SandboxVersion, members: readonly string[] = []) {
  const sandbox = createSandbox({ version, now: () => NOW });
  const post = (path: string, body: JsonObject): SandboxResponse => sandbox.handle(requestOf(path, body));
  post('/team/new', { team_id: 't', members_with_roles: members.map((user_id) => ({ user_id, role: 'user' })) });
  const there = (): readonly string[] => {
    const { body } = sandbox.handle({ ...requestOf('/team/info?team_id=t', {}), method: 'GET' });
    return CREW.filter((user_id) => body.includes(`"user_id":"${user_id}"`));
  };
  return { sandbox, post, there };
}

function requestOf(path: string, body: JsonObject): SandboxRequest {
  return { method: 'POST', path, headers: { authorization: 'Bearer sk-sandbox' }, body: JSON.stringify(body) };
}

/** The way on which the first two requests to a path are carried out at the same moment. */
function meetingAt(path: string, sandbox: Sandbox): Fetch {
  const plain = sandboxFetch(sandbox);
  const waiting: { readonly request: SandboxRequest; readonly answer: (response: SandboxResponse) => void }[] = [];
  return async (url, init) => {
    if (new URL(url).pathname !== path || waiting.length === 2) return plain(url, init);
    const body = init.body ?? '';
    const response = await new Promise<SandboxResponse>((answer) => {
      waiting.push({ request: { ...requestOf(path, {}), body }, answer });
      if (waiting.length < 2) return;
      const responses = sandbox.together(waiting.map(({ request }) => request));
      for (const [at, each] of responses.entries()) waiting[at]?.answer(each);
    });
    return sandboxFetch({ ...sandbox, handle: () => response })(url, init);
  };
}

/** The way on which, once, right after the first look at the team that follows a change, another machine's request ends. */
function beside(sandbox: Sandbox, change: string, end: () => unknown): Fetch {
  const plain = sandboxFetch(sandbox);
  let state: 'before' | 'changed' | 'ended' = 'before';
  return async (url, init) => {
    const answer = await plain(url, init);
    const { pathname } = new URL(url);
    if (pathname === change && state === 'before') state = 'changed';
    else if (pathname.endsWith('/team/list') && answer.status === 200 && state === 'changed') {
      state = 'ended';
      end();
    }
    return answer;
  };
}

const idsOf = (users: readonly string[]): readonly string[] => users.map((user_id) => memberId('t', user_id));

async function add(fetch: Fetch, users: readonly string[]): Promise<readonly string[]> {
  const store = memberStore(connect(fetch));
  const landed = users.map((user_id) => store.create(() => ({ team_id: 't', user_id }), null));
  return (await Promise.all(landed)).map(({ is }) => is);
}

describe.each(LOSSY)('members on %s', (version) => {
  it('who are added by two machines at once are all in', async () => {
    const { sandbox, there } = serverOf(version);
    const fetch = meetingAt('/team/member_add', sandbox);
    const ends = await Promise.all([add(fetch, ['a', 'b', 'c']), add(fetch, ['d', 'e', 'f'])]);
    expect(ends.flat()).toEqual(CREW.map(() => 'done'));
    expect(there()).toEqual(CREW);
  });

  it('who are taken out again by a request that was under way are added once more', async () => {
    const { sandbox, post, there } = serverOf(version);
    const end = (): unknown => post('/team/member_delete', { team_id: 't', user_id: 'a' });
    expect(await add(beside(sandbox, '/team/member_add', end), ['a', 'b'])).toEqual(['done', 'done']);
    expect(there()).toEqual(['a', 'b']);
  });

  it('who come back by a request that was under way are taken out once more', async () => {
    const { sandbox, post, there } = serverOf(version, CREW);
    const end = (): unknown => post('/team/member_add', { team_id: 't', member: { user_id: 'a', role: 'user' } });
    const store = memberStore(connect(beside(sandbox, '/team/member_delete', end)));
    const landed = await store.remove(idsOf(['a', 'b']));
    expect([...landed.values()].map(({ is }) => is)).toEqual(['done', 'done']);
    expect(there()).toEqual(CREW.slice(2));
  });
});

it.each([
  ['1.83.14', 1],
  ['1.110.2', 0],
] as const)('a server of %s is waited for so often: %i', async (version, times) => {
  const { sandbox } = serverOf(version);
  const waits: number[] = [];
  const connection = connect(sandboxFetch(sandbox), { sleep: async (milliseconds) => void waits.push(milliseconds) });
  await memberStore(connection).create(() => ({ team_id: 't', user_id: 'a' }), null);
  expect(waits.length).toBe(times);
});
