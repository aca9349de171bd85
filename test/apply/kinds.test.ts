/**
 * A kind that LiteLLM does not have, beside keys: a desk, at which keys sit, and with which they go. It is made of its facts
 * and a store, and of nothing else: planned, ordered, guarded, read back and reported by what is written once for all kinds.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { isObject, type JsonObject } from '../../src/base/json.ts';
import { createBody, updateBody } from '../../src/kinds/body.ts';
import { KEY } from '../../src/kinds/key.ts';
import type { KindFacts, Kinds } from '../../src/model/kind.ts';
import type { Keyring } from '../../src/model/keyring.ts';
import type { Landed } from '../../src/model/landed.ts';
import { hasWork, summarize } from '../../src/model/plan.ts';
import type { Desired, Live, Mark } from '../../src/model/resource.ts';
import { applyAll, type AllApplied } from '../../src/apply/levels.ts';
import type { Store } from '../../src/apply/ports.ts';
import { guard } from '../../src/plan/guard.ts';
import { makePlan, type Made, type PlanChoices } from '../../src/plan/make.ts';
import { memoryKeyring } from '../../src/secrets/memory.ts';
import { delivererTo, desired, hashOf, live, NOW, PLAIN, ports, SET, type Shelf } from '../support/make.ts';

const DESK: KindFacts = {
  kind: 'desk',
  level: 1,
  naming: 'desk_name',
  identity: null,
  partOf: null,
  fields: { seats: { kind: 'integer', about: 'how many may sit at it', cleared: null, home: 'column' } },
  hasSecret: false,
  marks: 'metadata',
  frees: [],
  cascades: [{ kind: 'key', isIn: (key, desk) => key.settings['team_id'] === desk.id }],
  make: (wanted, mark, now) => createBody(DESK, wanted, mark, now),
  patch: (changes, now, mark, at) => updateBody(DESK, changes, now, mark, at),
};
const WITH_DESKS: Kinds = new Map([KEY, DESK].map((facts) => [facts.kind, facts]));

const DONE: Landed = { is: 'done', value: undefined };

/** What the server has, by kind and id, what it was asked for, and what the user has. */
let tables: ReadonlyMap<string, Map<string, Live>>;
let asked: string[];
let keyring: Keyring;
let shelf: Shelf;

beforeEach(() => {
  tables = new Map([...WITH_DESKS.keys()].map((kind) => [kind, new Map<string, Live>()]));
  asked = [];
  keyring = memoryKeyring();
  shelf = new Map();
});

function tableOf(kind: string): Map<string, Live> {
  const table = tables.get(kind);
  if (table === undefined) throw new Error(`no ${kind}`);
  return table;
}

function storeOf({ kind, naming, fields, cascades }: KindFacts): Store {
  const table = tableOf(kind);
  const nameIn = (body: JsonObject): string => {
    const name = body[naming];
    return typeof name === 'string' ? name : '';
  };
  const row = (id: string, body: JsonObject, before: Live | null): Live => {
    const metadata = isObject(body['metadata']) ? body['metadata'] : (before?.metadata ?? {});
    const name = naming in body ? nameIn(body) : (before?.name ?? null);
    const set = Object.entries(body).filter(([field]) => Object.hasOwn(fields, field));
    const settings = { ...before?.settings, ...Object.fromEntries(set) };
    return live({ kind, id, name, settings, metadata, mark: (metadata['vkeys'] ?? null) as Mark | null });
  };
  const remove = (id: string): void => {
    const gone = table.get(id);
    table.delete(id);
    for (const cascade of cascades) {
      const other = tableOf(cascade.kind);
      for (const each of other.values()) if (gone !== undefined && cascade.isIn(each, gone)) other.delete(each.id);
    }
  };
  return {
    kind,
    survey: () => {
      const listed = new Set(Object.keys(fields));
      const lives = [...table.values()];
      return Promise.resolve({
        kind,
        lives,
        now: NOW,
        complete: true,
        listed,
        isShort: false,
        sandbox: null,
        gaps: [],
      });
    },
    get: (id) => Promise.resolve(table.get(id) ?? null),
    create: (body, secret) => {
      const sent = body(NOW);
      const id = secret?.hash() ?? `id-${nameIn(sent)}`;
      asked.push(`create ${kind} ${nameIn(sent)}`);
      if (sent['seats'] === 12) {
        table.set(id, live({ kind, id, name: 'of others', mark: null }));
        return Promise.resolve({ is: 'refused', error: new VkeysError('api', 'It is there.', 'Take another.') });
      }
      if (sent['seats'] === 11) {
        table.set(id, live({ kind, id, name: nameIn(sent), mark: { set: 'others', name: null } }));
        return Promise.resolve({ is: 'done', value: { id, secret } });
      }
      if (sent['seats'] === 14) return Promise.resolve({ is: 'mints' });
      if (sent['seats'] === 13) {
        return Promise.resolve({ is: 'refused', error: new VkeysError('api', 'Bad luck.', 'Take another number.') });
      }
      table.set(id, row(id, sent, null));
      return Promise.resolve({ is: 'done', value: { id, secret } });
    },
    update: (id, body) => {
      const after = row(id, body(NOW), table.get(id) ?? null);
      asked.push(`update ${kind} ${after.name ?? ''}`);
      table.set(id, after);
      return Promise.resolve({ is: 'done', value: after });
    },
    remove: (ids) => {
      for (const id of ids) {
        asked.push(`remove ${kind} ${table.get(id)?.name ?? id}`);
        remove(id);
      }
      return Promise.resolve(new Map(ids.map((id) => [id, DONE])));
    },
  };
}

const desk = (name: string, fields: Partial<Desired> = {}): Desired =>
  desired({ ref: { kind: 'desk', name }, ...fields });
const at = (name: string, table: string): Desired => desired({ name, settings: { team_id: `id-${table}` } });

async function run(
  wanted: readonly Desired[],
  choices: Partial<PlanChoices> = {},
): Promise<Made & Pick<AllApplied, 'applied'>> {
  const stores = new Map([...WITH_DESKS.values()].map((facts) => [facts.kind, storeOf(facts)]));
  const all = { ids: [], names: [], all: true };
  const surveys = new Map(
    await Promise.all([...stores].map(async ([kind, store]) => [kind, await store.survey(all)] as const)),
  );
  const intent = { set: SET, isNamed: true, state: 'present', desired: wanted } as const;
  const basis = { surveys, kinds: WITH_DESKS, keyring: keyring.state(), version: null };
  const made = makePlan(intent, basis, { ...PLAIN, ...choices });
  const work = { plan: made.plan, keyring, deliverer: delivererTo(shelf), isSurveyed: true };
  asked = [];
  const { applied } = await applyAll([work], ports({ kinds: WITH_DESKS, stores, surveys, concurrency: 1 }));
  return { ...made, applied };
}

const changesOf = ({ plan }: Made): readonly string[] =>
  plan.changes.map(({ action, ref }) => `${action} ${ref.kind} ${ref.name}`);
const endsOf = ({ applied }: Pick<AllApplied, 'applied'>): readonly string[] =>
  applied.flatMap(({ outcomes }) =>
    outcomes.map(({ change: { action, ref }, status }) => `${action} ${ref.kind} ${ref.name} ${status}`),
  );

describe('a desk and the keys that sit at it', () => {
  it('are made upwards, the desk without a secret, and the second run has nothing to do', async () => {
    const wanted = [at('k1', 'd'), desk('d', { settings: { seats: 4 } }), at('k2', 'd')];
    const first = await run(wanted);
    expect(asked).toEqual(['create desk d', 'create key k1', 'create key k2']);
    expect(changesOf(first)).toEqual(['create desk d', 'create key k1', 'create key k2']);
    expect(
      first.applied[0]?.outcomes.map(({ change, secret, live: made }) => [
        change.ref.kind,
        secret !== null,
        made?.name,
      ]),
    ).toEqual([
      ['desk', false, 'd'],
      ['key', true, 'k1'],
      ['key', true, 'k2'],
    ]);
    expect([[...shelf.keys()], keyring.state().entries.size]).toEqual([['k1', 'k2'], 2]);
    const again = await run(wanted);
    expect([asked, hasWork(again.plan), summarize(again.plan).noop]).toEqual([[], false, 3]);
  });

  it('are changed, read back, and told where the server keeps something else', async () => {
    await run([desk('d', { settings: { seats: 4 } })]);
    const { applied } = await run([desk('d', { settings: { seats: 5 }, metadata: { floor: 2 } })]);
    expect(asked).toEqual(['update desk d']);
    expect(applied[0]?.outcomes[0]?.live?.metadata).toMatchObject({ floor: 2 });
    expect(tableOf('desk').get('id-d')?.settings['seats']).toBe(5);
  });

  it('do not stop each other when one is refused', async () => {
    expect(endsOf(await run([desk('bad', { settings: { seats: 13 } }), at('k', 'good'), desk('good')]))).toEqual([
      'create desk bad failed',
      'create desk good applied',
      'create key k applied',
    ]);
    expect(tableOf('desk').size).toBe(1);
  });

  it.each([11, 12])(
    'are not made where somebody made a desk of the same id meanwhile, which stays (%i)',
    async (seats) => {
      const { applied } = await run([desk('oak', { id: 'id-oak', settings: { seats } })]);
      expect(endsOf({ applied })).toEqual(['create desk oak failed']);
      expect([asked, [...tableOf('desk').keys()]]).toEqual([['create desk oak'], ['id-oak']]);
      expect(keyring.state().things).toEqual(new Map());
    },
  );

  it('have no secret, whatever the server says', async () => {
    await expect(run([desk('d', { settings: { seats: 14 } })])).rejects.toThrow('nobody asked for a secret of desk');
  });

  it('are deleted downwards; what the server deletes along stands in the plan, and the guard counts it', async () => {
    await run([desk('d'), at('k1', 'd'), at('k2', 'd'), at('free', 'x')]);
    const theirs = live({
      kind: 'key',
      id: hashOf('theirs'),
      name: 'theirs',
      mark: null,
      settings: { team_id: 'id-d' },
    });
    tableOf('key').set(theirs.id, theirs);
    const left = [at('free', 'x')];
    const pruned = await run(left, { prune: true });
    expect(changesOf(pruned)).toEqual(['delete desk d', 'delete key k1', 'delete key k2', 'noop key free']);
    expect(pruned.plan.changes[0]?.takes.map(({ name }) => name)).toEqual(['k1', 'k2', 'theirs']);
    expect(asked).toEqual(['remove key k1', 'remove key k2', 'remove desk d']);
    expect(guard([{ plan: pruned.plan, size: 100 }], { count: 3 })[0]?.message).toContain('4 of the 100 things of');
    expect([[...tableOf('key').values()].map(({ name }) => name), [...shelf.keys()]]).toEqual([['free'], ['free']]);
  });

  it('go with what they are in, and what that is in', () => {
    const house: KindFacts = {
      ...DESK,
      kind: 'house',
      level: 0,
      cascades: [
        { kind: 'desk', isIn: () => true },
        { kind: 'lamp', isIn: () => true },
      ],
    };
    const kinds: Kinds = new Map([...WITH_DESKS, ['house', house]]);
    const rows = (kind: string, lives: readonly Live[]) =>
      [kind, { kind, lives, now: NOW, complete: true, listed: null, isShort: false, sandbox: null, gaps: [] }] as const;
    const surveys = new Map([
      rows('house', [live({ kind: 'house', id: 'h', name: 'h' })]),
      rows('desk', [live({ kind: 'desk', id: 'id-d', name: null, mark: null })]),
      rows('key', [live({ name: 'k', settings: { team_id: 'id-d' } })]),
    ]);
    const intent = { set: SET, isNamed: true, state: 'present', desired: [] } as const;
    const basis = { surveys, kinds, keyring: keyring.state(), version: null };
    const { plan } = makePlan(intent, basis, { ...PLAIN, prune: true, only: ({ name }) => name === 'h' });
    expect(plan.changes.map(({ ref, takes }) => [ref.name, takes.map(({ name }) => name)])).toEqual([
      ['h', ['id-d', 'k']],
    ]);
  });
});
