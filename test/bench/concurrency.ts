/** What finding out the number of changes at once is worth, beside always eight: on a healthy server and on sick ones. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Created } from './creates.ts';
import { seconds, type Figure } from './figures.ts';
import { bareLife, sendBare } from './load.ts';
import { beside, type Narrow } from './narrow.ts';
import { inTurns, range } from './pairs.ts';
import { workshop, type Place } from './place.ts';
import { succeed } from './process.ts';

const CREATES = fileURLToPath(new URL('creates.js', import.meta.url));
const SIZE = 200;

const SICK: readonly (readonly [string, Narrow])[] = [
  ['429 beyond 3 at once', { atOnce: 3, status: 429, message: 'Too many requests' }],
  ['503 beyond 2 at once', { atOnce: 2, status: 503, message: 'Service Unavailable' }],
  [
    '401 for want of connections beyond 1 at once',
    {
      atOnce: 1,
      status: 401,
      message: 'Authentication Error, Timed out fetching a new connection from the connection pool',
    },
  ],
];

export async function concurrency(place: Place, rounds: number): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const { ours, theirs, ratio } = await inTurns(
    rounds,
    async () => (await create(place, place.url, 'paced')).milliseconds,
    async () => (await create(place, place.url, '8')).milliseconds,
  );
  figures.push({
    what: `healthy: ${String(SIZE)} creates`,
    value: ratio,
    unit: '×',
    beside: 'of always 8 at once',
    goal: { atMost: 1.05 },
    detail: seconds(ours, theirs),
  });
  for (const [what, narrow] of SICK) {
    const [paced, fixed] = await beside(place.url, narrow, async (url) => [
      await create(place, url, 'paced'),
      await create(place, url, '8'),
    ]);
    const detail = `${String(paced.refused)} refusals beside ${String(fixed.refused)}, ${(paced.milliseconds / 1000).toFixed(1)} s beside ${(fixed.milliseconds / 1000).toFixed(1)} s`;
    figures.push({
      what: `${what}: failed keys`,
      value: range([paced.failed]),
      unit: '',
      beside: '',
      goal: { atMost: 0 },
      detail,
    });
  }
  return figures;
}

async function create(place: Place, url: string, how: string): Promise<Created> {
  const tag = randomBytes(4).toString('hex');
  const { create: requests, delete: gone } = await bareLife(workshop(`pace-${tag}`, SIZE, 5), tag);
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-bench-'));
  try {
    const file = join(folder, 'load.json');
    writeFileSync(file, JSON.stringify({ url, concurrency: 8, requests }), { mode: 0o600 });
    const { stdout } = await succeed({ argv: [CREATES, file, how], env: { LITELLM_MASTER_KEY: place.masterKey } });
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
    await sendBare(place, 1, gone);
  }
}
