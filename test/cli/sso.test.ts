/** A server with single sign-on and without a licence: more users than it lets be there are told before they are made. */
import { expect, it } from 'vitest';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import type { SandboxVersion } from '../../src/sandbox/versions.ts';
import { makeServer } from '../support/server.ts';
import { makeSetsHome } from '../support/sets.ts';

const everybody = 'lets nobody in any more';
const others = 'lets nobody in whom it does not know yet';

/** Answers of a server on which people sign on; `license_type` is told from 1.83 on. */
function signOn(license_type: string): (fetch: Fetch) => Fetch {
  const json = (body: object): Response => Response.json(body);
  return (fetch) => async (url, init) => {
    const { pathname } = new URL(url);
    if (pathname === '/sso/get/ui_settings') return json({ SSO_ENABLED: true });
    const answer = await fetch(url, init);
    return pathname === '/health/license' && answer.status === 200 ? json({ license_type }) : answer;
  };
}

it.each<[SandboxVersion, number, string, string | null]>([
  ['1.65.8', 9, 'community', null],
  ['1.77.7', 5, 'community', null],
  ['1.77.7', 6, 'community', everybody],
  ['1.83.14', 6, 'community', everybody],
  ['1.108.7', 6, 'enterprise', null],
  ['1.110.2', 4, 'community', null],
  ['1.110.2', 5, 'community', others],
])('%s with %i users and a %s licence', async (version, count, license, said) => {
  const home = makeSetsHome({ server: makeServer({ version }), wrap: signOn(license) });
  home.wants({ set: 'x', users: [{ user_id: 'u{user}', roster: { count } }] });
  const { code, stdout } = await home.vkeys('plan -f spec.yaml');
  expect(code).toBe(0);
  if (said === null) expect(stdout).not.toContain('single sign-on');
  else
    expect(stdout).toContain(
      `The server will have ${String(count)} users: without a licence, its single sign-on then ${said}.`,
    );
  expect((await home.vkeys('apply -f spec.yaml --yes')).code).toBe(0);
  expect((await home.vkeys('plan -f spec.yaml')).stdout).not.toContain('single sign-on');
});
