import { expect, it } from 'vitest';
import { RequestError } from '../../../src/litellm/http/request-error.ts';
import { readExports } from '../../../src/litellm/usage/export.ts';
import type { UsageCell } from '../../../src/model/usage.ts';
import { answer, makeGround, type Meddler } from '../ground.ts';

const HEAD =
  'date,entity_id,entity_alias,api_key,key_alias,user_id,user_email,model,spend,prompt_tokens,completion_tokens,api_requests,failed_requests';
const HASH = 'a'.repeat(64);
const DAYS = { since: '2026-11-29', until: '2026-11-30' };

async function cellsFrom(meddler: Meddler): Promise<{ readonly cells: readonly UsageCell[]; readonly asked: number }> {
  const { connection, meddle, asked } = makeGround('1.110.2');
  meddle(meddler);
  const cells: UsageCell[] = [];
  await readExports(connection, { entity: 'team', type: 'daily_with_keys' }, DAYS, (cell) => cells.push(cell));
  return { cells, asked: asked.length };
}

const text =
  (csv: string): Meddler =>
  () =>
    Promise.resolve(answer(200, csv));

it('reads names with commas, quotes, line breaks and what a spreadsheet would take for a formula', async () => {
  const row = (name: string): string => `2026-11-30,"${name}",'=1+1,${HASH},'@ada,'+49,x@y,,0.1,10,20,3,1`;
  const { cells } = await cellsFrom(text(`${HEAD}\r\n${row('a, ""b""\nc')}\r\n`));
  expect(cells[0]).toEqual({
    day: '2026-11-30',
    key_id: HASH,
    key_alias: '@ada',
    user_id: '+49',
    team_id: 'a, "b"\nc',
    team_alias: '=1+1',
    model: null,
    tag: null,
    requests: 3,
    failed: 1,
    prompt_tokens: 10,
    completion_tokens: 20,
    spend: 0.1,
  });
});

it.each([
  ['no CSV', '{"a": 1}\n"'],
  ['an export without one of its columns', `${HEAD.replace(',spend', '')}\r\n2026-11-30,,,,,,,,10,20,3,1\r\n`],
  ['an export with a word as a number', `${HEAD}\r\n2026-11-30,,,,,,,,much,10,20,3,1\r\n`],
  ['an export without a number', `${HEAD}\r\n2026-11-30,,,,,,,,,10,20,3,1\r\n`],
])('takes %s for none of LiteLLM', async (_, csv) => {
  await expect(cellsFrom(text(csv))).rejects.toMatchObject({ kind: 'protocol' });
});

it('asks for fewer days where several are too much, and gives up on a day that is', async () => {
  const tooMuch = new RequestError('protocol', 'too long', 'x', { reach: 'unknown', unread: 'too much' });
  const days: string[] = [];
  const several: Meddler = ({ searchParams }) => {
    const [since, until] = [searchParams.get('start_date'), searchParams.get('end_date')];
    days.push(`${String(since)} ${String(until)}`);
    return since === until ? Promise.resolve(answer(200, `${HEAD}\r\n`)) : Promise.reject(tooMuch);
  };
  const { connection, meddle } = makeGround('1.110.2');
  meddle(several);
  const month = { since: '2026-11-26', until: '2026-11-30' };
  await readExports(connection, { entity: 'team', type: 'daily' }, month, () => expect.unreachable());
  expect(days.filter((each) => each.slice(0, 10) === each.slice(11))).toHaveLength(5);
  await expect(cellsFrom(() => Promise.reject(tooMuch))).rejects.toBe(tooMuch);
});
