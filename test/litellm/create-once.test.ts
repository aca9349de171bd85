import { describe, expect, it } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { createKey } from '../../src/litellm/create-once.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { answer, connect, makeSite, secretFor, type Site } from '../support/make.ts';

const secret = secretFor('create');
const BODY = { key_alias: 'a' };

type Step = 'do' | 'lose' | 'do and lose' | 'do and 500' | '500' | '503' | '401' | '429' | 'refuse' | 'page';

function meet(step: Step, send: () => ReturnType<Fetch>): ReturnType<Fetch> {
  const cut = new VkeysError('network', 'Cut.', 'Look at the network.', { details: { sent: step !== 'refuse' } });
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
    case 'page':
      return answer(200, '<html>');
    case '500':
    case '503':
    case '401':
    case '429':
      return answer(Number(step), { detail: 'No.' });
  }
}

/** Meets each create with the next step, and the last one again. */
function scripted(site: Site, steps: readonly Step[], lookUp: Step = 'do') {
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
  return { seen, bodies, create: () => createKey(connect(fetch), secret, BODY) };
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
    expect((await site.keys()).map(({ key_id }) => key_id)).toEqual([secret.hash()]);
  });

  it.each<[string, readonly Step[], boolean]>([
    ['lost again and again', ['lose'], true],
    ['lost and then refused', ['lose', '401'], true],
    ['lost and then not even sent', ['lose', 'refuse'], true],
    ['met by 503 again and again', ['503'], true],
    ['answered with a page again and again', ['page'], true],
    ['refused', ['401'], false],
    ['answered with 500 and not there', ['500'], false],
    ['never sent', ['refuse'], false],
    ['put off again and again', ['429'], false],
  ])('that is %s may be there: %s', async (_, steps, unsettled) => {
    const error: unknown = await scripted(makeSite(), steps)
      .create()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VkeysError);
    expect(error instanceof VkeysError && error.details['unsettled'] === true).toBe(unsettled);
    if (unsettled) expect(error).toMatchObject({ hint: expect.stringContaining('its secret is kept') });
  });

  it('that cannot be looked up may be there', async () => {
    const { create } = scripted(makeSite(), ['do and lose'], '401');
    await expect(create()).rejects.toMatchObject({ kind: 'network', details: { unsettled: true } });
  });

  it('whose alias is taken by its own secret is done', async () => {
    const site = makeSite();
    await scripted(site, ['do']).create();
    const { create } = scripted(site, ['do']);
    await create();
    expect((await site.keys()).length).toBe(1);
  });

  it('whose alias is taken by another key is refused', async () => {
    const site = makeSite();
    await site.make(BODY);
    await expect(scripted(site, ['do']).create()).rejects.toMatchObject({ details: { code: 'alias_taken' } });
  });

  it('does not hide a bug', async () => {
    const create = createKey(
      connect(() => Promise.reject(new TypeError('x is not a function'))),
      secret,
      BODY,
    );
    await expect(create).rejects.toThrow(TypeError);
  });
});
