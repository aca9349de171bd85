/** The table of routes has each that the client asks, and no other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ADMIN_ROUTES, comparedRoutes } from '../../src/litellm/routes.ts';

/** What is asked without a credential, or with a key that is tried. */
const OPEN_ROUTES = ['/api/v1/auth/me', '/health/readiness', '/public/model_hub/info', '/v1/chat/completions'];

/** The texts of the source that look like routes, as patterns: what is put into one may be any word. */
const asked = readdirSync('src/litellm', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'routes.ts')
  .flatMap((name) => {
    const code = readFileSync(join('src/litellm', name), 'utf8').replaceAll(/\/\*[^]*?\*\//g, '');
    return [...code.matchAll(/(['`])(\/[a-z][^'`\s]*|\/\$\{[^'`\s]+)\1/g)].map(([, , route = '']) => ({ name, route }));
  })
  .map(({ name, route }) => ({
    name,
    route,
    is: new RegExp(`^${route.replaceAll(/\$\{[^}]*\}(\/members.*)?/g, '[a-z*]+')}$`),
  }));
const known: readonly string[] = [...ADMIN_ROUTES, ...OPEN_ROUTES];

it('finds what it looks for', () => {
  expect(asked.length).toBeGreaterThan(40);
  expect(asked.map(({ route }) => route)).toContain('/key/generate');
});

it.each(asked)('has $route of $name', ({ is }) => {
  expect(known.filter((route) => is.test(route))).not.toEqual([]);
});

it.each(known)('%s is asked', (route) => {
  expect(asked.some(({ is }) => is.test(route))).toBe(true);
});

it('says what routes allow beside those, and what they lack', () => {
  expect(comparedRoutes(ADMIN_ROUTES)).toEqual({ beyond: [], lacking: [] });
  const { beyond, lacking } = comparedRoutes(['/key/*', '/model/new']);
  expect([beyond, lacking.includes('/key/list'), lacking.includes('/team/new')]).toEqual([
    ['/key/*', '/model/new'],
    false,
    true,
  ]);
});
