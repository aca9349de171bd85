/** A team with its people made, changed and deleted in the campaign's weather, all of it from a seed; one more run ends it. */
import pMap from 'p-map';
import { expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { brokenGroup } from '../crash/group.ts';
import { GROUPS } from '../crash/jobs.ts';
import { leaks } from '../crash/promise.ts';
import { play } from '../crash/scene.ts';
import { prepare, repair } from '../crash/steps.ts';
import { pick, randomFrom } from '../support/random.ts';
import { firstIntent } from './intent.ts';
import { rightCodeOf, saidIn } from './verdict.ts';
import { strikeBy, weatherFrom, type Strike } from './weather.ts';

const { CAMPAIGN_SEED, CAMPAIGN_RUNS, npm_lifecycle_event: script } = process.env;
const seed = Number(CAMPAIGN_SEED ?? 1);
const runs = Number(CAMPAIGN_RUNS ?? (script === 'campaign' ? 400 : 12));
/** Milliseconds that the client waits for an answer, and that people take before the next run. */
const [PATIENCE, MOMENT] = [100, 60_000];
/** Milliseconds by which reads lag behind writes. */
const LAG = 5000;

it(
  'whatever goes wrong on the way to the server, the next run ends it',
  { timeout: 60_000 + runs * 3000 },
  async () => {
    const seeds = Array.from({ length: runs }, (_, index) => seed + index);
    expect((await pMap(seeds, inWeather, { concurrency: 4 })).flat()).toEqual([]);
  },
);

function inWeather(each: number): Promise<readonly string[]> {
  const random = randomFrom('people', each);
  const [version, name] = [pick(random, SANDBOX_VERSIONS), pick(random, ['makes', 'changes', 'deletes'] as const)];
  const lag = pick(random, [0, 0, 0, LAG]);
  return play(
    async (scene) => {
      const job = GROUPS[name];
      const person = await prepare(scene, job);
      const command = { name: 'apply', argv: job.argv, intent: firstIntent(random, scene.set) } as const;
      const weather = { ...weatherFrom(random, command, true), routes: null };
      const strikes: Strike[] = [];
      scene.faults.choose(strikeBy(weather, PATIENCE, String(each), (strike) => strikes.push(strike)));
      const said = await person.vkeys(...job.argv, '-o', 'json', '--timeout', String(PATIENCE / 1000));
      scene.faults.choose(() => null);
      await scene.faults.calm();
      await scene.faults.catchUp();
      scene.pass(MOMENT);
      const lied = strikes.some(({ field }) => field !== null);
      const isGone = job.argv[0] === 'delete';
      const unlike =
        said.code === 0 && !lied ? await brokenGroup(scene.server, scene.set, isGone ? null : job.group) : [];
      const right = rightCodeOf(said);
      const wrong = [
        ...unlike.map((text) => `0, but ${text}`),
        ...(said.code === right ? [] : [`${String(said.code)} and not ${String(right)}: ${saidIn(said)}`]),
        ...(/bug in vkeys|node:internal/.test(said.stdout + said.stderr) ? [said.stdout + said.stderr] : []),
        ...leaks(scene, person),
        ...(await repair(scene, person, job)),
      ];
      const story = strikes.map(({ number, path, kind }) => `${number} ${path}: ${kind}`).join(', ');
      return wrong.map(
        (problem) => `seed ${each}, ${name} on ${version}${lag > 0 ? ' that lags' : ''}: ${problem} (${story})`,
      );
    },
    { version, lag },
  );
}
