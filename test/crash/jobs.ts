/** The runs that are cut: each kind of work that apply and delete do. */
import { CREW } from './group.ts';
import type { Person, Scene } from './scene.ts';
import type { CUTS, Job } from './steps.ts';

const HOUR = 3_600_000;
const APPLY = ['apply', '-f', 'spec.yaml', '--yes'];

/** So many keys and one more are created. */
export const PAIR: Job = { argv: APPLY, members: 1 };
export const CREATE: Job = { argv: APPLY, members: 2 };
export const TWO_SETS: Job = { ...PAIR, sets: 2 };
export const MANY: Job = { argv: APPLY, members: 7 };
export const MINTED: Job = { argv: APPLY, members: 1, on: { disableCustomKeys: true } };

async function applied(_: Scene, person: Person): Promise<void> {
  person.wants(1);
  await person.vkeys(...APPLY);
}

async function expired(scene: Scene, person: Person): Promise<void> {
  await applied(scene, person);
  scene.pass(2 * HOUR);
}

const GROUP = { members: CREW, max_budget: 5 };
const DELETE = ['delete', '-f', 'spec.yaml', '--yes'];

async function appliedAround(_: Scene, person: Person): Promise<void> {
  person.wants(1, {}, 1, { group: GROUP });
  await person.vkeys(...APPLY);
}

/** What is done to keys and the team around them, on a version that loses members which come or go together. */
const LOSSY = { version: '1.83.14' } as const;
export const GROUPS = {
  makes: { argv: APPLY, members: 1, group: GROUP, on: LOSSY },
  changes: {
    argv: [...APPLY, '--prune'],
    members: 1,
    fields: { max_budget: 7 },
    group: { members: CREW - 1, max_budget: 7 },
    before: appliedAround,
    on: LOSSY,
  },
  deletes: { argv: DELETE, members: 1, group: GROUP, before: appliedAround, on: LOSSY },
} as const satisfies Readonly<Record<string, Job>>;

type Cuts = readonly (keyof typeof CUTS)[];

/** One by one, "before it is heard" is the same as "before it is answered" of the request before: creates are sent together. */
export const JOBS: Readonly<Record<string, Job & { readonly cuts: Cuts }>> = {
  'creates keys': { ...CREATE, cuts: ['before it is heard', 'before it is answered'] },
  'creates keys of two sets': { ...TWO_SETS, cuts: ['before it is heard', 'before it is answered'] },
  'creates keys whose secrets the server chooses': { ...MINTED, cuts: ['before it is answered'] },
  'replaces expired keys': {
    argv: APPLY,
    members: 1,
    fields: { on_expired: 'recreate' },
    before: expired,
    cuts: ['before it is answered'],
  },
  'updates keys': {
    argv: APPLY,
    members: 1,
    fields: { max_budget: 7 },
    before: applied,
    cuts: ['before it is answered'],
  },
  'deletes keys': {
    argv: DELETE,
    members: 1,
    before: applied,
    cuts: ['before it is answered'],
  },
};
