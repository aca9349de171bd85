/** The runs that are cut: each kind of work that apply and delete do. */
import type { Person, Scene } from './scene.ts';
import type { CUTS, Job } from './steps.ts';

const HOUR = 3_600_000;
const APPLY = ['apply', '-f', 'spec.yaml', '--yes'];

export const CREATE: Job = { argv: APPLY, members: 2 };
export const MINTED: Job = { argv: APPLY, members: 1, on: { disableCustomKeys: true } };

async function applied(_: Scene, person: Person): Promise<void> {
  person.wants(1);
  await person.vkeys(...APPLY);
}

async function expired(scene: Scene, person: Person): Promise<void> {
  await applied(scene, person);
  scene.pass(2 * HOUR);
}

type Cuts = readonly (keyof typeof CUTS)[];
const TWICE: Cuts = ['before it is heard', 'before it is answered'];
const ALWAYS: Cuts = [...TWICE, 'in the middle of its answer'];

export const JOBS: Readonly<Record<string, Job & { readonly cuts: Cuts }>> = {
  'creates keys': { ...CREATE, cuts: ALWAYS },
  'creates keys whose secrets the server chooses': { ...MINTED, cuts: ALWAYS },
  'replaces expired keys': { argv: APPLY, members: 1, fields: { on_expired: 'recreate' }, before: expired, cuts: TWICE },
  'updates keys': { argv: APPLY, members: 1, fields: { max_budget: 7 }, before: applied, cuts: TWICE },
  'deletes keys': { argv: ['delete', '-f', 'spec.yaml', '--yes'], members: 1, before: applied, cuts: TWICE },
};
