import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll } from 'vitest';
import type { Json, JsonObject } from '../../src/base/json.ts';
import type { Store } from '../../src/apply/ports.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import { generateKey, updateKey } from '../../src/litellm/keys.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { sendOnce, type Connection } from '../../src/litellm/http/request.ts';
import { RequestError } from '../../src/litellm/http/request-error.ts';
import { EXACT } from '../../src/model/lifetime.ts';
import type { Live } from '../../src/model/resource.ts';
import type { Secret } from '../../src/base/secret.ts';
import { printedIn, errorIn } from '../support/printed.ts';
import { makeHome, type Seen } from '../support/run.ts';
import { objectsOf } from './read.ts';
import { connectionTo, type Target } from './targets.ts';

/** What the server said: `ok`, or the `ProblemCode` of its refusal. */
export type Said = { readonly code: string; readonly status: number | null; readonly body: Json };

/** `late`: how many of the requests took so long that an end, counted from when it arrives, may have to be corrected. */
export type Timed = Seen & { readonly late: number };

/** A user of the command line, with a folder and a keyring of their own. */
export type Person = {
  readonly folder: string;
  vkeys(argv: string | readonly string[], env?: Readonly<Record<string, string>>): Promise<Timed>;
  /** Runs a command with `-o json` and answers with what it printed; throws when it failed. */
  json(argv: string | readonly string[]): Promise<JsonObject>;
  /** The one key of what it printed. */
  one(argv: string | readonly string[]): Promise<JsonObject>;
  /** Writes a spec (JSON is YAML) and answers with its file's name. */
  spec(set: string, keys: readonly JsonObject[], more?: JsonObject): string;
};

/** A place on the target for the tests of one `describe`: everything in it has aliases of its own, and goes away at the end. */
export type Ground = {
  readonly connection: Connection;
  readonly store: Store<'key'>;
  /** The alias, or the set's name, for this run. */
  name(of: string): string;
  /** Creates a key past vkeys. */
  make(
    of: string,
    fields?: JsonObject,
  ): Promise<{ readonly alias: string; readonly secret: Secret; readonly id: string }>;
  /** Changes a key past vkeys. */
  readonly update: (id: string, fields: JsonObject) => Promise<Live>;
  /** The keys here. */
  keys(): Promise<readonly Live[]>;
  /** The keys with this alias. */
  named(alias: string): Promise<readonly Live[]>;
  /** The one key with this alias. */
  key(alias: string): Promise<Live>;
  /** Asks with the master key, or another. */
  ask(method: 'GET' | 'POST', path: string, body?: JsonObject, secret?: Secret): Promise<Said>;
  person(): Person;
  /** Runs at the end, after the keys are gone. */
  finally(end: () => Promise<unknown>): void;
};

export function makeGround(target: Target): Ground {
  const prefix = `vkc-${randomBytes(4).toString('hex')}`;
  const connection = connectionTo(target);
  const store = keyStore(connection);
  const ends: (() => unknown)[] = [];
  const keys = async (): Promise<readonly Live[]> =>
    (await store.survey({ ids: [], names: [], all: true })).lives.filter(
      ({ name: alias }) => alias?.startsWith(prefix) === true,
    );
  const named = async (alias: string): Promise<readonly Live[]> =>
    (await store.survey({ ids: [], names: [alias], all: false })).lives.filter((live) => live.name === alias);
  const name = (of: string): string => `${prefix}-${of}`;
  afterAll(async () => {
    await store.remove((await keys()).map(({ id }) => id));
    for (const end of ends.toReversed()) await end();
  });
  return {
    connection,
    store,
    name,
    keys,
    named,
    update: (id, fields) => updateKey(connection, id, () => fields),
    make: async (of, fields = {}) => {
      const alias = name(of);
      const secret = await generateKey(connection, () => ({ key_alias: alias, ...fields }));
      return { alias, secret, id: secret.hash() };
    },
    key: async (alias) => {
      const found = await named(alias);
      const [live] = found;
      if (live === undefined || found.length > 1) throw new Error(`${String(found.length)} keys are named ${alias}`);
      return live;
    },
    ask: (method, path, body, secret) => ask(connectionTo(target, secret), method, path, body),
    person: () => {
      const person = makePerson(target);
      ends.push(() => rmSync(person.folder, { recursive: true }));
      return person;
    },
    finally: (end) => void ends.push(end),
  };
}

async function ask(connection: Connection, method: 'GET' | 'POST', address: string, body?: JsonObject): Promise<Said> {
  const { pathname: path, searchParams } = new URL(address, connection.url);
  const query = Object.fromEntries(searchParams);
  try {
    const answer = await sendOnce(connection, {
      method,
      path,
      query,
      ...(body === undefined ? {} : { body: () => body }),
    });
    return { code: 'ok', status: 200, body: answer.body };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { code, status } = error;
    return { code: String(code), status, body: error.message };
  }
}

/** What a report asks when something was changed, once, however much that was: it is not counted. */
const VERSION = /\/(health\/readiness|public\/model_hub\/info)$/;

function makePerson(target: Target): Person {
  let late = 0;
  const fetch: Fetch = async (url, init) => {
    const sent = performance.now();
    const answer = await target.fetch(url, init);
    if (performance.now() - sent > EXACT / 2) late += 1;
    return answer;
  };
  const home = makeHome({ now: target.now, wrap: () => fetch });
  const world = {
    sleep: (milliseconds: number) => delay(milliseconds),
    randomBytes,
  };
  const access = { LITELLM_BASE_URL: target.url, LITELLM_MASTER_KEY: target.masterKey };
  const vkeys: Person['vkeys'] = async (argv, env = {}) => {
    late = 0;
    const seen = await home.vkeys(argv, { ...world, env: { ...access, ...env } });
    return { ...seen, late, requests: seen.requests.filter((request) => !VERSION.test(request)) };
  };
  const json: Person['json'] = async (argv) => {
    const seen = await vkeys([...(typeof argv === 'string' ? argv.split(' ') : argv), '-o', 'json']);
    if (seen.code !== 0) throw new Error(`exit code ${String(seen.code)}: ${JSON.stringify(errorIn(seen))}`);
    return printedIn(seen);
  };
  return {
    folder: home.folder,
    vkeys,
    json,
    one: async (argv) => {
      const [first, ...others] = objectsOf((await json(argv))['keys']);
      if (first === undefined || others.length > 0) throw new Error(`${String(others.length)} keys and one more`);
      return first;
    },
    spec: (set, keys, more = {}) => {
      const file = `${set}.yaml`;
      writeFileSync(join(home.folder, file), JSON.stringify({ version: 1, set, ...more, keys }));
      return file;
    },
  };
}
