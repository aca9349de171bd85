import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { isObject, parseJson, type Json, type JsonObject } from '../../src/base/json.ts';
import { deleteKeys, generateKey, listKeys } from '../../src/litellm/keys.ts';
import { sendOnce, type Connection } from '../../src/litellm/http/request.ts';
import type { Live } from '../../src/model/model.ts';
import type { Secret } from '../../src/base/secret.ts';
import { makeHome, type Seen } from '../support/run.ts';
import { connectionTo, type Target } from './targets.ts';

/** What the server said: `ok`, or the `ProblemCode` of its refusal. */
export type Said = { readonly code: string; readonly status: number | null; readonly body: Json };

/** A user of the command line, with a folder and a keyring of their own. */
export type Person = {
  readonly folder: string;
  vkeys(argv: string | readonly string[], env?: Readonly<Record<string, string>>): Promise<Seen>;
  /** Runs a command with `-o json` and answers with what it printed; throws when it failed. */
  json(argv: string | readonly string[]): Promise<JsonObject>;
  /** Writes a spec (JSON is YAML) and answers with its file's name. */
  spec(set: string, keys: readonly JsonObject[], more?: JsonObject): string;
};

/** A place on the target for the tests of one `describe`: everything in it has aliases of its own, and goes away at the end. */
export type Ground = {
  readonly connection: Connection;
  /** The alias, or the set's name, for this run. */
  name(of: string): string;
  /** Creates a key past vkeys. */
  make(
    of: string,
    fields?: JsonObject,
  ): Promise<{ readonly alias: string; readonly secret: Secret; readonly id: string }>;
  /** The keys here. */
  keys(): Promise<readonly Live[]>;
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
  const ends: (() => unknown)[] = [];
  const keys = async (): Promise<readonly Live[]> =>
    (await listKeys(connection)).keys.filter(({ key_alias }) => key_alias?.startsWith(prefix) === true);
  const name = (of: string): string => `${prefix}-${of}`;
  afterAll(async () => {
    await deleteKeys(
      connection,
      (await keys()).map(({ key_id }) => key_id),
    );
    for (const end of ends.toReversed()) await end();
  });
  return {
    connection,
    name,
    keys,
    make: async (of, fields = {}) => {
      const alias = name(of);
      const secret = await generateKey(connection, { key_alias: alias, ...fields });
      return { alias, secret, id: secret.hash() };
    },
    key: async (alias) => {
      const { keys: found } = await listKeys(connection, alias);
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
      ...(body === undefined ? {} : { body }),
    });
    return { code: 'ok', status: 200, body: answer.body };
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    const { code, status } = error.details;
    return { code: String(code), status: typeof status === 'number' ? status : null, body: error.message };
  }
}

function makePerson(target: Target): Person {
  const home = makeHome({ now: target.now, wrap: () => target.fetch });
  const world = {
    sleep: (milliseconds: number) => delay(milliseconds),
    randomBytes,
  };
  const access = { LITELLM_BASE_URL: target.url, LITELLM_MASTER_KEY: target.masterKey };
  const vkeys: Person['vkeys'] = (argv, env = {}) => home.vkeys(argv, { ...world, env: { ...access, ...env } });
  return {
    folder: home.folder,
    vkeys,
    json: async (argv) => {
      const seen = await vkeys([...(typeof argv === 'string' ? argv.split(' ') : argv), '-o', 'json']);
      const value = parseJson(seen.stdout);
      if (seen.code !== 0 || !isObject(value)) throw new Error(`exit code ${String(seen.code)}: ${seen.stderr}`);
      return value;
    },
    spec: (set, keys, more = {}) => {
      const file = `${set}.yaml`;
      writeFileSync(join(home.folder, file), JSON.stringify({ version: 1, set, ...more, keys }));
      return file;
    },
  };
}
