/**
 * Reads that lag behind writes, as from a replica of the database: keys, teams, users and budgets are listed and told as they
 * were some time ago, everything else is done and answered at once.
 */
import type { Fetch, HttpInit, HttpResponse } from '../../src/litellm/http/fetch.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

const READS: ReadonlySet<string> = new Set([
  '/key/list',
  '/key/info',
  '/v2/key/info',
  '/team/list',
  '/v2/team/list',
  '/team/info',
  '/user/list',
  '/user/info',
  '/v2/user/info',
  '/budget/list',
  '/budget/info',
]);

/** A sandbox whose reads lag so many milliseconds. */
export function laggingSandbox(sandbox: Sandbox, now: () => Date, lag: number): Sandbox {
  const past = makePast<Sandbox['handle']>(now, lag);
  const handle: Sandbox['handle'] = (request) => {
    if (READS.has(request.path.replace(/\?.*/s, ''))) return (past.now() ?? sandbox.handle)(request);
    if (request.method === 'POST') past.ends(sandbox.freeze());
    return sandbox.handle(request);
  };
  return { ...sandbox, handle };
}

/**
 * The same before a real server, as far as answers can be remembered: before each write, all that was read before is
 * read once more. What nobody has asked for yet is answered as it is.
 */
export function laggingFetch(fetch: Fetch, now: () => Date, lag: number): Fetch {
  const past = makePast<Promise<ReadonlyMap<string, HttpResponse>>>(now, lag);
  const asked = new Map<string, readonly [url: string, init: HttpInit]>();
  const readAll = async (): Promise<ReadonlyMap<string, HttpResponse>> =>
    new Map(
      await Promise.all(
        [...asked].map(async ([name, [url, init]]) => [name, await remembered(await fetch(url, init))] as const),
      ),
    );
  return async (url, init) => {
    const name = `${init.method} ${url} ${init.body ?? ''}`;
    if (READS.has(new URL(url).pathname)) {
      asked.set(name, [url, { ...init, signal: new AbortController().signal }]);
      return (await past.now())?.get(name) ?? fetch(url, init);
    }
    if (init.method === 'POST') {
      const before = readAll();
      past.ends(before);
      await before;
    }
    return fetch(url, init);
  };
}

/** An answer that can be read more than once. */
async function remembered(answer: HttpResponse): Promise<HttpResponse> {
  const text = await answer.text();
  return { ...answer, text: () => Promise.resolve(text) };
}

/** States that have ended, each with a write. */
type Past<State> = {
  /** A write ends this state. */
  ends(state: State): void;
  /** The state that a reader sees now; `null` where it has not ended. */
  now(): State | null;
};

function makePast<State>(now: () => Date, lag: number): Past<State> {
  let ended: readonly { readonly at: number; readonly state: State }[] = [];
  const time = (): number => now().getTime();
  return {
    ends: (state) => {
      ended = [...ended.filter(({ at }) => at > time() - lag), { at: time(), state }];
    },
    now: () => ended.find(({ at }) => at > time() - lag)?.state ?? null,
  };
}
