/** Requests that go wrong at every step of a run, and a program that lives on and says what it knows. */
import pMap from 'p-map';
import { describe, expect, it } from 'vitest';
import { errorIn, keysIn } from '../support/printed.ts';
import type { Fault } from '../support/faults.ts';
import type { Ended } from '../support/process.ts';
import { CREATE, GROUPS, MINTED, PAIR, TWO_SETS } from './jobs.ts';
import { broken, hash, textOf } from './promise.ts';
import { play, type Person, type Scene } from './scene.ts';
import { countRequests, numbering, prepare, repair, type Job } from './steps.ts';

const FAULTS = {
  'loses its connection before the work': { work: 'never', answer: 'reset' },
  'loses its connection after the work': { work: 'done', answer: 'reset' },
  'gets half of an answer': { work: 'done', answer: 'half' },
  'gets no answer in time': { work: 'done', answer: 'silence' },
  'gets a 200 without a body': { work: 'done', answer: 'empty' },
  'gets a 503': { work: 'never', answer: 503 },
  'gets a 503 after the work': { work: 'done', answer: 503 },
  'gets a 429': { work: 'never', answer: 429 },
  "gets a load balancer's 502 after the work": { work: 'done', answer: 502 },
} as const satisfies Readonly<Record<string, Fault>>;

/** The program here, with a request's time cut short, and its report held against the server. */
async function run(scene: Scene, person: Person, { argv, members }: Job): Promise<readonly string[]> {
  const ended = await person.vkeys(...argv, '-o', 'json', '--timeout', '0.15');
  scene.faults.choose(() => null);
  const said = await untruths(scene, ended);
  const left = argv[0] === 'delete' ? [] : scene.aliases(members);
  return ended.code === 0 ? [...said, ...(await broken(scene, person, left))] : said;
}

/** What a report says that is not so. */
async function untruths(scene: Scene, { code, stdout, stderr }: Ended): Promise<readonly string[]> {
  const rows = keysIn({ stdout }) ?? [];
  const there = new Set((await scene.keys()).map(({ id }) => id));
  const untrue = rows.filter(
    ({ status, action, key, key_id }) =>
      status === 'applied' &&
      (action === 'delete' ? there.has(textOf(key_id)) : !there.has(key == null ? textOf(key_id) : hash(textOf(key)))),
  );
  return [
    ...untrue.map(({ key_alias, action }) => `${textOf(key_alias)} is reported, and its ${textOf(action)} is not so`),
    ...(code === 0 || 'message' in errorIn({ stdout }) || rows.some(({ status }) => status !== 'applied')
      ? []
      : ['failed without a word']),
    ...(stderr.includes('bug in vkeys') ? [stderr] : []),
  ];
}

async function spoilEach(
  job: Job,
  fault: Fault,
  when: (number: number, spoiled: number) => boolean,
): Promise<readonly string[]> {
  const numbers = Array.from({ length: await countRequests(job) }, (_, index) => index + 1);
  const wrong = await pMap(
    numbers,
    (spoiled) =>
      play(async (scene) => {
        const person = await prepare(scene, job);
        const numberOf = numbering(job);
        scene.faults.choose((request) => (when(numberOf(request) ?? 0, spoiled) ? fault : null));
        const problems = [...(await run(scene, person, job)), ...(await repair(scene, person, job, false))];
        return problems.map((problem) => `request ${String(spoiled)}: ${problem}`);
      }, job.on),
    { concurrency: 4 },
  );
  return wrong.flat();
}

describe('a run with one bad request, whichever it is,', () => {
  it.each(Object.entries(FAULTS))('%s and loses nothing', async (_, fault) => {
    expect(await spoilEach(PAIR, fault, (number, spoiled) => number === spoiled)).toEqual([]);
  });
});

describe('a run over two sets with one bad request, whichever it is,', () => {
  it.each([
    'loses its connection after the work',
    'gets half of an answer',
    'gets a 503 after the work',
    'gets a 200 without a body',
  ] as const)('%s and loses nothing', async (name) => {
    expect(await spoilEach(TWO_SETS, FAULTS[name], (number, spoiled) => number === spoiled)).toEqual([]);
  });
});

describe('a run whose requests are all bad from one on, whichever it is,', () => {
  it.each(['loses its connection after the work', 'gets a 503', 'gets a 429'] as const)(
    '%s and loses nothing',
    async (name) => {
      expect(await spoilEach(PAIR, FAULTS[name], (number, spoiled) => number >= spoiled)).toEqual([]);
    },
  );
});

describe('a run with one bad request, where the server chooses the secrets,', () => {
  it.each(['loses its connection after the work', 'gets half of an answer', 'gets a 200 without a body'] as const)(
    '%s and loses nothing',
    async (name) => {
      expect(await spoilEach(MINTED, FAULTS[name], (number, spoiled) => number === spoiled)).toEqual([]);
    },
  );
});

describe.each(Object.entries(GROUPS))('a run that %s a team with its people, with one bad request,', (_, job) => {
  it('loses its connection after the work, whichever it is, and loses nothing', async () => {
    const fault = FAULTS['loses its connection after the work'];
    expect(await spoilEach(job, fault, (number, spoiled) => number === spoiled)).toEqual([]);
  });
});

describe('a process whose first creation goes wrong', () => {
  it.concurrent.each(['loses its connection after the work', 'gets a 429', 'gets no answer in time'] as const)(
    'because it %s reaches its end by itself',
    async (name) => {
      await play(async (scene) => {
        const person = await prepare(scene, CREATE);
        const first = new Set(['/key/generate', '/key/info']);
        scene.faults.choose(({ path }) => (first.delete(path) ? FAULTS[name] : null));
        expect(await person.start(...CREATE.argv, '--timeout', '1').ended).toMatchObject({ code: 0, stderr: '' });
        expect(await broken(scene, person, scene.aliases(CREATE.members))).toEqual([]);
      });
    },
  );
});
