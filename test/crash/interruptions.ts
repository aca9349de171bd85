/** A run is interrupted after a random time, counted from its first request: what it says must be so, and one more run ends it. */
import { setTimeout as delay } from 'node:timers/promises';
import pMap from 'p-map';
import { isObject, parseJson, type JsonObject } from '../../src/base/json.ts';
import type { Live } from '../../src/model/resource.ts';
import type { Ended, Running } from '../support/process.ts';
import { between, pick, randomFrom, type Random } from '../support/random.ts';
import { broken, leaks, textOf } from './promise.ts';
import { play, type Person, type Scene } from './scene.ts';
import { prepare, repair, type Job } from './steps.ts';

const MEMBERS = 5;
const APPLY = ['apply', '-f', 'spec.yaml', '-o', 'json', '--concurrency', '2'];

/** What people and machines do to a run, and the exit code that follows; runs that nobody listens to go on. */
const INTERRUPTIONS: Readonly<Record<string, readonly [number, (running: Running) => unknown]>> = {
  SIGINT: [130, (running) => running.signal('SIGINT')],
  SIGTERM: [143, (running) => running.signal('SIGTERM')],
  SIGHUP: [129, (running) => running.signal('SIGHUP')],
  'SIGINT twice': [
    130,
    async (running) => {
      void running.signal('SIGINT');
      await delay(5);
      void running.signal('SIGINT');
    },
  ],
  'a closed stdout': [0, (running) => running.hangUp('stdout')],
  'a closed stderr': [0, (running) => running.hangUp('stderr')],
};
export const KINDS = Object.keys(INTERRUPTIONS);

async function applied(_: Scene, person: Person): Promise<void> {
  person.wants(MEMBERS);
  await person.vkeys(...APPLY);
}

/** What is interrupted, and whether a key is as it is to be. */
const WORK: Readonly<Record<string, Job & { readonly isDone: (live: Live | undefined) => boolean }>> = {
  creating: { argv: APPLY, members: MEMBERS, isDone: (live) => live !== undefined },
  updating: {
    argv: APPLY,
    members: MEMBERS,
    fields: { max_budget: 7 },
    before: applied,
    isDone: (live) => live?.settings.max_budget === 7,
  },
  deleting: {
    argv: ['delete', '-f', 'spec.yaml', '--yes', '-o', 'json'],
    members: MEMBERS,
    before: applied,
    isDone: (live) => live === undefined,
  },
};

/** Interrupts so many runs in this way; answers with what was wrong. `longest` is about as long as a run takes, in milliseconds. */
export async function interruptAtAnyMoment(
  kind: string,
  rounds: number,
  on: Job['on'] = {},
  longest = 60,
): Promise<readonly string[]> {
  const random = randomFrom('interruptions', kind);
  const chances = Array.from({ length: rounds }, () => chance(random, longest));
  const wrong = await pMap(chances, ({ work, after }) => interrupt(kind, work, after, on), { concurrency: 3 });
  return wrong.flat();
}

function chance(random: Random, longest: number): { readonly work: string; readonly after: number } {
  return { work: pick(random, Object.keys(WORK)), after: between(random, 0, longest) };
}

function interrupt(kind: string, work: string, after: number, on: Job['on']): Promise<readonly string[]> {
  return play(async (scene) => {
    const job = WORK[work];
    const [code, strike] = INTERRUPTIONS[kind] ?? [];
    if (job === undefined || code === undefined || strike === undefined) throw new Error(`no ${work} or ${kind}`);
    const person = await prepare(scene, job);
    const begun = new Promise<void>((resolve) => {
      scene.faults.choose(() => {
        resolve();
        return null;
      });
    });
    const running = person.start(...job.argv);
    await begun;
    await delay(after);
    void strike(running);
    const ended = await running.ended;
    const wrong = [
      /* `null`: the second signal met a process that had said its last word; a shell gives it the same number. */
      ...([code, 0, kind === 'SIGINT twice' ? null : code].includes(ended.code)
        ? []
        : [`ended with ${String(ended.code)}: ${ended.stderr}`]),
      ...(kind === 'a closed stdout' ? [] : await untruths(scene, job, ended)),
      ...(ended.code === 0 ? await broken(scene, person, work === 'deleting' ? [] : scene.aliases(MEMBERS)) : []),
      ...leaks(scene, person),
      ...(await repair(scene, person, job)),
    ];
    return wrong.map((problem) => `${work}, ${kind} after ${String(after)} ms: ${problem}`);
  }, on);
}

/** What a report says that is not so; without a report, nothing may have been done. */
async function untruths(scene: Scene, { isDone }: (typeof WORK)[string], ended: Ended): Promise<readonly string[]> {
  const keys = new Map((await scene.keys()).map((key) => [key.name, key]));
  const report = parseJson(ended.stdout);
  const rows = isObject(report) && Array.isArray(report['keys']) ? report['keys'].filter(isObject) : [];
  const said = new Map(rows.map((row) => [textOf(row['key_alias']), row]));
  return scene.aliases(MEMBERS).flatMap((alias) => {
    const row = said.get(alias);
    const done = isDone(keys.get(alias));
    return isTrue(row, done)
      ? []
      : [`${alias} is ${done ? '' : 'not '}done, and it said ${JSON.stringify(row?.['status'])}`];
  });
}

/** A `failed` that was dropped on the way may have been done all the same, and says that it is not known. */
function isTrue(row: JsonObject | undefined, done: boolean): boolean {
  return row === undefined ? !done : row['status'] === 'failed' || (row['status'] === 'applied') === done;
}
