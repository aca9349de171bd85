/**
 * `usage --by key,day` of 180,000 rows: memory and time. From a stand-in for LiteLLM 1.110 in this process, which has the export
 * of usage and nothing else: a real one needs minutes to make so many rows.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { addDays, dayOf } from '../../src/base/day.ts';
import type { Figure } from './figures.ts';
import { range } from './pairs.ts';
import { makeDesk } from './place.ts';

const MOST_MEGABYTES = 190;
const SIZES = [
  { keys: 6000, days: 30 },
  { keys: 60_000, days: 3 },
] as const;
const FORMATS = ['csv', 'table'] as const;
const COLUMNS =
  'date,entity_id,entity_alias,api_key,key_alias,user_id,user_email,model,spend,prompt_tokens,completion_tokens,api_requests,failed_requests';

export async function usage(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const { keys, days } of SIZES) {
    const server = await standIn(keys, days);
    const desk = makeDesk({ name: 'a stand-in', url: server.url, masterKey: 'sk-stand-in' });
    try {
      for (const format of FORMATS) {
        const argv = ['usage', '--by', 'key,day', '--since', '30d', '-o', format];
        const { megabytes, milliseconds } = await desk.vkeys(argv, { weigh: true });
        figures.push({
          what: `${String(keys * days)} rows, ${String(keys)} keys, ${format}: memory`,
          value: range([megabytes ?? Number.NaN]),
          unit: 'MB',
          beside: '',
          goal: { atMost: MOST_MEGABYTES },
          detail: `${(milliseconds / 1000).toFixed(1)} s`,
        });
      }
    } finally {
      desk.clear();
      server.close();
    }
  }
  return figures;
}

/** A server whose keys were all used on each of the last days. */
async function standIn(keys: number, days: number): Promise<{ readonly url: string; readonly close: () => void }> {
  const ids = Array.from({ length: keys }, (_, at) => createHash('sha256').update(String(at)).digest('hex'));
  const today = dayOf(new Date());
  const used = Array.from({ length: days }, (_, at) => addDays(today, -at));
  const rowsOf = (day: string): readonly string[] =>
    ids.map((id, at) => `${day},t,team,${id},key-${String(at)},ada@example.com,,,${String((at % 97) / 100)},9,9,3,1`);
  const server = createServer(({ url = '/' }, answer) => {
    const { pathname, searchParams: query } = new URL(url, 'http://localhost');
    if (!pathname.endsWith('/export')) return answer.writeHead(404).end('{"detail":"Not Found"}');
    const wanted = used.filter((day) => day >= (query.get('start_date') ?? '') && day <= (query.get('end_date') ?? ''));
    const rows = query.get('export_type') === 'daily' ? [] : wanted.flatMap(rowsOf);
    return answer.writeHead(200, { 'content-type': 'text/csv' }).end([COLUMNS, ...rows, ''].join('\r\n'));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${String(port)}`, close: () => void server.close() };
}
