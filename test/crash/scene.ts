/** A server with a proxy of faults before it, and people with folders of their own who apply one spec to it. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../src/base/json.ts';
import { runProgram } from '../../src/auth/run.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import { createTransport } from '../../src/litellm/http/transport.ts';
import type { Live } from '../../src/model/resource.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { serveSandbox } from '../../src/sandbox/serve.ts';
import { connectionTo } from '../contract/targets.ts';
import { serveFaults, type FaultyServer } from '../support/faults.ts';
import { laggingSandbox } from '../support/lag.ts';
import type { Upstream } from '../support/spoil.ts';
import { start, type Ended, type Running } from '../support/process.ts';
import { makeHome, MASTER_KEY } from '../support/run.ts';
import { groupIn, removeGroup, type Group } from './group.ts';

export type Server = { readonly url: string; readonly masterKey: string };

/** Somebody at a machine: a keyring, deliveries and `spec.yaml`. */
export type Person = {
  readonly folder: string;
  /** What the program needs to find server and keyring. */
  readonly env: Readonly<Record<string, string>>;
  readonly stderr: () => string;
  /**
   * Writes the spec: `members` of a crew and a key of its own, delivered in three ways, with these fields for all; in
   * two sets, the own key is in a second document of the file.
   */
  wants(members: number, fields?: JsonObject, sets?: 1 | 2, more?: More): void;
  /** Runs the built program. */
  start(...argv: readonly string[]): Running;
  /** Runs the same program here, through the same proxy and without its pauses: what is not to be killed needs no process. */
  vkeys(...argv: readonly string[]): Promise<Ended>;
  /** From here on this machine's clock is so many milliseconds ahead, and it calls the server by this address. */
  move(to: { readonly ahead?: number; readonly url?: string }): void;
};

/** `beside`: another alias beside the own key; `out`: the folder of the deliveries; `group`: whose team the crew's keys are in. */
export type More = { readonly beside?: string; readonly out?: string; readonly group?: Group | undefined };

export type Scene = {
  readonly faults: FaultyServer;
  /** The server behind the faults. */
  readonly server: Server;
  readonly set: string;
  readonly masterKey: string;
  /** The aliases that a spec for so many members names. */
  aliases(members: number): readonly string[];
  /** `folder`: of somebody who shares it. */
  person(folder?: string): Person;
  /** The keys of this scene. */
  keys(): Promise<readonly Live[]>;
  /** The server's time. */
  now(): Date;
  /** Lets time pass on all clocks but those of processes. */
  pass(milliseconds: number): void;
  /** Another server, which has nothing, that the address of the first leads to until it is called home. */
  away(): Promise<Server & { home(): void }>;
};

/** A sandbox, and by how many milliseconds what is read through the faults lags behind what was written. */
export type Stage = Partial<SandboxOptions> & { readonly lag?: number };

/** Plays `act` against a sandbox, or the given server; afterwards nothing is left of it. */
export async function play<T>(act: (scene: Scene) => Promise<T>, on: Server | Stage = {}): Promise<T> {
  let passed = 0;
  const ends: (() => unknown)[] = [];
  const now = (): Date => new Date(Date.now() + passed);
  const { server, front } = 'url' in on ? { server: on, front: on.url } : await serve(on);
  const set = `vkx-${randomBytes(4).toString('hex')}`;
  const store = keyStore(connectionTo({ ...server, fetch: globalThis.fetch, now: () => new Date() }));
  const keys = async (): Promise<readonly Live[]> =>
    (await store.survey({ ids: [], names: [], all: true })).lives.filter(
      ({ name }) => name?.startsWith(`${set}-`) === true,
    );
  const faults = await serveFaults(front);
  ends.push(() => faults.close());

  /* What looks at the server past the program sees it as it is; only the program reads late. */
  async function serve({ lag = 0, ...options }: Stage): Promise<{ readonly server: Server; readonly front: Upstream }> {
    const sandbox = createSandbox({ now, masterKey: MASTER_KEY, ...options });
    const running = await serveSandbox(sandbox, 0);
    ends.push(() => running.close());
    return {
      server: { url: running.url, masterKey: MASTER_KEY },
      front: lag === 0 ? sandbox : laggingSandbox(sandbox, options.now ?? now, lag),
    };
  }

  const pass = (milliseconds: number): void => {
    passed += milliseconds;
  };

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
        return makePerson({ folder, set, faults, now, pass }, server.masterKey);
      },
      keys,
      now,
      pass,
      away: async () => {
        const other = await serve({});
        faults.leadTo(other.front);
        return { ...other.server, home: () => faults.leadTo(front) };
      },
    });
  } finally {
    if ('url' in on) await store.remove((await keys()).map(({ id }) => id));
    if ('url' in on) await removeGroup(server, set);
    for (const end of ends.toReversed()) await end();
  }
}

type Machine = {
  readonly folder: string;
  readonly set: string;
  readonly faults: FaultyServer;
  readonly now: () => Date;
  readonly pass: (milliseconds: number) => void;
};

function makePerson({ folder, set, faults, now, pass }: Machine, masterKey: string): Person {
  let ahead = 0;
  const env = {
    PATH: process.env['PATH'] ?? '',
    LITELLM_BASE_URL: faults.url,
    LITELLM_MASTER_KEY: masterKey,
    XDG_STATE_HOME: join(folder, 'state'),
    HOME: folder,
  };
  const home = makeHome({ folder, seed: randomUUID(), now: () => new Date(now().getTime() + ahead) });
  /* Pauses at the same time pass together. */
  const sleep = async (milliseconds: number): Promise<void> => {
    const until = now().getTime() + milliseconds;
    await faults.elapse(milliseconds);
    pass(Math.max(0, until - now().getTime()));
  };
  const heard: string[] = [];
  const hear = async (ending: Promise<Ended>): Promise<Ended> => {
    heard.push((await ending).stderr);
    return ending;
  };
  return {
    folder,
    env,
    stderr: () => heard.join(''),
    wants: (members, fields = {}, sets = 1, { beside, out = 'out', group } = {}) => {
      const defaults = { models: ['gpt-4o-mini'], duration: '1h', max_budget: 5, ...fields };
      const within = group === undefined ? {} : { team: `${set}-lab` };
      const people = group === undefined ? {} : groupIn(set, group);
      const solo = { key_alias: `${set}-solo` };
      const crew = { key_alias: `${set}-crew`, roster: { count: members }, ...within };
      const deliver = deliveriesBelow(out);
      writeFileSync(join(folder, 'mail.txt'), MAIL, { mode: 0o600 });
      const others = beside === undefined ? [] : [{ key_alias: beside }];
      const documentOf = (name: string, keys: readonly JsonObject[], more: JsonObject = {}): string =>
        JSON.stringify({ version: 1, set: name, defaults, keys: members === 0 ? [] : keys, deliver, ...more });
      const documents =
        sets === 1
          ? [documentOf(set, [solo, crew, ...others], people)]
          : [documentOf(set, [crew], people), documentOf(`${set}-side`, [solo, ...others])];
      writeFileSync(join(folder, 'spec.yaml'), documents.join('\n---\n'), { mode: 0o600 });
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
          folders: { state: join(folder, 'state', 'vkeys'), config: join(folder, 'config'), home: folder },
          self: { pid: process.pid, host: hostname(), command: '' },
          isAlive,
          sleep,
          transport: createTransport,
          run: runProgram,
        }),
      ),
    move: (to) => {
      ahead = to.ahead ?? ahead;
      env.LITELLM_BASE_URL = to.url ?? env.LITELLM_BASE_URL;
    },
  };
}

/** The line of a hand-out in words, and whose it is. */
const MAIL = '{key_alias} has the key {key}\n';
/**
 * A store of a program's own: a folder with a file for each name. What is put is there at once or not at all. It does by itself
 * what a shell can: many a test starts it hundreds of times.
 */
const STORE = {
  put: 'umask 077; [ -d "$1" ] || mkdir -p "$1"; read -r key; printf %s "$key" > "$1/.$2" && mv "$1/.$2" "$1/$2"',
  check: 'read -r key < "$1/$2" || [ -n "$key" ] && printf %s "$key"',
  remove: 'rm -f "$1/$2"',
};

/** Files of each kind, and a program. */
function deliveriesBelow(out: string): readonly JsonObject[] {
  const store = `${out}/store`;
  const sh = (script: string): readonly string[] => ['sh', '-c', script, 'sh', store, '{key_alias}'];
  return [
    { dotenv: `${out}/{key_alias}.env` },
    { json: `${out}/keys.json` },
    { csv: `${out}/keys.csv` },
    { text: { path: `${out}/mail/{key_alias}.txt`, template: 'mail.txt' } },
    { command: { run: sh(STORE.put), check: sh(STORE.check), remove: sh(STORE.remove) } },
  ];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
