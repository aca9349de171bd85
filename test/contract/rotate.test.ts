/** New secrets under old names on servers, beside a client that calls without a pause with whatever its file holds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { printedIn } from '../support/printed.ts';
import { differencesOf } from './differences.ts';
import { makeGround } from './ground.ts';
import { objectOf, objectsOf, textOf } from './read.ts';
import { targets } from './targets.ts';

const MODEL = 'gpt-4o-mini';

describe.each(targets)('secrets that are replaced on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();

  it('fail no call of a client, through 20 of them, and leave one key', async () => {
    const set = ground.name('gapless');
    const alias = ground.name('service');
    const deliver = [{ dotenv: 'secrets/{key_alias}.env' }];
    const keys = [{ key_alias: alias, models: [MODEL], max_budget: 50, duration: '30d' }];
    const file = me.spec(set, keys, { deliver });
    expect(await me.vkeys(['apply', '-f', file])).toMatchObject({ code: 0 });
    const { expires } = await ground.key(alias);
    const held = (): Secret => {
      const text = readFileSync(join(me.folder, 'secrets', `${alias}.env`), 'utf8');
      return new Secret(/OPENAI_API_KEY=(\S+)/.exec(text)?.[1] ?? '');
    };
    const said: string[] = [];
    const over = new AbortController();
    const client = (async () => {
      const body = { model: MODEL, max_tokens: 1, messages: [{ role: 'user', content: 'hi' }] };
      while (!over.signal.aborted) {
        said.push((await ground.ask('POST', '/v1/chat/completions', body, held())).code);
        /* A sandbox answers so soon that the calls would use up the budget, and the time. */
        if (!target.isReal) await delay(10);
      }
    })();
    const first = await ground.key(alias);
    const most = differencesOf(target.version).durationOnCreate === 'exact' ? 14 : 15;
    for (let turn = 0; turn < 20; turn += 1) {
      expect(await me.vkeys(['plan', '-f', file, '--exit-code'])).toMatchObject({ code: 0 });
      const grace = turn === 19 ? '1s' : '1h';
      const seen = await me.vkeys(['rotate', '-f', file, '--grace', grace, '--keep-spend', '-o', 'json']);
      expect([seen.code, objectOf(printedIn(seen)['summary'])['rotate']]).toEqual([0, 1]);
      expect(seen.requests.length).toBeLessThanOrEqual(most);
    }
    over.abort();
    await client;
    expect(said.length).toBeGreaterThan(20);
    expect(said.filter((code) => code !== 'ok')).toEqual([]);
    const now = await ground.key(alias);
    expect([now.id, now.id === first.id]).toEqual([held().hash(), false]);
    expect(Math.abs(Date.parse(String(now.expires)) - Date.parse(String(expires)))).toBeLessThanOrEqual(20_000);
    expect((await ground.keys()).filter(({ mark }) => mark?.set === set)).toHaveLength(21);
    await target.pass(2500);
    const next = printedIn(await me.vkeys(['apply', '-f', file, '--yes', '-o', 'json']));
    expect(objectOf(next['summary'])['delete']).toBe(1);
    expect(await me.vkeys(['delete', '-f', file, '--yes'])).toMatchObject({ code: 0 });
    expect((await ground.keys()).filter(({ mark }) => mark?.set === set)).toEqual([]);
  }, 300_000);

  it('of a key that somebody made: at once, leaked, with its spend and its settings', async () => {
    const { alias, id } = await ground.make('theirs', {
      max_budget: 9,
      spend: 2.5,
      rpm_limit: 7,
      metadata: { note: 'x' },
    });
    const seen = await me.vkeys(['rotate', alias, '--leaked', '--keep-spend', '-o', 'json']);
    expect(seen).toMatchObject({ code: 0 });
    const [key] = objectsOf(printedIn(seen)['keys']);
    const now = await ground.key(alias);
    expect([now.id, now.spend, now.settings['rpm_limit'], now.settings['max_budget'], now.metadata['note']]).toEqual([
      new Secret(textOf(key?.['key'])).hash(),
      2.5,
      7,
      9,
      'x',
    ]);
    expect(now.settings['blocked']).not.toBe(true);
    expect((await ground.keys()).filter((each) => each.id === id)).toEqual([]);
    expect(await me.vkeys(['rotate', alias, '--grace', '1h'])).toMatchObject({ code: 0 });
    expect(await me.vkeys(`list --status retiring -o json --set adhoc`)).toMatchObject({
      stdout: expect.stringContaining(`${alias}~old-${now.id.slice(0, 8)}`),
    });
  });
});
