/** SIGKILL at every request of a run. */
import { describe, expect, it } from 'vitest';
import { CUTS, killAtEachRequest, type Job } from './steps.ts';

const HOUR = 3_600_000;

const create: Job = { argv: ['apply', '-f', 'spec.yaml'], members: 3 };

const JOBS: Readonly<Record<string, Job>> = {
  'creates keys': create,
  'creates keys whose secrets the server chooses': { ...create, members: 2, on: { disableCustomKeys: true } },
  'replaces expired keys': {
    ...create,
    members: 2,
    argv: ['apply', '-f', 'spec.yaml', '--yes'],
    fields: { on_expired: 'recreate' },
    before: async (scene, person) => {
      person.wants(2);
      await person.vkeys('apply', '-f', 'spec.yaml');
      scene.pass(2 * HOUR);
    },
  },
  'updates keys': {
    ...create,
    members: 2,
    fields: { max_budget: 7 },
    before: (_, person) => {
      person.wants(2);
      return person.vkeys('apply', '-f', 'spec.yaml');
    },
  },
  'deletes keys': {
    argv: ['delete', '-f', 'spec.yaml', '--yes'],
    members: 2,
    before: (_, person) => {
      person.wants(2);
      return person.vkeys('apply', '-f', 'spec.yaml');
    },
  },
};

describe.each(Object.entries(JOBS))('a run that %s and is killed at any of its requests', (_, job) => {
  it.each(Object.entries(CUTS))('%s is mended by the next run', async (_name, cut) => {
    expect(await killAtEachRequest(job, cut)).toEqual([]);
  });
});
