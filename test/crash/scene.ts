/** A server with a proxy of faults before it, and people with folders of their own who apply one spec to it. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../src/base/json.ts';
import { deleteKeys, listKeys } from '../../src/litellm/keys.ts';
import { createTransport } from '../../src/litellm/http/transport.ts';
import type { Live } from '../../src/model/model.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { serveSandbox } from '../../src/sandbox/serve.ts';
import { connectionTo } from '../contract/targets.ts';
import { serveFaults, type FaultyServer } from '../support/faults.ts';
import { start, type Ended, type Running } from '../support/process.ts';
import { makeHome, MASTER_KEY } from '../support/run.ts';

export type Server = { readonly url: string; readonly masterKey: string };

/** Somebody at a machine: a keyring, deliveries and `spec.yaml`. */
export type Person = {
  readonly folder: string;
  /** What the program needs to find server and keyring. */
  readonly env: Readonly<Record<string, string>>;
  readonly stderr: () => string;
  /** Writes the spec: `members` of a crew and a key of its own, delivered in three ways, with these fields for all. */
  wants(members: number, fields?: JsonObject): void;
  /** Runs the built program. */
  start(...argv: readonly string[]): Running;
  /** Runs the same program here, through the same proxy and without its pauses: what is not to be killed needs no process. */
  vkeys(...argv: readonly string[]): Promise<Ended>;
};

export type Scene = {
  readonly faults: FaultyServer;
  /** The server behind the faults. */
  readonly server: Server;
  readonly set: string;
  readonly masterKey: string;
  /** The aliases that a spec for so many members names. */
  aliases(members: number): readonly string[];
  person(folder?: string): Person;
  /** The keys of this scene. */
  keys(): Promise<readonly Live[]>;
  /** Lets time pass on the sandbox's clock. */
  pass(milliseconds: number): void;
};

/** Plays `act` against a sandbox, or the given server; afterwards nothing is left of it. */
export async function play<T>(
  act: (scene: Scene) => Promise<T>,
  on: Server | Partial<SandboxOptions> = {},
): Promise<T> {
  let passed = 0;
  const ends: (() => unknown)[] = [];
  const server = 'url' in on ? on : await serve(on);
  const set = `vkx-${randomBytes(4).toString('hex')}`;
  const connection = connectionTo({ ...server, fetch: globalThis.fetch, now: () => new Date() });
  const keys = async (): Promise<readonly Live[]> =>
    (await listKeys(connection)).keys.filter(({ key_alias }) => key_alias?.startsWith(`${set}-`) === true);
  const faults = await serveFaults(server.url);
  ends.push(() => faults.close());

  async function serve(options: Partial<SandboxOptions>): Promise<Server> {
    const now = (): Date => new Date(Date.now() + passed);
    const running = await serveSandbox(createSandbox({ now, masterKey: MASTER_KEY, ...options }), 0);
    ends.push(() => running.close());
    return { url: running.url, masterKey: MASTER_KEY };
  }

  try {
    return await act({
      faults,
      server,
      set,
      masterKey: server.masterKey,
      aliases: (members) => [
        ...Array.from({ length: members }, (_, index) => `${set}-crew-user${String(index + 1)}`),
        `${set}-solo`,
      ],
      person: (folder = mkdtempSync(join(tmpdir(), 'vkeys-crash-'))) => {
        ends.push(() => rmSync(folder, { recursive: true, force: true }));
        return makePerson(folder, set, faults, server.masterKey);
      },
      keys,
      pass: (milliseconds) => {
        passed += milliseconds;
      },
    });
  } finally {
    if ('url' in on)
      await deleteKeys(
        connection,
        (await keys()).map(({ key_id }) => key_id),
      );
    for (const end of ends.toReversed()) await end();
  }
}

function makePerson(folder: string, set: string, faults: FaultyServer, masterKey: string): Person {
  const env = {
    LITELLM_BASE_URL: faults.url,
    LITELLM_MASTER_KEY: masterKey,
    XDG_STATE_HOME: join(folder, 'state'),
    HOME: folder,
  };
  const home = makeHome({ folder, seed: folder, now: () => new Date() });
  const heard: string[] = [];
  const hear = async (ending: Promise<Ended>): Promise<Ended> => {
    heard.push((await ending).stderr);
    return ending;
  };
  return {
    folder,
    env,
    stderr: () => heard.join(''),
    wants: (members, fields = {}) => {
      const defaults = { models: ['gpt-4o-mini'], duration: '1h', max_budget: 5, ...fields };
      const keys = [{ key_alias: `${set}-solo` }, { key_alias: `${set}-crew`, roster: { count: members } }];
      const deliver = [{ dotenv: 'out/{key_alias}.env' }, { json: 'out/keys.json' }, { csv: 'out/keys.csv' }];
      const spec = { version: 1, set, defaults, keys: members === 0 ? [] : keys, deliver };
      writeFileSync(join(folder, 'spec.yaml'), JSON.stringify(spec), { mode: 0o600 });
    },
    start: (...argv) => {
      const running = start(argv, { cwd: folder, env });
      void hear(running.ended);
      return running;
    },
    vkeys: (...argv) =>
      hear(
        home.vkeys(argv, {
          env,
          folders: { state: join(folder, 'state', 'vkeys'), config: join(folder, 'config') },
          self: { pid: process.pid, host: hostname() },
          isAlive,
          sleep: (milliseconds) => faults.elapse(milliseconds),
          transport: createTransport,
        }),
      ),
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
