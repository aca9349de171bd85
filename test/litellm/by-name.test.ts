import { describe, expect, it } from 'vitest';
import { isList, type Json } from '../../src/base/json.ts';
import { listByNames } from '../../src/litellm/by-name.ts';
import { readPage } from '../../src/litellm/pages.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { answer, changed, makeGround, type Meddler } from './ground.ts';

async function crowd(version: (typeof SANDBOX_VERSIONS)[number], others = 0) {
  const ground = makeGround(version);
  const ids = new Map<string, string>();
  for (const name of ['lab-ada', 'lab-bob', 'lab-\u{1F600}', 'lab-\u{1F601}', 'LAB-ADA', 'lab_ada', 'x-lab-ada']) {
    ids.set(name, await ground.make({ key_alias: name }));
  }
  for (let index = 0; index < others; index += 1) await ground.make({ key_alias: `lab-${String(index)}` });
  const first = await readPage(ground.connection, { filter: {}, columns: [] }, 1);
  const ports = { connection: ground.connection, columns: [], witness: first.rows[0] ?? null };
  ground.forget();
  const find = async (...names: readonly string[]) => {
    const { rows } = await listByNames(names, first, ports);
    return rows.map(({ id, key }) => [key.name ?? '', ids.get(key.name ?? '') === id] as const);
  };
  return { ground, find };
}

describe.each(SANDBOX_VERSIONS)('keys by alias on %s', (version) => {
  it('are those of exactly these names', async () => {
    const { find } = await crowd(version);
    expect(new Map(await find('lab-ada', 'lab-bob', 'lab-none'))).toEqual(
      new Map([
        ['lab-ada', true],
        ['lab-bob', true],
      ]),
    );
    expect(await find('lab-none', 'lab-nobody')).toEqual([]);
    expect(new Map(await find('lab-\u{1F600}', 'lab-\u{1F601}'))).toEqual(
      new Map([
        ['lab-\u{1F600}', true],
        ['lab-\u{1F601}', true],
      ]),
    );
    expect(await find('lab-ada')).toEqual([['lab-ada', true]]);
    expect(await find()).toEqual([]);
  });

  it('are all found where their beginning has more than a page', async () => {
    const { find } = await crowd(version, 120);
    expect(new Map(await find('lab-ada', 'lab-bob'))).toEqual(
      new Map([
        ['lab-ada', true],
        ['lab-bob', true],
      ]),
    );
  });

  it.each<[string, Meddler]>([
    [
      'drops filters',
      (url, init, honest) => honest(url.href.replaceAll(/&(key_alias|substring_matching)=[^&]*/g, ''), init),
    ],
    [
      'knows no parts',
      (url, init, honest) =>
        url.search.includes('substring')
          ? Promise.resolve(answer(200, { keys: [], total_count: 0, total_pages: 0 }))
          : honest(url.href, init),
    ],
    [
      'shows half a page',
      (url, init, honest) => (url.search.includes('substring') ? changed(honest(url.href, init), half) : undefined),
    ],
  ])('are found through something that %s', async (_, meddler) => {
    const { ground, find } = await crowd(version);
    ground.meddle(meddler);
    expect(new Map(await find('lab-ada', 'lab-bob'))).toEqual(
      new Map([
        ['lab-ada', true],
        ['lab-bob', true],
      ]),
    );
  });
});

function half({ keys, ...rest }: { readonly [name: string]: Json }): Json {
  return { ...rest, keys: isList(keys) ? keys.slice(0, 1) : [] };
}
