/** A run is cut at each of its requests, every time on fresh ground; one more run must bring everything in order. */
import pMap from 'p-map';
import type { Fault, Passing } from '../support/faults.ts';
import { brokenGroup, makeStrangers, type Group } from './group.ts';
import { broken, leaks } from './promise.ts';
import { play, type Person, type Scene, type Server, type Stage } from './scene.ts';

/** What is cut. */
export type Job = {
  /** What was done before the run. */
  readonly before?: (scene: Scene, person: Person) => Promise<unknown>;
  readonly argv: readonly string[];
  /** How many members the spec names in the run, and so how many there are afterwards. */
  readonly members: number;
  readonly fields?: Readonly<Record<string, string | number>>;
  /** In how many sets. */
  readonly sets?: 1 | 2;
  readonly group?: Group;
  readonly on?: Server | Stage;
};

/** Where a SIGKILL meets a request: the server never hears it; hears it and the answer is lost. */
export const CUTS = {
  'before it is heard': { work: 'never', answer: 'reset' },
  'before it is answered': { work: 'done', answer: 'reset' },
} as const;

export type Cut = Pick<Fault, 'work' | 'answer'>;

/** Kills a process at each request of a job; answers with what was wrong afterwards. */
export async function killAtEachRequest(job: Job, cut: Cut): Promise<readonly string[]> {
  const numbers = Array.from({ length: await countRequests(job) }, (_, index) => index + 1);
  const wrong = await pMap(numbers, (number) => killAt(number, job, cut), { concurrency: 3 });
  return wrong.flat();
}

/** The requests that a job is cut at: all, or of the many around people, those that change something. */
function cutsAt({ group }: Job): (request: string) => boolean {
  return (request) => group === undefined || !READS.test(request);
}

/** Counts them as they pass; the others are `null`. */
export function numbering(job: Job): (passing: Passing) => number | null {
  let seen = 0;
  return ({ method, path }) => (cutsAt(job)(`${method} ${path}`) ? (seen += 1) : null);
}

/** How many of them a run of the job sends when nothing goes wrong. */
export async function countRequests(job: Job): Promise<number> {
  const known = COUNTS.get(job) ?? count(job);
  COUNTS.set(job, known);
  return known;
}

const COUNTS = new Map<Job, Promise<number>>();

function count(job: Job): Promise<number> {
  return play(async (scene) => {
    const person = await prepare(scene, job);
    const { code, stderr } = await person.vkeys(...job.argv);
    if (code !== 0) throw new Error(stderr);
    return scene.faults.requests().filter(cutsAt(job)).length;
  }, job.on);
}

function killAt(number: number, job: Job, cut: Cut): Promise<readonly string[]> {
  return play(async (scene) => {
    const person = await prepare(scene, job);
    const numberOf = numbering(job);
    scene.faults.choose((request) =>
      numberOf(request) === number ? { ...cut, strike: () => running.signal('SIGKILL') } : null,
    );
    const running = person.start(...job.argv);
    const { code, stderr } = await running.ended;
    const requests = scene.faults.requests().filter(cutsAt(job));
    /* Where others use the server, a list may be read again or not: then a run may be over before the request. */
    const over = requests.length < number && job.on !== undefined;
    const found = code === null || over ? [] : [`was not killed: exit code ${String(code)} ${stderr}`];
    const wrong = [...found, ...leaks(scene, person), ...(await repair(scene, person, job))];
    return wrong.map((problem) => `request ${String(number)}, ${String(requests[number - 1])}: ${problem}`);
  }, job.on);
}

/** The ground as it is before the run. */
export async function prepare(scene: Scene, { before, members, fields, sets, group }: Job): Promise<Person> {
  const person = scene.person();
  if (group !== undefined) await makeStrangers(scene.server, scene.set);
  await before?.(scene, person);
  person.wants(members, fields, sets, { group });
  scene.faults.choose(() => null);
  return person;
}

/** One more run mends everything, and the next has nothing to do; answers with what is wrong all the same. */
export async function repair(scene: Scene, person: Person, job: Job, twice = true): Promise<readonly string[]> {
  const { argv, members, group } = job;
  scene.faults.choose(() => null);
  const { code, stderr } = await person.vkeys(...argv);
  const isGone = argv[0] === 'delete';
  const wrong = [
    ...(await broken(scene, person, isGone ? [] : scene.aliases(members))),
    ...(group === undefined ? [] : await brokenGroup(scene.server, scene.set, isGone ? null : group)),
  ];
  return [
    ...(code === 0 ? [] : [`the next run ended with ${String(code)}: ${stderr}`]),
    ...wrong,
    ...(twice ? await changes(scene, person, argv) : []),
  ];
}

/** What changes nothing at the server. */
export const READS = /^GET |^POST \/(v2\/key|budget)\/info$/;

/** What a run does where nothing is to be done. */
async function changes(scene: Scene, person: Person, argv: readonly string[]): Promise<readonly string[]> {
  scene.faults.choose(() => null);
  const { code, stderr } = await person.vkeys(...argv);
  const changing = scene.faults.requests().filter((request) => !READS.test(request));
  return [
    ...(code === 0 ? [] : [`the run after it ended with ${String(code)}: ${stderr}`]),
    ...changing.map((request) => `the run after it sent ${request}`),
  ];
}
