/**
 * Each user has a file with the keys that they have access to. Whatever becomes of groups, owners and keys, and wherever a
 * run ends, the next one that is whole leaves in each file exactly these.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Deliverer } from '../../src/apply/ports.ts';
import type { Keyring } from '../../src/model/keyring.ts';
import type { Secret } from '../../src/base/secret.ts';
import { usersOf } from '../../src/model/sharing.ts';
import type { Desired } from '../../src/model/resource.ts';
import type { Delivery } from '../../src/model/delivery.ts';
import { delivererTo, folder } from '../deliver/handouts.ts';
import { desired, keyringOn, makeSite, mint, SET } from '../support/make.ts';
import { often } from '../support/often.ts';

/** The process's end. */
class Death extends Error {}

/** Dies at its step of this number; `null` lives. */
function lifeOf(steps: number | null): () => void {
  let done = 0;
  return () => {
    done += 1;
    if (steps !== null && done > steps) throw new Death();
  };
}

function mortalKeyring(keyring: Keyring, step: () => void): Keyring {
  return {
    state: () => keyring.state(),
    record: async (lines) => {
      step();
      await keyring.record(lines);
      step();
    },
  };
}

function mortalDeliverer(inner: Deliverer, step: () => void): Deliverer {
  return {
    ...inner,
    put: async (known) => {
      step();
      await inner.put(known.slice(0, 1));
      step();
      const put = await inner.put(known);
      step();
      return put;
    },
    remove: async (gone) => {
      step();
      const removed = await inner.remove(gone);
      step();
      return removed;
    },
  };
}

const USERS = ['ada', 'bob', 'eve', 'zoe'];
const KEYS = ['k1', 'k2', 'k3'];
const users = fc.subarray(USERS);

const key = fc.record({
  own: fc.option(fc.constantFrom(...USERS)),
  direct: users,
  isOfLab: fc.boolean(),
  isAbsent: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
});
const step = fc.record({
  lab: fc.subarray(USERS, { minLength: 1 }),
  keys: fc.tuple(key, key, key),
  dotenv: fc.boolean(),
  dies: fc.option(fc.nat(14)),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function wantedOf({ lab, keys }: Step): readonly Desired[] {
  return keys.map(({ own, direct, isOfLab, isAbsent }, index) => {
    const name = String(KEYS[index]);
    return desired({
      name,
      state: isAbsent ? 'absent' : 'present',
      settings: { user_id: own },
      sharing: { shared_with: [...direct, ...(isOfLab ? ['lab'] : [])], groups: isOfLab ? { lab } : {} },
      placeholders: { key_alias: name, set: SET },
    });
  });
}

function deliveriesOf({ dotenv }: Step, at: string): readonly Delivery[] {
  const variables = { '{KEY_ALIAS}_KEY': '{key}', URL: '{api_base_url}', WHO: '{each_user}' };
  return [
    dotenv
      ? { to: 'dotenv', path: join(at, '{each_user}.file'), variables }
      : { to: 'json', path: join(at, '{each_user}.file') },
  ];
}

it('each file has the keys of its user, and no file one that its user lost access to', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      const at = await folder();
      const site = makeSite();
      const minted: Secret[] = [];
      const fileOf = (user: string): string =>
        existsSync(join(at, `${user}.file`)) ? readFileSync(join(at, `${user}.file`), 'utf8') : '';
      /* One kind of file for a whole history: two may not share a path. */
      for (const one of steps) {
        const now = { ...one, dotenv: steps[0]?.dotenv === true };
        const wanted = wantedOf(now);
        const deliverer = delivererTo(deliveriesOf(now, at));
        const life = lifeOf(one.dies);
        const end = await site
          .apply(wanted, {
            mint: () => {
              const secret = mint();
              minted.push(secret);
              return secret;
            },
            keyring: mortalKeyring(keyringOn(site.disk), life),
            deliverer: mortalDeliverer(deliverer, life),
          })
          .catch((error: unknown) => error);
        if (end instanceof Death) continue;
        const names = new Map((await site.keys()).map(({ id, name }) => [id, name]));
        for (const user of USERS) {
          const text = fileOf(user);
          const has = minted
            .filter((secret) => text.includes(secret.reveal()))
            .map((secret) => names.get(secret.hash()) ?? 'one that is gone');
          const may = wanted.filter((each) => each.state === 'present' && usersOf(each).includes(user));
          expect([user, ...has.toSorted()]).toEqual([user, ...may.map(({ ref }) => ref.name)]);
          if (may.length === 0) expect(text).toBe('');
        }
        expect(readdirSync(at).filter((name) => !name.endsWith('.file'))).toEqual([]);
        const { plan, written, withdrawn } = await site.apply(wanted, { deliverer });
        expect(plan.changes.filter(({ action }) => action !== 'noop')).toEqual([]);
        expect([...written, ...withdrawn]).toEqual([]);
      }
    }),
    { numRuns: often(60) },
  );
});
