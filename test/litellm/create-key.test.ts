import { describe, expect, it } from 'vitest';
import { createKey } from '../../src/litellm/create-key.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { RequestError } from '../../src/litellm/http/request-error.ts';
import { Secret } from '../../src/base/secret.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import { answer as told, connectionTo, makeGround, MASTER_KEY, newSecret, type Ground } from './ground.ts';

const secret = new Secret(newSecret());
const BODY = { key_alias: 'a' };
const NOW = new Date('2026-11-21T10:00:00Z');
const makeSite = (): Ground => makeGround('1.110.2');
const connect = (fetch: Fetch) => connectionTo('http://litellm.test', MASTER_KEY, fetch, () => NOW);
const answer = (...reply: Parameters<typeof told>): ReturnType<Fetch> => Promise.resolve(told(...reply));
const idsOn = async ({ connection }: Ground): Promise<readonly string[]> =>
  (await keyStore(connection).survey({ ids: [], names: [], all: true })).lives.map(({ id }) => id);

type Step =
  | 'do'
  | 'lose'
  | 'do and lose'
  | 'do and 500'
  | '500'
  | '503'
  | '401'
  | '408'
  | '429'
  | 'refuse'
  | 'page'
  | 'mints';

function meet(step: Step, send: () => ReturnType<Fetch>): ReturnType<Fetch> {
  const reach = step === 'refuse' ? 'unsent' : 'unknown';
  const cut = new RequestError('network', 'Cut.', 'Look at the network.', { reach, transient: true });
  switch (step) {
    case 'do':
      return send();
    case 'lose':
    case 'refuse':
      return Promise.reject(cut);
    case 'do and lose':
      return send().then(() => Promise.reject(cut));
    case 'do and 500':
      return send().then(() => answer(500, 'Internal Server Error'));
    case 'mints':
      return answer(403, { error: { message: 'Custom API key values are disabled by your administrator.' } });
    case 'page':
      return answer(200, '<html>');
    case '500':
    case '503':
    case '401':
    case '408':
    case '429':
      return answer(Number(step), { detail: 'No.' });
  }
}

/** Meets each create with the next step, and the last one again. */
function scripted(site: Ground, steps: readonly Step[], lookUp: Step = 'do') {
  const seen: string[] = [];
  const bodies = new Set<string>();
  const fetch: Fetch = (url, init) => {
    const send = (): ReturnType<Fetch> => site.fetch(url, init);
    if (!url.endsWith('/key/generate')) {
      seen.push('look up');
      return meet(lookUp, send);
    }
    bodies.add(init.body ?? '');
    const creates = seen.filter((one) => one === 'create').length;
    seen.push('create');
    return meet(steps[creates] ?? steps.at(-1) ?? 'do', send);
  };
  return { seen, bodies, create: () => createKey(connect(fetch), secret, () => BODY) };
}

describe('a create', () => {
  it.each<[string, readonly Step[], readonly string[]]>([
    ['is sent once when it is answered', ['do'], ['create']],
    ['is looked up when its answer is lost', ['do and lose'], ['create', 'look up']],
    ['is looked up after a 500', ['do and 500'], ['create', 'look up']],
    ['is sent again when it was lost', ['lose', 'do'], ['create', 'look up', 'create']],
    ['is sent again after a 503', ['503', 'do'], ['create', 'look up', 'create']],
    ['is sent again after a page', ['page', 'page', 'do'], ['create', 'look up', 'create', 'look up', 'create']],
    ['is sent again after a 429, which did nothing', ['429', 'do'], ['create', 'create']],
    ['is sent again when it never arrived', ['refuse', 'refuse', 'do'], ['create', 'create', 'create']],
  ])('%s, always with the same secret', async (_, steps, requests) => {
    const site = makeSite();
    const { seen, bodies, create } = scripted(site, steps);
    await create();
    expect([seen, bodies.size]).toEqual([requests, 1]);
    expect(await idsOn(site)).toEqual([secret.hash()]);
  });

  it.each<[string, readonly Step[], 'refused' | 'unsent' | 'unsettled']>([
    ['lost again and again', ['lose'], 'unsettled'],
    ['lost and then refused', ['lose', '401'], 'unsettled'],
    ['lost and then not even sent', ['lose', 'refuse'], 'unsettled'],
    ['lost and then told that it may not choose', ['lose', 'mints'], 'unsettled'],
    ['met by 503 again and again', ['503'], 'unsettled'],
    ['answered with a page again and again', ['page'], 'unsettled'],
    ['refused', ['401'], 'refused'],
    ['answered with 500 and not there', ['500'], 'refused'],
    ['never sent', ['refuse'], 'unsent'],
    ['put off again and again', ['429'], 'refused'],
    ['given up on by a gateway again and again', ['408'], 'unsettled'],
  ])('that is %s is %s', async (_, steps, is) => {
    const landed = await scripted(makeSite(), steps).create();
    expect(landed.is).toBe(is);
    if (is === 'unsettled')
      expect(landed).toMatchObject({ error: { hint: expect.stringContaining('its secret is kept') } });
  });

  it('that may not choose its secret is told apart', async () => {
    expect(await scripted(makeSite(), ['mints']).create()).toEqual({ is: 'mints' });
  });

  it('that cannot be looked up may be there', async () => {
    const { create } = scripted(makeSite(), ['do and lose'], '401');
    expect(await create()).toMatchObject({ is: 'unsettled', error: { kind: 'network' } });
  });

  it('whose alias is taken by its own secret is done', async () => {
    const site = makeSite();
    await scripted(site, ['do']).create();
    const { create } = scripted(site, ['do']);
    await create();
    expect((await idsOn(site)).length).toBe(1);
  });

  it('whose alias is taken by another key is refused', async () => {
    const site = makeSite();
    await site.make(BODY);
    expect(await scripted(site, ['do']).create()).toMatchObject({ is: 'refused', error: { code: 'alias_taken' } });
  });

  it('does not hide a bug', async () => {
    const create = createKey(
      connect(() => Promise.reject(new TypeError('x is not a function'))),
      secret,
      () => BODY,
    );
    await expect(create).rejects.toThrow(TypeError);
  });
});
