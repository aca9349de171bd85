/**
 * Creates the keys of a file with vkeys's own client, at the pace that it finds or at a fixed number at once, and
 * nothing else: what the pace is worth. `node creates.js FILE paced|N`; prints `Created` as JSON.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { startClock } from '../../src/base/clock.ts';
import { VkeysError } from '../../src/base/errors.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { createKey } from '../../src/litellm/create-key.ts';
import { startPace, type Pace } from '../../src/litellm/http/pace.ts';
import type { Connection } from '../../src/litellm/http/request.ts';
import { createTransport } from '../../src/litellm/http/transport.ts';
import { Secret } from '../../src/base/secret.ts';
import type { Load } from './load.ts';

/** `refused`: answers other than 200. */
export type Created = { readonly milliseconds: number; readonly failed: number; readonly refused: number };

const [, , file = '', how = 'paced'] = process.argv;
const MOST = 32;
const { url, requests }: Load = JSON.parse(readFileSync(file, 'utf8'));
const transport = await createTransport({ insecure: false, connections: MOST, env: {} });
const never = new AbortController().signal;
let refused = 0;
const now = (): Date => new Date(performance.timeOrigin + performance.now());
const connection: Connection = {
  url,
  fetch: transport.fetch,
  secret: new Secret(process.env['LITELLM_MASTER_KEY'] ?? ''),
  keyHeader: 'Authorization',
  headers: {},
  timeout: 30_000,
  signal: never,
  stop: never,
  now,
  clock: startClock(now),
  random: Math.random,
  sleep: (milliseconds) => delay(milliseconds),
  pace: startPace({ most: MOST, now: () => performance.now(), sleep: (milliseconds) => delay(milliseconds) }),
  waiting: () => undefined,
  trace: ({ status }) => {
    if (status !== 200) refused += 1;
  },
  refused: ({ message }) => new VkeysError('auth', message, 'Look at the credential.'),
};
const eight = pLimit(Number(how === 'paced' ? 1 : how));
const turn: Pace['turn'] = how === 'paced' ? connection.pace.turn : (work) => eight(work);

const started = performance.now();
const ends = await Promise.allSettled(
  requests.map(({ body = {} }) =>
    turn(async () => {
      const { key, ...fields }: JsonObject = body;
      if (typeof key !== 'string') return;
      const landed = await createKey(connection, new Secret(key), () => fields);
      if (landed.is !== 'done') throw new Error(landed.is);
    }),
  ),
);
const created: Created = {
  milliseconds: performance.now() - started,
  failed: ends.filter(({ status }) => status === 'rejected').length,
  refused,
};
process.stdout.write(JSON.stringify(created));
await transport.close();
