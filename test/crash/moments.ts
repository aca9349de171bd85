/** A run is killed after a random time, counted from its first request; one more run must bring everything in order. */
import { setTimeout as delay } from 'node:timers/promises';
import pMap from 'p-map';
import { randomFrom } from '../support/random.ts';
import { leaks } from './promise.ts';
import { play } from './scene.ts';
import { prepare, repair, type Job } from './steps.ts';

/**
 * Kills so many processes of a job; answers with what was wrong afterwards. `longest` is about as long as a run takes
 * after its first request, in milliseconds.
 */
export async function killAtAnyMoment(job: Job, rounds: number, longest = 120): Promise<readonly string[]> {
  const random = randomFrom(20261121);
  const moments = Array.from({ length: rounds }, () => Math.floor(random() * longest));
  const wrong = await pMap(moments, (moment) => killAfter(moment, job), { concurrency: 3 });
  return wrong.flat();
}

function killAfter(moment: number, job: Job): Promise<readonly string[]> {
  return play(async (scene) => {
    const person = await prepare(scene, job);
    const begun = new Promise<void>((resolve) => {
      scene.faults.choose(() => {
        resolve();
        return null;
      });
    });
    const running = person.start(...job.argv);
    await begun;
    await delay(moment);
    await running.signal('SIGKILL');
    const wrong = [...leaks(scene, person), ...(await repair(scene, person, job))];
    return wrong.map((problem) => `after ${String(moment)} ms: ${problem}`);
  }, job.on);
}
