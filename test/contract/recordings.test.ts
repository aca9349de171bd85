/** The recorded life that the sandbox is held to is what the servers still answer, under other names and on another day. */
import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { type Json, parseJson } from '../../src/base/json.ts';
import { comparable, type RecordedCase, recordedPeople } from '../support/recorded.ts';
import { type Target, targets } from './targets.ts';

/** What tells of rows that are not ours too. */
const OF_ALL = '/budget/list';

function anyDay(answer: Json): Json {
  const text = JSON.stringify(answer).replaceAll(/\d{4}-\d\d-\d\dT[^Z+"]*(Z|\+00:00)/g, '<time>');
  return parseJson(text) ?? null;
}

async function send({ url, masterKey, fetch }: Target, asked: RecordedCase): Promise<{ status: number; text: string }> {
  const { method, path, headers, body } = asked;
  const authorization = headers?.authorization ?? `Bearer ${masterKey}`;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(30_000),
    redirect: 'manual',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

describe.each(targets)('the recordings of people, on $name', (target) => {
  const prefix = `vkr${randomBytes(4).toString('hex')}-`;
  const cases = recordedPeople(target.version);
  const renamed = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('~', prefix)) as T;

  const made: Record<string, Set<string>> = { team_id: new Set(), user_id: new Set(), budget_id: new Set() };
  const ask = (method: string, path: string, body?: Json) =>
    send(target, { case: 'end', method, path, status: 200, ...(body === undefined ? {} : { body }) });

  /** Remembers whom an answer tells of; the administrator was there before. */
  const remember = (text: string): void => {
    for (const [, member = '', id = ''] of text.matchAll(/"(team_id|user_id|budget_id)": ?"([^"]+)"/g)) {
      if (id !== 'default_user_id') made[member]?.add(id);
    }
  };

  afterAll(async () => {
    const { text } = await ask('GET', `/user/list?user_email=${prefix}`);
    remember(
      text
        .split(/(?=\{"user_id")/)
        .filter((row) => row.includes(prefix))
        .join(''),
    );
    const keys = JSON.stringify(renamed(cases)).match(/sk-vkr[\w-]+/g) ?? [];
    await ask('POST', '/key/delete', { keys: [...new Set(keys)] });
    for (const id of made.team_id ?? []) await ask('POST', '/team/delete', { team_ids: [id] });
    for (const id of made.user_id ?? []) await ask('POST', '/user/delete', { user_ids: [id] });
    for (const id of made.budget_id ?? []) await ask('POST', '/budget/delete', { id });
  }, 120_000);

  it.each(cases)('$case', async (recorded) => {
    const { status, text } = await send(target, renamed(recorded));
    expect({ status, text: status === recorded.status ? '' : text }).toEqual({ status: recorded.status, text: '' });
    if (recorded.path === OF_ALL) return;
    remember(text);
    if (recorded.answer === undefined) return;
    const plain = text.replaceAll(prefix, '~');
    const json = parseJson(plain);
    const answered = comparable(json === undefined ? plain : json, recorded.path);
    expect(anyDay(answered)).toEqual(anyDay(comparable(recorded.answer, recorded.path)));
  });

  it('are there for the versions that the sandbox knows', () => {
    if (!target.isReal) expect(cases.length).toBeGreaterThan(200);
  });
});
