/** A server in memory: a sandbox that takes its time. */
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { sandboxFetch } from '../../src/sandbox/port.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { makeClock, type Clock } from './clock.ts';
import { laggingSandbox } from './lag.ts';

export const MASTER_KEY = 'sk-sandbox-master';
export const NOW = new Date('2026-11-21T10:00:00.000Z');
/** Milliseconds that a request takes where a test does not say it: so many that what looks at an old time is seen. */
const TICK = 1000;

export type TestServer = {
  readonly sandbox: Sandbox;
  /** The server's, by which keys end. */
  readonly clock: Clock;
  /** The way to it. */
  readonly fetch: Fetch;
};

/** Servers of one test may share a `clock`. */
export type ServerOptions = Omit<SandboxOptions, 'now'> & {
  readonly clock?: Clock;
  /** Milliseconds that each request takes. */
  readonly tick?: number;
  /** Milliseconds by which reads lag behind writes. */
  readonly lag?: number;
};

export function makeServer(options: ServerOptions = {}): TestServer {
  const { clock = makeClock(NOW), tick = TICK, lag = 0, ...settings } = options;
  const prompt = createSandbox({ masterKey: MASTER_KEY, ...settings, now: clock.now });
  const sandbox = lag === 0 ? prompt : laggingSandbox(prompt, clock.now, lag);
  return { sandbox, clock, fetch: slowly(sandboxFetch(sandbox), clock, tick) };
}

/** The work is done when a request arrives, and the answer is dated when it leaves, as servers do. */
function slowly(fetch: Fetch, clock: Clock, tick: number): Fetch {
  return async (url, init) => {
    const answer = await fetch(url, init);
    await clock.sleep(tick);
    const date = clock.now().toUTCString();
    const get = (name: string): string | null => (name.toLowerCase() === 'date' ? date : answer.headers.get(name));
    return { ...answer, headers: { ...answer.headers, get } };
  };
}

/** Makes a team past vkeys. */
export async function makeTeam({ fetch }: Pick<TestServer, 'fetch'>, team_id: string): Promise<void> {
  await fetch('http://litellm.test/team/new', {
    method: 'POST',
    headers: { authorization: `Bearer ${MASTER_KEY}` },
    body: JSON.stringify({ team_id, team_alias: team_id }),
    redirect: 'manual',
    signal: new AbortController().signal,
  });
}
