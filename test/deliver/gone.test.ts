/** After any change, no file holds a secret of a key that is gone, and every other key has its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import type { Handout } from '../../src/deliver/handout.ts';
import type { Delivery } from '../../src/model/delivery.ts';
import type { Place } from '../../src/model/place.ts';
import { delivererTo, folder, gone, handout, known } from './handouts.ts';
import { often } from '../support/often.ts';

/** Placeholders that tell keys apart, and those that do not. */
const OWN = ['key_alias', 'KEY_ALIAS', 'user', 'key_id', 'seat'];
const ALL = [...OWN, 'set', 'team'];
const VALUES = ['{key}', 'Bearer {key}', '{key}{key_id}', '{user}{key}', '{{{key}}}', '{key}:{expires}', 'x={key};'];
const OTHERS = ['{api_base_url}', '{api_endpoint} {set}', 'of {user}', '{expires}', '{seat}/{team}', '{key_id}'];

const own = fc.constantFrom(...OWN);
const name = fc.oneof(fc.constant('KEY'), fc.constant('K_{KEY_ALIAS}'));

/** Each file is another one, so that nothing collides by itself. */
const delivery = (at: number): fc.Arbitrary<Omit<Delivery, 'path'> & { readonly file: string }> =>
  fc.oneof(
    fc
      .record({ own, value: fc.constantFrom(...VALUES), other: fc.constantFrom(...OTHERS), name })
      .map(({ own: placeholder, value, other, name: variable }) => ({
        to: 'dotenv' as const,
        file: `d${String(at)}-{${placeholder}}/.env`,
        variables: { [variable]: value, OTHER: other },
      })),
    fc.record({ value: fc.constantFrom(...VALUES), other: fc.constantFrom('{api_base_url}', '{set}') }).map((each) => ({
      to: 'dotenv' as const,
      file: `s${String(at)}.env`,
      variables: { 'K_{KEY_ALIAS}': each.value, SHARED: each.other },
    })),
    fc.constantFrom(...OWN).map((by) => ({
      to: 'text' as const,
      file: `m${String(at)}-{${by}}.txt`,
      template: 'Dear {user} of {set},\nyour key is {key} until {expires}.\n',
    })),
    fc.record({ by: fc.constantFrom(...ALL), value: fc.constantFrom(...VALUES) }).map(({ by, value }) => ({
      to: 'json' as const,
      file: `v${String(at)}-{${by}}.json`,
      variables: { 'K_{KEY_ALIAS}': value, OTHER: '{api_base_url}' },
    })),
    fc.constantFrom(';' as const, '\t' as const).map((separator) => ({
      to: 'csv' as const,
      file: `c${String(at)}.csv`,
      columns: ['seat', 'key_alias', 'key', 'team'],
      separator,
      mark: true,
    })),
    fc
      .record({ to: fc.constantFrom('json' as const, 'csv' as const), by: fc.constantFrom('all', ...ALL) })
      .map((each) => ({
        to: each.to,
        file: `t${String(at)}-${each.by === 'all' ? 'all' : `{${each.by}}`}.${each.to}`,
      })),
  );

const deliveries = fc
  .subarray([0, 1, 2, 3], { minLength: 1 })
  .chain((ats) => fc.tuple(...ats.map((at) => delivery(at))));

type Person = { readonly user: string; readonly seat: string; readonly team: string; readonly version: number };
/** What becomes of a key: the same again, another secret under the name, another name, gone by the spec, or without it. */
const fate = fc.constantFrom('stays', 'replaced', 'renamed', 'absent', 'pruned', 'moved');

const USERS = ['ada', 'bob', 'eve', 'zoe'];

function handoutOf({ user, seat, team, version }: Person, name_ = user): Handout {
  const key_alias = `lab-${name_}`;
  const secret = new Secret(`sk-${user.repeat(8)}-${String(version)}`);
  return handout(name_, { secret, placeholders: { key_alias, user: name_, set: 'lab', seat, team } });
}

const step = fc.record({
  deliver: deliveries,
  fates: fc.tuple(fate, fate, fate, fate),
  remembers: fc.boolean(),
});

/* Each of its many writes waits for the disk. */
test('nothing is left of keys that are gone, whatever is changed with them', { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, fc.array(step, { minLength: 1, maxLength: 3 }), async (first, steps) => {
      const at = await folder();
      const inFolder = (all: typeof first): readonly Delivery[] =>
        // oxlint-disable-next-line no-unsafe-type-assertion
        all.map(({ file, ...rest }) => ({ ...rest, path: join(at, file) }) as Delivery);
      let spec = inFolder(first);
      let people = USERS.map((user): Person => ({
        user,
        seat: `${user}1`,
        team: user < 'c' ? 'red' : 'blue',
        version: 1,
      }));
      let memory = new Map<string, readonly Place[]>();
      const handouts = new Map(people.map((person) => [person.user, handoutOf(person)]));
      const put = async (): Promise<void> => {
        const all = [...handouts.values()];
        const result = await delivererTo(spec).put(all.map((each) => known(each, memory.get(each.key_id))));
        expect([...result.failed.values()]).toEqual([]);
        for (const [key_id, places] of result.placed) memory.set(key_id, places);
      };
      await put();
      for (const { deliver, fates, remembers } of steps) {
        /* Without memory only the spec can name the places, so it is not changed in the same moment. */
        if (remembers) spec = inFolder(deliver);
        const before = new Map(handouts);
        const ended: [Handout, boolean][] = [];
        for (const [index, user] of USERS.entries()) {
          const [old, person, end] = [before.get(user), people[index], fates[index]];
          if (old === undefined || person === undefined) continue;
          if (end === 'absent' || end === 'pruned') {
            handouts.delete(user);
            ended.push([old, end === 'absent']);
          } else if (end === 'replaced') {
            const next = { ...person, version: person.version + 1 };
            people = people.with(index, next);
            handouts.set(user, handoutOf(next));
            ended.push([old, true]);
          } else if (end === 'renamed' && remembers) handouts.set(user, handoutOf(person, `${user}x`));
          else if (end === 'moved' && remembers) {
            const next = { ...person, seat: `${person.seat}1`, team: 'green' };
            people = people.with(index, next);
            handouts.set(user, handoutOf(next));
          }
        }
        if (!remembers) memory = new Map();
        await put();
        const { failed } = await delivererTo(spec).remove(
          ended.map(([each, isInSpec]) => gone(each, memory.get(each.key_id), isInSpec)),
        );
        expect(failed).toEqual(new Map());
        const text = readdirSync(at, { recursive: true, encoding: 'utf8', withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'utf8')}`)
          .join('\n');
        for (const [{ secret }] of ended) expect(text).not.toContain(secret.reveal());
        for (const { secret } of handouts.values()) expect(text).toContain(secret.reveal());
        expect(
          await delivererTo(spec).stale(
            [...handouts.values()].map((each) => known(each, memory.get(each.key_id))),
            [],
          ),
        ).toEqual({
          put: [],
          remove: [],
          unknown: [],
          unheld: [],
        });
      }
    }),
    { numRuns: often(150) },
  );
});
