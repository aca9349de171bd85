/** Commands against a server whose answers are spoiled: well-formed JSON with wrong values, and what is no JSON at all. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { makeHome, MASTER_KEY } from '../support/run.ts';
import { mutated } from './mutate.ts';
import { assert, target, UNSAFE } from './target.ts';

const SPEC = `set: ws
keys:
  - { key_alias: a, models: [gpt-4o-mini], duration: 3d, max_budget: 5, metadata: { team: red } }
  - { key_alias: b, roster: { count: 2 } }
deliver: [{ dotenv: 'secrets/{key_alias}.env' }, { json: 'secrets/{set}.json' }]
`;
const PREPARED = ['apply -f spec.yaml --yes'];
const COMMANDS = [
  'apply -f spec.yaml --yes',
  'apply -f spec.yaml --yes --prune -o json',
  'apply -f spec.yaml --adopt --yes -o yaml',
  'plan -f spec.yaml',
  'plan -f spec.yaml -o json',
  'delete -f spec.yaml --yes',
  'list',
  'list -o json',
  'list -o yaml',
  'list -o csv',
  'get a',
  'get a -o json',
  'create --alias c --duration 1h',
  'create --alias c -o env',
  'update a --max-budget 7',
  'models',
  'doctor',
  'auth status',
] as const;

/** What stands where a number, a text or a list should. */
const WRONG: readonly unknown[] = [
  null,
  true,
  -1,
  2.5,
  1e308,
  9_223_372_036_854_775_808,
  '',
  'NaN',
  '\u001B]52;c;eA==\u0007\u001B[2J',
  '\u202Eevil\u2066\u2028',
  'a\nb\rc',
  '../../../etc/passwd',
  '$(touch pwned)',
  MASTER_KEY,
  'sk-somebody-elses-key-1234',
  '+275760-09-13T00:00:00.000Z',
  '9999-12-31T23:59:59Z',
  [],
  [null],
  [[[]]],
  {},
  { toString: 1, hasOwnProperty: null },
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {}}}'),
  'x'.repeat(10_000),
];

type Spoil = {
  /** Which answers, counted from 0. */
  readonly from: number;
  readonly many: boolean;
  /** Which places of an answer, as parts of how many it has. */
  readonly places: readonly (readonly [number, number])[];
  /** Instead of that, another status or another text. */
  readonly status: number | null;
  readonly text: string | null;
  readonly headers: Readonly<Record<string, string>>;
};

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const BODIES = [
  '{"error": {"message": "no", "type": "auth_error"}}',
  '{"detail": [{"loc": ["body", "a"], "msg": "b"}]}',
  '<html><title>502</title></html>',
];
const spoil: fc.Arbitrary<Spoil> = fc.record({
  from: fc.oneof(fc.constant(0), fc.nat({ max: 3 }), fc.nat({ max: 9 })),
  many: fc.boolean(),
  places: fc.array(fc.tuple(unit, unit), { minLength: 1, maxLength: 3 }),
  status: fc.option(
    fc.constantFrom(200, 201, 204, 301, 307, 400, 401, 403, 404, 409, 418, 422, 429, 500, 502, 503, 599),
    { freq: 2 },
  ),
  text: fc.option(mutated(BODIES), { freq: 3 }),
  headers: fc.constantFrom<Readonly<Record<string, string>>[]>(
    {},
    { date: 'Sat, 13 Sep 275760 00:00:00 GMT' },
    { date: 'Thu, 01 Jan 1970 00:00:00 GMT' },
    { 'retry-after': '1e9' },
    { 'retry-after': '-Infinity' },
    { location: 'http://elsewhere.example.com/' },
  ),
});

/** The value with another one at the chosen of all its places, members' names included. */
function spoiled(value: unknown, places: Spoil['places']): unknown {
  return places.reduce((whole, [place, other]) => {
    let left = Math.floor(place * sizeOf(whole));
    const wrong = WRONG[Math.floor(other * WRONG.length)];
    const walk = (node: unknown): unknown => {
      left -= 1;
      if (left === -1) return wrong;
      if (Array.isArray(node)) return node.map(walk);
      if (typeof node !== 'object' || node === null) return node;
      return Object.fromEntries(Object.entries(node).map(([name, each]) => [name, walk(each)]));
    };
    return walk(whole);
  }, value);
}

function sizeOf(value: unknown): number {
  return typeof value !== 'object' || value === null
    ? 1
    : Object.values(value).reduce<number>((sum, each) => sum + sizeOf(each), 1);
}

function between(spoils: Spoil): (fetch: Fetch) => Fetch {
  let seen = -1;
  return (fetch) => async (url, init) => {
    const answer = await fetch(url, init);
    seen += 1;
    if (seen < spoils.from || (seen > spoils.from && !spoils.many)) return answer;
    const text = await answer.text();
    const changed = spoils.text ?? JSON.stringify(spoiled(JSON.parse(text), spoils.places));
    return {
      status: spoils.status ?? answer.status,
      headers: { get: (name) => spoils.headers[name] ?? answer.headers.get(name), getSetCookie: () => [] },
      text: () => Promise.resolve(changed),
    };
  };
}

async function check([line, spoils]: readonly [string, Spoil]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-fuzz-'));
  try {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    const clean = makeHome({ folder });
    if (!line.startsWith('apply') || spoils.many) for (const each of PREPARED) await clean.vkeys(each);
    const { server } = clean;
    const { code, stdout, stderr } = await makeHome({ folder, server, wrap: between(spoils), seed: 'spoiled' }).vkeys(
      line,
    );
    assert([0, 1, 2, 3, 4, 5, 6].includes(code), 'an exit code', code);
    assert(!stderr.includes('This is a bug'), 'no bug', stderr);
    assert(code === 0 || stdout + stderr !== '', 'a failure is told', code);
    assert(!UNSAFE.test(stdout) && !UNSAFE.test(stderr), 'nothing moves the cursor', stdout, stderr);
    assert(!stderr.includes(MASTER_KEY), 'the credential is in no message', stderr);
    assert(!('polluted' in {}), 'no prototype is changed');
    const left = readdirSync(folder).filter((name) => !['spec.yaml', 'state', 'secrets'].includes(name));
    assert(left.length === 0, 'nothing is written elsewhere', left);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const ANSWERS = {
  "servers' answers": target({ inputs: fc.tuple(fc.constantFrom(...COMMANDS), spoil), check, share: 600 }),
};
