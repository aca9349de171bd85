/** Small values for tests of `plan`, `apply`, `secrets` and `litellm`: say what matters, the rest is plain. */
import { createHash } from 'node:crypto';
import { applyAll, type Applied } from '../../src/apply/levels.ts';
import { storeOf, type ApplyPorts, type Deliverer, type Known, type Work } from '../../src/apply/ports.ts';
import { startClock } from '../../src/base/clock.ts';
import { VkeysError } from '../../src/base/errors.ts';
import { Secret } from '../../src/base/secret.ts';
import { FIELD_NAMES, KEY } from '../../src/kinds/key.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { startPace } from '../../src/litellm/http/pace.ts';
import type { Connection } from '../../src/litellm/http/request.ts';
import { whyUnknown } from '../../src/litellm/key-state.ts';
import { WHOLE } from '../../src/run/survey.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import type { JsonObject } from '../../src/base/json.ts';
import type { Change } from '../../src/model/change.ts';
import type { Keyring, KeyringState, Line } from '../../src/model/keyring.ts';
import type { Kinds } from '../../src/model/kind.ts';
import type { Landed } from '../../src/model/landed.ts';
import type { Place } from '../../src/model/place.ts';
import type { Plan } from '../../src/model/plan.ts';
import { unmanaged, type Desired, type Live, type Mark } from '../../src/model/resource.ts';
import type { Survey } from '../../src/model/survey.ts';
import { makePlan, type PlanChoices } from '../../src/plan/make.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { readJournal, replay } from '../../src/secrets/journal.ts';
import { writeLine } from '../../src/secrets/line.ts';
import { ahead as aheadOf } from './clock.ts';
import { makeServer, NOW, type ServerOptions } from './server.ts';

export { NOW } from './server.ts';

export const KINDS: Kinds = new Map([['key', KEY]]);

export const SET = 'ws';
export const MARK = { set: SET, name: 'a' };
export const PLAIN: PlanChoices = { adopt: false, prune: false, only: () => true, cascade: false };
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

/** `name` is the key's. */
export function desired({ name = 'a', ...fields }: Partial<Desired> & { readonly name?: string } = {}): Desired {
  return unmanaged({ kind: 'key', name }, fields);
}

/** A key of the set `ws`, made at `NOW`, that never ends; its id is its name's hash. */
export function live(fields: Partial<Live> = {}): Live {
  const name = fields.name === undefined ? 'a' : fields.name;
  const mark: Mark | null = fields.mark === undefined ? { set: SET, name } : fields.mark;
  return {
    kind: 'key',
    id: hashOf(name ?? ''),
    name,
    key_name: null,
    settings: {},
    metadata: mark === null ? {} : { vkeys: mark },
    mark,
    created_at: NOW.toISOString(),
    expires: null,
    budget_reset_at: null,
    extra: {},
    spend: 0,
    ...fields,
  };
}

/** Of a server whose rows have every field. */
export function survey(lives: readonly Live[] = [], fields: Partial<Survey> = {}): Survey {
  const listed = new Set<string>(FIELD_NAMES);
  return { kind: 'key', lives, now: NOW, complete: true, listed, isShort: false, sandbox: null, gaps: [], ...fields };
}

export const NOTHING: KeyringState = {
  entries: new Map(),
  asked: new Map(),
  things: new Map(),
  codes: new Map(),
  rotations: new Map(),
  sandbox: null,
};

export function plan(changes: readonly Change[], fields: Partial<Plan> = {}): Plan {
  const nothing = { rewrites: [], retractions: [], withdrawals: [], notices: [], refusals: [] };
  return { set: SET, state: 'present', changes, ...nothing, ...fields };
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
    clock: startClock(changes.now ?? (() => NOW)),
    random: () => 0,
    sleep: () => Promise.resolve(),
    pace: startPace({ most: 8, now: () => NOW.getTime(), sleep: () => Promise.resolve() }),
    waiting: () => undefined,
    trace: () => undefined,
    refused: ({ message }) => new VkeysError('auth', message, 'Look at the credential.'),
    ...changes,
  };
}

/** What a change that was done answers with. */
export function expectDone<T>(landed: Landed<T>): T {
  if (landed.is !== 'done') throw landed.error;
  return landed.value;
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
  const known = lines.filter((line): line is Line => !('sealed' in line));
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

function placesOf(known: readonly Known[]): ReadonlyMap<string, readonly Place[]> {
  return new Map(known.map(({ desired: wanted, live: { id } }) => [id, [{ sink: 'shelf', path: wanted.ref.name }]]));
}

export function delivererTo(shelf: Shelf): Deliverer {
  return {
    check: () => Promise.resolve({ refusals: [], notices: [] }),
    stale: () => Promise.resolve({ put: [], remove: [], unknown: [], unheld: [] }),
    withdraw: () => Promise.resolve({ failed: new Map(), written: [] }),
    look: () => Promise.resolve(new Map()),
    places: (known) => Promise.resolve(placesOf(known)),
    put: (known) => {
      for (const { desired: wanted, secret } of known) {
        for (const [name, other] of shelf) if (other.hash() === secret.hash()) shelf.delete(name);
        shelf.set(wanted.ref.name, secret);
      }
      return Promise.resolve({
        placed: placesOf(known),
        others: new Map(),
        failed: new Map(),
        written: [],
        withdrawn: [],
      });
    },
    remove: (gone) => {
      const ids = new Set(gone.map(({ key_id }) => key_id));
      for (const [name, secret] of shelf) if (ids.has(secret.hash())) shelf.delete(name);
      const removed = new Map(gone.map(({ key_id, places }) => [key_id, places]));
      return Promise.resolve({ removed, elsewhere: [], failed: new Map(), written: [] });
    },
  };
}

let minted = 0;

/** A secret that no other call has. */
export function mint(): Secret {
  minted += 1;
  return secretFor(`minted-${String(minted)}-`);
}

/** What apply needs, with a plain answer to everything but the server. */
export function ports(changes: Partial<ApplyPorts> & Pick<ApplyPorts, 'stores' | 'surveys'>): ApplyPorts {
  return {
    kinds: KINDS,
    version: null,
    mint,
    works: () => Promise.resolve(null),
    whole: async (ids) => {
      const seen = await changes.stores.get('key')?.survey({ ids, names: [], all: false });
      return seen?.lives ?? [];
    },
    now: () => NOW,
    concurrency: 8,
    turn: (work) => work(),
    sleep: () => Promise.resolve(),
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
  /** Changes a key past vkeys. */
  update(id: string, body: JsonObject): Promise<void>;
  /** Deletes the keys of an alias past vkeys. */
  remove(key_alias: string): Promise<void>;
  /** What `vkeys apply` does: survey, plan, apply. */
  apply(wanted: readonly Desired[], how?: Partial<How>): Promise<Omit<Applied, 'work'> & { readonly plan: Plan }>;
};

export type How = PlanChoices &
  ApplyPorts & {
    readonly keyring: Keyring;
    readonly deliverer: Deliverer;
    readonly seat: Work['seat'];
    readonly connection: Partial<Connection>;
  };

/** `ahead`: milliseconds by which the user's clock is ahead of the server's. */
export function makeSite({ ahead = 0, ...options }: ServerOptions & { readonly ahead?: number } = {}): Site {
  const { sandbox, clock, fetch } = makeServer({ masterKey: 'sk-sandbox', ...options });
  const now = aheadOf(clock, ahead);
  const disk: Disk = { text: '' };
  const shelf: Shelf = new Map();
  const direct = keyStore(connect(fetch, { now }));
  const all = async (): Promise<readonly Live[]> => (await direct.survey({ ids: [], names: [], all: true })).lives;
  return {
    sandbox,
    fetch,
    disk,
    shelf,
    now,
    pass: (seconds) => clock.pass(seconds * 1000),
    keys: all,
    remove: async (key_alias) => {
      await direct.remove((await all()).filter(({ name }) => name === key_alias).map(({ id }) => id));
    },
    update: async (id, body) => void expectDone(await direct.update(id, () => body)),
    make: async (body) => {
      const landed = await direct.create(() => JSON.parse(JSON.stringify(body)), null);
      if (landed.is === 'mints') throw new Error('it was asked to');
      return expectDone(landed).id;
    },
    apply: async (
      wanted,
      { connection, keyring = keyringOn(disk), deliverer = delivererTo(shelf), seat, ...how } = {},
    ) => {
      const link = connect(fetch, { now, ...connection });
      const stores = how.stores ?? new Map([['key', keyStore(link)]]);
      const names = wanted.flatMap(({ ref, previously }) => [ref.name, ...previously]);
      const ids = [...keyring.state().entries.keys()];
      const keys = await storeOf({ stores }, 'key').survey({ ids, names, all: true });
      const surveys = new Map([['key', keys]]);
      const intent = { set: SET, isNamed: true, state: 'present', desired: wanted } as const;
      const basis = { surveys, kinds: KINDS, keyring: keyring.state(), version: sandbox.version };
      const { plan: made } = makePlan(intent, basis, { ...PLAIN, ...how });
      const work = { plan: made, keyring, deliverer, isSurveyed: true, ...(seat === undefined ? {} : { seat }) };
      const sleep = async (milliseconds: number): Promise<void> => clock.pass(milliseconds);
      const whole = async (asked: readonly string[]): Promise<readonly Live[]> =>
        (await keyStore(link, WHOLE).survey({ ids: asked, names: [], all: false })).lives;
      const works = (secret: Secret): Promise<VkeysError | null> => whyUnknown(link, secret);
      const more = {
        whole,
        works,
        version: sandbox.version,
        now: () => link.clock.server(),
        sleep,
        ...how,
        stores,
        surveys,
      };
      const {
        applied: [applied],
        error,
      } = await applyAll([work], ports(more));
      if (error !== null) throw error;
      if (applied === undefined) throw new Error('one set has one end');
      return { plan: made, ...applied };
    },
  };
}
