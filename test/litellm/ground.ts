/** A sandbox of one version, the way to it, and what is asked of it. */
import { startClock } from '../../src/base/clock.ts';
import { VkeysError } from '../../src/base/errors.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../../src/base/json.ts';
import { Secret } from '../../src/base/secret.ts';
import type { Fetch, HttpInit } from '../../src/litellm/http/fetch.ts';
import { startPace } from '../../src/litellm/http/pace.ts';
import type { Connection } from '../../src/litellm/http/request.ts';
import { sandboxFetch } from '../../src/sandbox/port.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import type { SandboxVersion } from '../../src/sandbox/versions.ts';

export const MASTER_KEY = 'sk-sandbox';
const START = Date.parse('2026-11-21T10:00:00.000Z');

export type Ground = {
  readonly fetch: Fetch;
  readonly connection: Connection;
  /** `GET /key/list?page=1…` of every request since the last `forget`, in order. */
  readonly asked: readonly string[];
  readonly forget: () => void;
  /** Makes a key with this secret; answers with its hash. */
  readonly make: (fields: JsonObject, secret?: string) => Promise<string>;
  /** Lets this happen before a request, or instead of it. */
  readonly meddle: (meddler: Meddler | null) => void;
};

/** `url` and `init` of a request, and the honest way; `undefined` lets it pass. */
export type Meddler = (url: URL, init: HttpInit, honest: Fetch) => ReturnType<Fetch> | undefined;

let number = 0;

export function makeGround(version: SandboxVersion): Ground {
  let clock = START;
  const now = (): Date => new Date(clock);
  const honest = sandboxFetch(createSandbox({ version, now, masterKey: MASTER_KEY }));
  const asked: string[] = [];
  let meddler: Meddler | null = null;
  const fetch: Fetch = async (url, init) => {
    const address = new URL(url);
    asked.push(`${init.method} ${address.pathname}${address.search}`);
    return meddler?.(address, init, honest) ?? honest(url, init);
  };
  return {
    fetch,
    connection: connectionTo('http://litellm.test', MASTER_KEY, fetch, now),
    asked,
    forget: () => asked.splice(0),
    make: async (fields, secret = newSecret()) => {
      clock += 1;
      const body = JSON.stringify({ ...fields, key: secret });
      const made = await honest('http://litellm.test/key/generate', request('POST', body));
      if (made.status !== 200) throw new Error(await made.text());
      return new Secret(secret).hash();
    },
    meddle: (next) => {
      meddler = next;
    },
  };
}

export function newSecret(): string {
  number += 1;
  return `sk-${'x'.repeat(20)}${number.toString(36).padStart(4, '0')}`;
}

export function request(method: string, body?: string): HttpInit {
  return {
    method,
    headers: { authorization: `Bearer ${MASTER_KEY}` },
    signal: new AbortController().signal,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  };
}

/** An answer. */
export function answer(status: number, body: string | Json): Awaited<ReturnType<Fetch>> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { get: () => null, getSetCookie: () => [] }, text: () => Promise.resolve(text) };
}

/** The honest answer with its body changed. */
export async function changed(
  honest: ReturnType<Fetch>,
  change: (body: JsonObject) => Json | Promise<Json>,
): ReturnType<Fetch> {
  const response = await honest;
  const body = parseJson(await response.text());
  const other = JSON.stringify(await change(isObject(body) ? body : {}));
  return { ...response, text: () => Promise.resolve(other) };
}

export function connectionTo(url: string, masterKey: string, fetch: Fetch, now: () => Date): Connection {
  return {
    url,
    fetch,
    secret: new Secret(masterKey),
    keyHeader: 'Authorization',
    headers: {},
    timeout: 60_000,
    signal: new AbortController().signal,
    stop: new AbortController().signal,
    now,
    clock: startClock(now),
    random: () => 0.5,
    sleep: () => Promise.resolve(),
    pace: startPace({ most: 32, now: () => now().getTime(), sleep: () => Promise.resolve() }),
    waiting: () => undefined,
    trace: () => undefined,
    refused: ({ message }) => new VkeysError('auth', message, 'Use another key.'),
  };
}
