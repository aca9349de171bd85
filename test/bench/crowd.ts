/**
 * A set of 25 keys on a server that has 60,000 of others, beside the same on an empty one. Two sandboxes in this process;
 * with LITELLM_CROWDED_URL that server, beside the one of LITELLM_BASE_URL, with one master key.
 */
import { randomBytes } from 'node:crypto';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { serveSandbox } from '../../src/sandbox/serve.ts';
import { othersIn } from '../support/others.ts';
import { seconds, type Figure } from './figures.ts';
import { compare, range } from './pairs.ts';
import { makeDesk, workshop, type Desk, type Place } from './place.ts';

const OTHERS = 60_000;
const COUNT = 25;
const APPLY = ['apply', '-f', 'spec.yaml'];
/** What is done with the set, the budget that it then has, and how many requests it may cost at most. */
const STEPS = [
  { what: 'created', argv: APPLY, budget: 1, most: 2 * COUNT + 12 },
  { what: 'unchanged', argv: APPLY, budget: 1, most: 4 },
  { what: 'a field changed', argv: APPLY, budget: 2, most: COUNT + 8 },
  { what: 'deleted', argv: ['delete', '-f', 'spec.yaml', '--yes'], budget: 2, most: 8 },
] as const;
const MOST_TIME = 1.5;
const MOST_MORE_MEGABYTES = 20;
/** Those that a list has. */
const FORMATS = ['table', 'csv', 'json', 'yaml'] as const;
const MOST_LIST_MEGABYTES = 150;

/** Of one command. */
type Cost = { readonly milliseconds: number; readonly megabytes: number; readonly requests: number };

export async function crowd(place: Place, rounds: number): Promise<readonly Figure[]> {
  const { LITELLM_CROWDED_URL: url = '' } = process.env;
  if (url !== '') return crowdBeside({ ...place, url }, place, rounds);
  const masterKey = 'sk-sandbox';
  const make = (): Sandbox => createSandbox({ now: () => new Date(), masterKey });
  const [full, empty] = [make(), make()];
  await othersIn(full).fill(OTHERS);
  const [crowded, alone] = [await serveSandbox(full, 0), await serveSandbox(empty, 0)];
  try {
    const at = (served: { readonly url: string }): Place => ({ name: 'the sandbox', url: served.url, masterKey });
    return await crowdBeside(at(crowded), at(alone), rounds);
  } finally {
    await Promise.all([crowded.close(), alone.close()]);
  }
}

async function crowdBeside(crowded: Place, alone: Place, rounds: number): Promise<readonly Figure[]> {
  const taken: { readonly ours: readonly Cost[]; readonly theirs: readonly Cost[] }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const ours = await life(crowded);
    taken.push({ ours, theirs: await life(alone) });
  }
  const figures = STEPS.flatMap(({ what, most }, step): readonly Figure[] => {
    const pairs = taken.flatMap(({ ours, theirs }) => {
      const [our, their] = [ours[step], theirs[step]];
      return our === undefined || their === undefined ? [] : [{ ours: our, theirs: their }];
    });
    const times = compare(pairs.map(({ ours, theirs }) => ({ ours: ours.milliseconds, theirs: theirs.milliseconds })));
    const beside = { what: `25 keys ${what}`, beside: '' };
    return [
      {
        ...beside,
        what: `${beside.what}: requests`,
        value: range(pairs.map(({ ours }) => ours.requests)),
        unit: '',
        goal: { atMost: most },
        detail: '',
      },
      {
        what: `${beside.what}: time`,
        value: times.ratio,
        unit: '×',
        beside: 'of an empty server',
        goal: { atMost: MOST_TIME },
        detail: seconds(times.ours, times.theirs),
      },
      {
        ...beside,
        what: `${beside.what}: more memory`,
        value: range(pairs.map(({ ours, theirs }) => ours.megabytes - theirs.megabytes)),
        unit: 'MB',
        goal: { atMost: MOST_MORE_MEGABYTES },
        detail: '',
      },
    ];
  });
  return [...figures, ...(await listed(crowded))];
}

/** What a list of all keys takes, in each format. */
async function listed(crowded: Place): Promise<readonly Figure[]> {
  const desk = makeDesk(crowded);
  const figures: Figure[] = [];
  try {
    for (const format of FORMATS) {
      const { megabytes, milliseconds } = await desk.vkeys(['list', '-o', format], { weigh: true });
      figures.push({
        what: `list of ${String(OTHERS)} keys, ${format}: memory`,
        value: range([megabytes ?? Number.NaN]),
        unit: 'MB',
        beside: '',
        goal: { atMost: MOST_LIST_MEGABYTES },
        detail: `${(milliseconds / 1000).toFixed(1)} s`,
      });
    }
  } finally {
    desk.clear();
  }
  return figures;
}

/** What each step costs there. */
async function life(place: Place): Promise<readonly Cost[]> {
  const desk = makeDesk(place);
  const set = `bench-${randomBytes(4).toString('hex')}`;
  const costs: Cost[] = [];
  try {
    for (const { argv, budget } of STEPS) {
      desk.wants(workshop(set, COUNT, budget));
      costs.push(await costOf(desk, argv));
    }
  } finally {
    desk.clear();
  }
  return costs;
}

async function costOf(desk: Desk, argv: readonly string[]): Promise<Cost> {
  const { milliseconds, megabytes, stderr } = await desk.vkeys([...argv, '--debug'], { weigh: true });
  const requests = stderr.split('\n').filter((line) => /^(GET|POST) /.test(line)).length;
  return { milliseconds, megabytes: megabytes ?? Number.NaN, requests };
}
