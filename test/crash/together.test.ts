/** Several runs at once: on one machine they take turns, on several the older key stays. */
import pMap from 'p-map';
import { describe, expect, it } from 'vitest';
import { isObject, parseJson } from '../../src/json.ts';
import { broken, hash, readKeyring } from './promise.ts';
import { play } from './scene.ts';

const APPLY = ['apply', '-f', 'spec.yaml', '-o', 'json'];

describe('runs at once', () => {
  it.each([2, 3])('on one keyring (%i of them) take turns, and one of them creates', async (count) => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(3);
      const waiting: Promise<unknown>[] = [];
      scene.faults.choose(async ({ number }) => {
        /* The first run goes on only when all others wait. */
        if (number === 1) await Promise.all(waiting);
        return null;
      });
      const first = person.start(...APPLY);
      while (scene.faults.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      const others = Array.from({ length: count - 1 }, () => person.start(...APPLY));
      for (const other of others) waiting.push(other.said(`Waiting for process ${String(first.pid)}`));
      const codes = await Promise.all([first, ...others].map(async ({ ended }) => (await ended).code));
      expect(codes).toEqual(codes.map(() => 0));
      expect(scene.faults.requests().filter((request) => request === 'POST /key/generate')).toHaveLength(4);
      expect(await broken(scene, person, scene.aliases(3))).toEqual([]);
    });
  });

  it('on keyrings of their own make one key for each alias, and only who knows its secret reports it', async () => {
    await play(async (scene) => {
      const people = [scene.person(), scene.person(), scene.person()];
      const ready = new Set<() => void>();
      scene.faults.choose(({ path }) => {
        if (path !== '/v1/models') return null;
        /* All have seen an empty server before anyone creates. */
        return new Promise((resolve) => {
          ready.add(() => resolve(null));
          if (ready.size >= people.length) for (const go of ready) go();
        });
      });
      await pMap(people, async (person) => {
        person.wants(3);
        return person.start(...APPLY).ended;
      });
      const ids = new Map<string, string>();
      for (const person of people) {
        const { code, stdout } = await person.vkeys(...APPLY);
        expect(code).toBe(0);
        const report = parseJson(stdout);
        const rows = isObject(report) && Array.isArray(report['keys']) ? report['keys'].filter(isObject) : [];
        expect(rows).toHaveLength(4);
        for (const { key_alias, key_id, key } of rows) {
          if (typeof key === 'string') expect(hash(key)).toBe(key_id);
          expect(ids.get(String(key_alias)) ?? key_id).toBe(key_id);
          ids.set(String(key_alias), String(key_id));
        }
      }
      const keys = await scene.keys();
      expect(keys.map(({ key_alias }) => key_alias).toSorted()).toEqual([...scene.aliases(3)].toSorted());
      const known = people.flatMap(({ folder }) => [...readKeyring(folder).secrets.values()].map(hash));
      expect(known.toSorted()).toEqual(keys.map(({ key_id }) => key_id).toSorted());
    });
  });

  it('goes on at once behind a run that was killed with the lock in its hand', async () => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(2);
      scene.faults.choose(({ number }) =>
        number === 1 ? { work: 'never', answer: 'reset', strike: () => killed.signal('SIGKILL') } : null,
      );
      const killed = person.start(...APPLY);
      await killed.ended;
      expect(await person.start(...APPLY).ended).toMatchObject({ code: 0, stderr: '' });
      expect(await broken(scene, person, scene.aliases(2))).toEqual([]);
    });
  });
});
