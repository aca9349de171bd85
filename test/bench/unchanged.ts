/** Applying what is there already, beside the bare paging of /key/list: requests, time, memory, and how they grow. */
import { randomBytes } from 'node:crypto';
import { seconds, type Figure } from './figures.ts';
import { sendBare, type LoadRequest } from './load.ts';
import { inTurns, range } from './pairs.ts';
import { makeDesk, workshop, type Place } from './place.ts';

const APPLY = ['apply', '-f', 'spec.yaml'];
const MOST_MEGABYTES = 200;

export async function unchanged(place: Place, sizes: readonly number[], rounds: number): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) figures.push(...(await unchangedOf(place, size, rounds)));
  return figures;
}

async function unchangedOf(place: Place, size: number, rounds: number): Promise<readonly Figure[]> {
  const set = `bench-${randomBytes(4).toString('hex')}`;
  const desk = makeDesk(place);
  try {
    desk.wants(workshop(set, size, 5));
    const made = await desk.vkeys(APPLY, { weigh: true });
    const { stderr } = await desk.vkeys([...APPLY, '--debug']);
    const requests = stderr.split('\n').filter((line) => /^(GET|POST) /.test(line)).length;
    const pages = await pagesOf(place);
    const weights: number[] = [];
    const { ours, theirs, ratio } = await inTurns(
      rounds,
      async () => {
        const { milliseconds, megabytes } = await desk.vkeys(APPLY, { weigh: true });
        if (megabytes !== null) weights.push(megabytes);
        return milliseconds;
      },
      () => sendBare(place, 4, pages),
    );
    const what = `${String(size)} keys unchanged`;
    /* Whatever else is on the server is listed too. */
    const most = pages.length + 3;
    return [
      {
        what: `${what}: requests`,
        value: range([requests]),
        unit: '',
        beside: '',
        goal: { atMost: most },
        detail: `${String(pages.length)} pages`,
      },
      {
        what: `${what}: time`,
        value: ratio,
        unit: '×',
        beside: 'of the bare paging',
        goal: null,
        detail: seconds(ours, theirs),
      },
      {
        what: `${what}: memory`,
        value: range(weights),
        unit: 'MB',
        beside: '',
        goal: { atMost: MOST_MEGABYTES },
        detail: `${(ours.median / size).toFixed(2)} ms a key`,
      },
      {
        what: `${String(size)} keys created: memory`,
        value: range([made.megabytes ?? Number.NaN]),
        unit: 'MB',
        beside: '',
        goal: { atMost: MOST_MEGABYTES },
        detail: `${(made.milliseconds / 1000).toFixed(1)} s`,
      },
    ];
  } finally {
    await desk.vkeys(['delete', '-f', 'spec.yaml', '--yes']);
    desk.clear();
  }
}

/** The requests that list all keys of the server. */
async function pagesOf({ url, masterKey }: Place): Promise<readonly LoadRequest[]> {
  const path = (page: number): string => `/key/list?return_full_object=true&page=${String(page)}&size=100`;
  const answer = await fetch(`${url}${path(1)}`, { headers: { authorization: `Bearer ${masterKey}` } });
  const { total_pages } = JSON.parse(await answer.text());
  return Array.from({ length: Math.max(1, total_pages) }, (_, index) => ({ method: 'GET', path: path(index + 1) }));
}
