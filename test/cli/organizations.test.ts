/** Organisations that keys and teams name: they are the server's own, and one that is nowhere is refused before anything is made. */
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { makeServer } from '../support/server.ts';
import { makeSetsHome } from '../support/sets.ts';

const ROWS = [{ organization_id: 'o-1', organization_alias: 'Physics' }, { organization_id: 'o-2' }, 'odd'];

/** A server with these organisations, or whose answer is `status`. */
const listing =
  (status = 200) =>
  (fetch: Fetch): Fetch =>
  (url, init) =>
    new URL(url).pathname === '/organization/list'
      ? Promise.resolve(Response.json(ROWS, { status }))
      : fetch(url, init);

describe.each(SANDBOX_VERSIONS)('an organisation on %s', (version) => {
  it.each([
    ['o-9', 'There is no organization with the id o-9, neither in the spec nor on the server. Did you mean o-'],
    ['Physics', 'Physics is the name of o-1.'],
  ])('that is nowhere is refused: %s', async (organization_id, said) => {
    for (const wish of [
      { keys: [{ key_alias: 'a', organization_id }] },
      { teams: [{ team_alias: 't', organization_id }] },
    ]) {
      const home = makeSetsHome({ server: makeServer({ version }), wrap: listing() });
      home.wants({ set: 'x', ...wish });
      const { code, stderr, requests } = await home.vkeys('apply -f spec.yaml --yes');
      expect([code, stderr]).toEqual([6, expect.stringContaining(said)]);
      expect(requests.filter((request) => /new|generate/.test(request))).toEqual([]);
    }
  });

  it('is not asked for where nothing names one, and is left to a server that does not list them', async () => {
    const home = makeSetsHome({ server: makeServer({ version }), wrap: listing(403) });
    home.wants({ set: 'x', keys: [{ key_alias: 'a' }] });
    const { requests } = await home.vkeys('apply -f spec.yaml --yes');
    expect(requests.join('\n')).not.toContain('/organization/');
    home.wants({ set: 'y', keys: [{ key_alias: 'b', organization_id: 'o-9' }] });
    expect((await home.vkeys('plan -f spec.yaml')).code).toBe(0);
  });
});
