/**
 * The bare load generator: sends the requests of a file with undici, so many at a time, reads the answers as JSON, and
 * knows nothing of keys. `node bare.js FILE`; the credential is LITELLM_MASTER_KEY. What can be saved is saved here.
 */
import { readFileSync } from 'node:fs';
import Pool from 'undici/lib/dispatcher/pool.js';
import api from 'undici/lib/api/index.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import type { Load } from './load.ts';

Object.assign(Dispatcher.prototype, api);

const { url, concurrency, requests }: Load = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const { origin, pathname } = new URL(url);
const pool = new Pool(origin, { connections: concurrency });
const headers = {
  authorization: `Bearer ${process.env['LITELLM_MASTER_KEY'] ?? ''}`,
  'content-type': 'application/json',
};

let next = 0;
async function work(): Promise<void> {
  for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
    const { method, path, body } = request;
    const answer = await pool.request({
      method,
      path: `${pathname === '/' ? '' : pathname}${path}`,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    const said = JSON.stringify(await answer.body.json());
    if (answer.statusCode !== 200) throw new Error(`${method} ${path}: ${String(answer.statusCode)} ${said}`);
  }
}

await Promise.all(Array.from({ length: concurrency }, work));
await pool.close();
