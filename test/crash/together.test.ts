/** Several runs at once: on one machine they take turns, on several the older key stays. */
import { describe, expect, it } from 'vitest';
import { broken } from './promise.ts';
import { makeGate, raceOnSandbox } from './race.ts';
import { play } from './scene.ts';

const APPLY = ['apply', '-f', 'spec.yaml', '-o', 'json'];

describe('runs at once', () => {
  it.each([2, 5])('on one keyring (%i of them) take turns, and one of them creates', async (count) => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(3);
      const gate = makeGate();
      const begun = makeGate();
      scene.faults.choose(async ({ number }) => {
        begun.open();
        if (number === 1) await gate.opened;
        return null;
      });
      const first = person.start(...APPLY);
      await begun.opened;
      const others = Array.from({ length: count - 1 }, () => person.start(...APPLY));
      await Promise.all(others.map((other) => other.said(`Waiting for process ${String(first.pid)}`)));
      gate.open();
      const codes = await Promise.all([first, ...others].map(async ({ ended }) => (await ended).code));
      expect(codes).toEqual(codes.map(() => 0));
      expect(scene.faults.requests().filter((request) => request === 'POST /key/generate')).toHaveLength(4);
      expect(await broken(scene, person, scene.aliases(3))).toEqual([]);
    });
  });

  it.each([2, 5])(
    'on keyrings of their own (%i of them) make one key for each alias, and only who knows its secret reports it',
    async (count) => {
      expect(await raceOnSandbox(count)).toEqual([]);
    },
  );

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
