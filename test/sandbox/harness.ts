import { isObject, type Json, type JsonObject, parseJson } from '../../src/base/json.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';

export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
};

/** A sandbox at a clock that the test moves, with short ways to ask it. */
export type Bench = {
  readonly sandbox: Sandbox;
  readonly get: (path: string, key?: string) => Reply;
  readonly post: (path: string, body: Json, key?: string) => Reply;
  /** Creates a key and answers its secret and hash. */
  readonly make: (fields: JsonObject) => { readonly secret: string; readonly hash: string };
  readonly info: (hash: string) => JsonObject;
  readonly pass: (seconds: number) => void;
};

/** Starts on Saturday 2026-11-21 at 10:09:57. */
export function bench(options: Omit<SandboxOptions, 'now'> = {}): Bench {
  let clock = Date.parse('2026-11-21T10:09:57.000Z');
  const sandbox = createSandbox({ ...options, now: () => new Date(clock) });
  const ask = (method: string, path: string, body: string, key = 'sk-sandbox'): Reply => {
    const response = sandbox.handle({ method, path, headers: { authorization: `Bearer ${key}` }, body });
    return { ...response, body: objectOf(parseJson(response.body)) };
  };
  const post = (path: string, body: Json, key?: string): Reply => ask('POST', path, JSON.stringify(body), key);
  const get = (path: string, key?: string): Reply => ask('GET', path, '', key);
  return {
    sandbox,
    get,
    post,
    make: (fields) => {
      const { body } = post('/key/generate', fields);
      return { secret: textOf(body.key), hash: textOf(body.token_id) };
    },
    info: (hash) => objectOf(get(`/key/info?key=${hash}`).body.info),
    pass: (seconds) => {
      clock += seconds * 1000;
    },
  };
}

/** The envelope of an error. */
export function errorOf({ body }: Reply): JsonObject {
  return objectOf(body.error);
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
