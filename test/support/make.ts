/** Small values for tests of `reconcile`, `keyring` and `litellm`: say what matters, the rest is plain. */
import { createHash } from 'node:crypto';
import { VkeysError } from '../../src/base/errors.ts';
import { readJournal, replay, writeLine } from '../../src/secrets/journal.ts';
import { memoryKeyring } from '../../src/secrets/memory.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { startPace } from '../../src/litellm/http/pace.ts';
import type { Connection } from '../../src/litellm/http/request.ts';
import { serverOn } from '../../src/litellm/key-store.ts';
import { applyPlan, type Applied } from '../../src/apply/levels.ts';
import { FIELD_NAMES } from '../../src/kinds/key.ts';
import type { Change, Desired, Live, Plan, Snapshot } from '../../src/model/model.ts';
import { makePlan, type PlanOptions } from '../../src/plan/make.ts';
import type { ApplyPorts, Deliverer, Keyring, Line } from '../../src/apply/ports.ts';
import { forsakenOf, settle } from '../../src/apply/settle.ts';
import { sandboxFetch } from '../../src/sandbox/port.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { Secret } from '../../src/base/secret.ts';

export const NOW = new Date('2026-11-21T10:00:00.000Z');
export const SET = 'ws';
export const PLAIN: PlanOptions = { adopt: false, prune: false, only: () => true };
export const never: AbortSignal = new AbortController().signal;

/** A moment so many seconds after `NOW`, in RFC 3339. */
export function after(seconds: number): string {
  return new Date(NOW.getTime() + seconds * 1000).toISOString();
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function secretFor(name: string): Secret {
  return new Secret(`sk-${name.padEnd(20, '-')}`);
}

export function desired(fields: Partial<Desired> = {}): Desired {
  return {
    key_alias: 'a',
    state: 'present',
    user: null,
    settings: {},
    metadata: {},
    on_expired: 'report',
    extra: {},
    placeholders: {},
    origin: null,
    ...fields,
  };
}

/** A key of the set `ws`, made at `NOW`, that never ends; its hash is its alias's. */
export function live(fields: Partial<Live> = {}): Live {
  const key_alias = fields.key_alias === undefined ? 'a' : fields.key_alias;
  const mark = fields.mark === undefined ? { set: SET } : fields.mark;
  return {
    key_id: hashOf(key_alias ?? ''),
    key_alias,
    key_name: null,
    settings: {},
    metadata: mark === null ? {} : { vkeys: mark },
    mark,
    created_at: NOW.toISOString(),
    expires: null,
    budget_reset_at: null,
    spend: 0,
    ...fields,
  };
}

/** Of a server whose rows have every field. */
export function snapshot(keys: readonly Live[] = [], fields: Partial<Snapshot> = {}): Snapshot {
  return { keys, now: NOW, complete: true, listed: new Set(FIELD_NAMES), ...fields };
}

export function plan(changes: readonly Change[], fields: Partial<Plan> = {}): Plan {
  return { set: SET, state: 'present', changes, notices: [], refusals: [], ...fields };
}

/** A connection that sends through `fetch`, waits for nothing and refuses credentials in plain words. */
export function connect(fetch: Fetch, changes: Partial<Connection> = {}): Connection {
  return {
    url: 'http://litellm.test',
    fetch,
    secret: new Secret('sk-sandbox'),
    keyHeader: 'Authorization',
    headers: {},
    timeout: 1000,
    signal: new AbortController().signal,
    stop: never,
    now: () => NOW,
    random: () => 0,
    sleep: () => Promise.resolve(),
    pace: startPace({ most: 8, now: () => NOW.getTime(), sleep: () => Promise.resolve() }),
    waiting: () => undefined,
    trace: () => undefined,
    refused: ({ message }) => new VkeysError('auth', message, 'Look at the credential.'),
    ...changes,
  };
}

/** What a test's server answers with. */
export function answer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): ReturnType<Fetch> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return Promise.resolve({
    status,
    headers: { get: (name) => headers[name] ?? null, getSetCookie: () => [] },
    text: () => Promise.resolve(text),
  });
}

/** A keyring's file, in memory: what of a run outlives it. */
export type Disk = { text: string };

export function keyringOn(disk: Disk): Keyring {
  const { lines, whole } = readJournal(disk.text);
  const known: Line[] = [...lines];
  disk.text = Buffer.from(disk.text).subarray(0, whole).toString();
  return {
    state: () => replay(known),
    record: (added) => {
      disk.text += added.map(writeLine).join('');
      known.push(...added);
      return Promise.resolve();
    },
  };
}

/** Hand-outs by alias. */
export type Shelf = Map<string, Secret>;

export function delivererTo(shelf: Shelf): Deliverer {
  return {
    deliver: (known) => {
      for (const { desired: wanted, secret } of known) shelf.set(wanted.key_alias, secret);
      return Promise.resolve(new Map());
    },
    withdraw: (gone) => {
      for (const { key_alias } of gone) shelf.delete(key_alias);
      return Promise.resolve(new Set<string>());
    },
  };
}

const nowhere: Deliverer = delivererTo(new Map());

let minted = 0;

/** A secret that no other call has. */
export function mint(): Secret {
  minted += 1;
  return secretFor(`minted-${String(minted)}-`);
}

function ports(changes: Partial<ApplyPorts> & Pick<ApplyPorts, 'server'>): ApplyPorts {
  return {
    keyring: memoryKeyring(),
    deliverer: nowhere,
    mint,
    now: () => NOW,
    concurrency: 8,
    turn: (work) => work(),
    stop: never,
    progress: () => undefined,
    ...changes,
  };
}

/** A sandbox with a clock that the test moves, and everything that one user of it has. */
export type Site = {
  readonly sandbox: Sandbox;
  readonly fetch: Fetch;
  readonly disk: Disk;
  readonly shelf: Shelf;
  pass(seconds: number): void;
  readonly now: () => Date;
  /** All keys, past everything that is tested. */
  keys(): Promise<readonly Live[]>;
  /** Creates a key past vkeys. */
  make(body: Readonly<Record<string, unknown>>): Promise<string>;
  /** Deletes the keys of an alias past vkeys. */
  remove(key_alias: string): Promise<void>;
  /** What `vkeys apply` does: list, settle, plan, apply. */
  apply(wanted: readonly Desired[], how?: Partial<How>): Promise<Applied & { readonly plan: Plan }>;
};

export type How = PlanOptions & ApplyPorts & { readonly connection: Partial<Connection> };

export function makeSite(options: Omit<SandboxOptions, 'now'> = {}): Site {
  let clock = NOW.getTime();
  const now = (): Date => new Date(clock);
  const sandbox = createSandbox({ ...options, now });
  const fetch = sandboxFetch(sandbox);
  const disk: Disk = { text: '' };
  const shelf: Shelf = new Map();
  const direct = serverOn(connect(fetch, { now }));
  return {
    sandbox,
    fetch,
    disk,
    shelf,
    now,
    pass: (seconds) => {
      clock += seconds * 1000;
    },
    keys: async () => (await direct.list()).keys,
    remove: async (key_alias) => {
      const { keys } = await direct.list();
      await direct.delete(keys.filter((key) => key.key_alias === key_alias).map(({ key_id }) => key_id));
    },
    make: async (body) => (await direct.createMinted(JSON.parse(JSON.stringify(body)))).hash(),
    apply: async (wanted, { connection, ...how } = {}) => {
      const server = how.server ?? serverOn(connect(fetch, { now, ...connection }));
      const keyring = how.keyring ?? keyringOn(disk);
      const listed = await settle(SET, await server.list(), server, keyring);
      const made = makePlan({ set: SET, state: 'present', desired: wanted }, listed.snapshot, sandbox.version, {
        ...PLAIN,
        ...how,
      });
      const gone = forsakenOf(wanted, listed.snapshot, keyring.state());
      const all = ports({ deliverer: delivererTo(shelf), now, ...how, server, keyring });
      return { plan: made, ...(await applyPlan(made, listed.snapshot, sandbox.version, gone, all)) };
    },
  };
}
