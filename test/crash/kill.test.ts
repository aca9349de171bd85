/** SIGKILL at every request of a run, and at any moment of it. */
import pMap from 'p-map';
import { describe, expect, it } from 'vitest';
import { CREATE, GROUPS, JOBS, MANY } from './jobs.ts';
import { killAtAnyMoment } from './moments.ts';
import { CUTS, killAtEachRequest, prepare, repair } from './steps.ts';
import { play } from './scene.ts';

describe.each(Object.entries(JOBS))('a run that %s and is killed at any of its requests', (_, job) => {
  it.each(job.cuts)('%s is mended by the next run', async (cut) => {
    expect(await killAtEachRequest(job, CUTS[cut])).toEqual([]);
  });
});

describe.each(Object.entries(GROUPS))('a run that %s a team with its people', (_, job) => {
  it('and is killed at any of its changes is mended by the next run', async () => {
    expect(await killAtEachRequest(job, CUTS['before it is answered'])).toEqual([]);
  });
});

describe('a run that creates keys and is killed', () => {
  it('at any moment is mended by the next run', async () => {
    expect(await killAtAnyMoment(MANY, 8)).toEqual([]);
  });

  it('has its last request done by the server when the next run is on its way, and still there is one key', async () => {
    const moments = [1, 3, 5];
    const wrong = await pMap(
      moments,
      (moment) =>
        play(async (scene) => {
          const person = await prepare(scene, CREATE);
          scene.faults.choose(({ path }) =>
            path === '/key/generate'
              ? { work: 'later', answer: 'reset', strike: () => running.signal('SIGKILL') }
              : null,
          );
          const running = person.start(...CREATE.argv);
          await running.ended;
          scene.faults.choose(async ({ number }) => {
            if (number === moment) await scene.faults.catchUp();
            return null;
          });
          await person.vkeys(...CREATE.argv);
          return (await repair(scene, person, CREATE)).map((problem) => `before request ${String(moment)}: ${problem}`);
        }),
      { concurrency: 3 },
    );
    expect(wrong.flat()).toEqual([]);
  });
});
