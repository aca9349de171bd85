/** Reading a whole list while it changes, and around rows that nobody can read. */
import { describe, expect, it } from 'vitest';
import { isList, isObject, type Json, type JsonObject } from '../../src/base/json.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import { deleteKeys } from '../../src/litellm/keys.ts';
import { streamKeys } from '../../src/litellm/survey.ts';
import type { Survey } from '../../src/model/survey.ts';
import { RequestError } from '../../src/litellm/http/request-error.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { answer, changed, makeGround, type Ground, type Meddler } from './ground.ts';

const everything = (ground: Ground): Promise<Survey> =>
  keyStore(ground.connection).survey({ ids: [], names: [], all: true });
const listOf = (body: JsonObject): readonly Json[] => (isList(body['keys']) ? body['keys'] : []);
const isKeyList = ({ pathname }: URL): boolean => pathname === '/key/list';

async function groundWith(count: number, version: (typeof SANDBOX_VERSIONS)[number] = '1.110.2') {
  const ground = makeGround(version);
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await ground.make({ key_alias: `k${String(index)}` }));
  return { ground, ids };
}

/** Lets something happen right before the list's page `number` is read for the first time. */
function before(number: number, happen: () => Promise<unknown>): Meddler {
  let done = false;
  return (url, init, honest) => {
    if (!isKeyList(url) || url.searchParams.get('page') !== String(number) || done) return undefined;
    done = true;
    return happen().then(() => honest(url.href, init));
  };
}

describe.each(SANDBOX_VERSIONS)('a list of %s', (version) => {
  it('is read whole, each key once, also when all were made at one instant', async () => {
    const ground = makeGround(version);
    const count = 250;
    const made = await Promise.all(
      Array.from({ length: count }, (_, index) => ground.make({ key_alias: `k${String(index)}` })),
    );
    const sameInstant: Meddler = (url, init, honest) =>
      isKeyList(url)
        ? changed(honest(url.href, init), (body) => ({
            ...body,
            keys: listOf(body).map((row) => ({ ...(isObject(row) ? row : {}), created_at: '2026-11-21T10:00:00Z' })),
          }))
        : undefined;
    ground.meddle(sameInstant);
    const { lives, complete, gaps } = await everything(ground);
    expect(lives.map(({ id }) => id).toSorted()).toEqual(made.toSorted());
    expect([complete, gaps]).toEqual([true, []]);
    expect(ground.asked.length).toBe(3);
    expect(ground.asked.join()).not.toContain('sort_by');
  });
});

describe('a list that changes while it is read', () => {
  it.each([2, 3, 5, 9])('has every key that stays, when one is deleted before page %i', async (page) => {
    const { ground, ids } = await groundWith(950);
    const newest = ids.at(-1) ?? '';
    ground.meddle(before(page, () => deleteKeys(ground.connection, [newest])));
    const { lives, complete } = await everything(ground);
    const there = new Set(lives.map(({ id }) => id));
    expect(ids.filter((id) => id !== newest && !there.has(id))).toEqual([]);
    expect(complete).toBe(true);
  });

  it('has every key that stays, when many go', async () => {
    const { ground, ids } = await groundWith(950);
    const gone = new Set(ids.slice(-250));
    ground.meddle(before(6, () => deleteKeys(ground.connection, [...gone])));
    const { lives, complete } = await everything(ground);
    const there = new Set(lives.map(({ id }) => id));
    expect(ids.filter((id) => !gone.has(id) && !there.has(id))).toEqual([]);
    expect(complete).toBe(true);
  });

  it('has the new keys too, and few pages twice', async () => {
    const { ground, ids } = await groundWith(950);
    ground.meddle(before(4, () => ground.make({ key_alias: 'new' })));
    ground.forget();
    const { lives } = await everything(ground);
    expect(lives.length).toBe(ids.length + 1);
    expect(ground.asked.length).toBeLessThan(10 + 10);
  });

  it('goes on while keys come with every page', async () => {
    const { ground, ids } = await groundWith(650);
    const make: Meddler = (url, init, honest) =>
      isKeyList(url) && ground.asked.length < 40
        ? ground.make({ key_alias: `new${String(ground.asked.length)}` }).then(() => honest(url.href, init))
        : undefined;
    ground.meddle(make);
    const { lives, complete } = await everything(ground);
    const there = new Set(lives.map(({ id }) => id));
    expect(ids.filter((id) => !there.has(id))).toEqual([]);
    expect(complete).toBe(true);
  });
});

describe('a list that shows less than it has', () => {
  /** Pages that overlap: each begins five rows early, so that the last rows are never shown. */
  const overlapping: Meddler = (url, init, honest) =>
    isKeyList(url)
      ? changed(honest(url.href, init), (body) => ({ ...body, keys: listOf(body).slice(0, 95) }))
      : undefined;

  it('is read again, then told as incomplete', async () => {
    const { ground } = await groundWith(250);
    ground.meddle(overlapping);
    const { lives, complete, isShort, gaps } = await everything(ground);
    expect([lives.length, complete, isShort, gaps]).toEqual([
      240,
      false,
      true,
      ["The server's list of keys stayed incomplete: 240 of 250 were seen."],
    ]);
  });

  it('is told as incomplete, when a name had to be looked for in all of it', async () => {
    const { ground } = await groundWith(650);
    ground.meddle(overlapping);
    const survey = keyStore(ground.connection).survey({ ids: [], names: ['k1', String.raw`a\b`], all: false });
    /* In bulk there is nothing under these names, so that the list is not needed. */
    expect(await survey).toMatchObject({ isShort: false });
    const noBulk: Meddler = (url, init, honest) =>
      url.pathname === '/v2/key/info' ? Promise.resolve(answer(404, {})) : overlapping(url, init, honest);
    ground.meddle(noBulk);
    const { isShort, gaps } = await keyStore(ground.connection).survey({
      ids: [],
      names: [String.raw`a\b`],
      all: false,
    });
    expect([isShort, gaps.length]).toEqual([true, 1]);
  });

  it('is put together from several readings', async () => {
    const { ground, ids } = await groundWith(250);
    let requests = 0;
    ground.meddle((url, init, honest) => {
      requests += 1;
      return requests <= 3 ? overlapping(url, init, honest) : undefined;
    });
    const { lives, complete } = await everything(ground);
    expect(lives.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(complete).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ['a thousand million pages without a key', { keys: [], total_count: 1e11, total_pages: 1e9 }],
    [
      'a thousand million pages of one key',
      { keys: [{ token: 'a'.repeat(64), metadata: null }], total_count: 1e11, total_pages: 1e9 },
    ],
  ])('has an end, with %s', async (_, body) => {
    const ground = makeGround('1.110.2');
    ground.meddle((url) => (isKeyList(url) ? Promise.resolve(answer(200, body)) : undefined));
    expect((await everything(ground)).complete).toBe(false);
    expect(ground.asked.length).toBeLessThan(20);
  });

  it('has an end, when it grows with every request, and has what was there before the last of them', async () => {
    const ground = makeGround('1.110.2');
    let number = 0;
    ground.meddle((url) => {
      if (!isKeyList(url)) return undefined;
      number += 1;
      const keys = [{ token: number.toString(16).padStart(64, '0'), metadata: null }];
      return Promise.resolve(answer(200, { keys, total_count: number + 1, total_pages: number + 1 }));
    });
    const { lives, complete } = await everything(ground);
    expect([lives.length, complete]).toEqual([number, true]);
    expect(number).toBeLessThan(250);
  });

  it('is whole while others make keys between the rows and their number', async () => {
    const { ground, ids } = await groundWith(12);
    let number = 0;
    /* As LiteLLM does it: first the rows, then how many there are. */
    ground.meddle((url, init, honest) =>
      isKeyList(url)
        ? changed(honest(url.href, init), async (body) => {
            for (let more = 0; more < 3; more += 1) await ground.make({ key_alias: `new${String((number += 1))}` });
            return { ...body, total_count: Number(body['total_count']) + 3 };
          })
        : undefined,
    );
    const { lives, complete, isShort } = await everything(ground);
    const there = new Set(lives.map(({ id }) => id));
    expect([complete, isShort, ids.filter((id) => !there.has(id))]).toEqual([true, false, []]);
  });
});

/** Puts a text in the place of one key's metadata. */
function oddRow(text: string): Meddler {
  return (url, init, honest) =>
    isKeyList(url)
      ? honest(url.href, init).then(async (response) => {
          const body = (await response.text()).replace('{"odd":1}', text);
          if (body.length > 8 * 1024 * 1024) throw tooLong();
          return { ...response, text: () => Promise.resolve(body) };
        })
      : undefined;
}

const tooLong = (): RequestError =>
  new RequestError('protocol', 'more than 8 MB', '', { reach: 'unknown', unread: 'too much' });

describe("somebody's odd row", () => {
  it.each([
    ['100,001 lists', `[${'[],'.repeat(100_001)}1]`, 'Key 131'],
    ['lists in lists', `${'['.repeat(500)}${']'.repeat(500)}`, 'Key 131'],
    ['8 MB of metadata', JSON.stringify({ x: 'x'.repeat(9_000_000) }), 'Key 131'],
  ])('of %s is left out, and told', async (_, text, told) => {
    const { ground } = await groundWith(130);
    await ground.make({ key_alias: 'odd', metadata: { odd: 1 } });
    for (let index = 0; index < 130; index += 1) await ground.make({ key_alias: `later${String(index)}` });
    ground.meddle(oddRow(text));
    ground.forget();
    const { lives, complete, gaps } = await everything(ground);
    expect([lives.length, complete, gaps.length]).toEqual([260, true, 1]);
    expect(gaps[0]).toMatch(`${told} of the server's list is left out: `);
    expect(ground.asked.length).toBeLessThan(3 + 3 * 15);
  });

  it.each([
    ['numbers beyond JavaScript', '{"n": 1152921504606846977}'],
    ['NUL', String.raw`{"n": "\u0000"}`],
  ])('with %s is read like others', async (_, text) => {
    const { ground } = await groundWith(3);
    await ground.make({ key_alias: 'odd', metadata: { odd: 1 } });
    ground.meddle(oddRow(text));
    expect(await everything(ground)).toMatchObject({ complete: true, gaps: [] });
  });

  it('that is no row is left out, and told', async () => {
    const { ground } = await groundWith(3);
    ground.meddle((url, init, honest) =>
      isKeyList(url)
        ? changed(honest(url.href, init), (body) => ({
            ...body,
            total_count: 5,
            keys: [null, ...listOf(body), { token: 'sk-a-secret', metadata: null }],
          }))
        : undefined,
    );
    const { lives, gaps, complete } = await everything(ground);
    expect([lives.length, complete]).toEqual([3, true]);
    expect(gaps).toMatchInlineSnapshot(`
      [
        "Key 1 of the server's list is left out: The answer to /key/list is not one of LiteLLM's at its top: Invalid input.",
        "Key 5 of the server's list is left out: A row of /key/list has no hash as its token.",
      ]
    `);
  });

  it.each([
    ['rows that are none', { keys: [null, 1, 'x', []], total_count: 4, total_pages: 1 }],
    ['secrets in the place of hashes', { keys: [{ token: 'sk-a' }], total_count: 1, total_pages: 1 }],
    ['lists without end', '['.repeat(1_000_000)],
    ['no JSON', '<html>'],
  ])('is the whole page: %s', async (_, body) => {
    const ground = makeGround('1.110.2');
    ground.meddle((url) => (isKeyList(url) ? Promise.resolve(answer(200, body)) : undefined));
    await expect(everything(ground)).rejects.toMatchObject({ kind: 'protocol' });
    expect(ground.asked.length).toBeLessThan(30);
  });
});

it('streams a list part by part, and says at its end that it was incomplete', async () => {
  const { ground, ids } = await groundWith(950);
  const seen: string[] = [];
  for await (const { lives, total, isShort } of streamKeys(ground.connection)) {
    expect([total, isShort, lives.length <= 100]).toEqual([950, false, true]);
    seen.push(...lives.map(({ id }) => id));
  }
  expect(seen.toSorted()).toEqual(ids.toSorted());
});

it('forgets what is of no interest, where everything is read', async () => {
  const { ground, ids } = await groundWith(650);
  await ground.make({ key_alias: 'ours', metadata: { vkeys: { set: 'ws' } } });
  const { lives } = await keyStore(ground.connection).survey({
    ids: ids.slice(0, 1),
    names: ['k2'],
    all: true,
    keep: ({ mark }) => mark?.set === 'ws',
  });
  expect(lives.map(({ name }) => name ?? '').toSorted()).toEqual(['k0', 'k2', 'ours']);
});

describe('deleting many', () => {
  it('tells what became of each, when only the second call is refused', async () => {
    const { ground, ids } = await groundWith(250);
    let calls = 0;
    ground.meddle((url) => {
      if (url.pathname !== '/key/delete') return undefined;
      calls += 1;
      return calls === 2 ? Promise.resolve(answer(403, { detail: 'not today' })) : undefined;
    });
    const landed = await keyStore(ground.connection).remove(ids);
    const ends = [...landed.values()].map(({ is }) => is);
    expect([ends.filter((is) => is === 'done').length, ends.filter((is) => is === 'refused').length]).toEqual([
      200, 50,
    ]);
    const left = (await everything(ground)).lives.map(({ id }) => id);
    expect(left.toSorted()).toEqual(
      [...landed]
        .filter(([, { is }]) => is === 'refused')
        .map(([id]) => id)
        .toSorted(),
    );
  });

  it.each(SANDBOX_VERSIONS)('that are gone already is done, on %s', async (version) => {
    const ground = makeGround(version);
    const landed = await keyStore(ground.connection).remove(['a'.repeat(64)]);
    expect([...landed.values()]).toEqual([{ is: 'done', value: undefined }]);
  });
});
