/** What a person does at a terminal: a real one, which util-linux' `script` makes. */
import { describe, expect, it } from 'vitest';
import { broken } from './promise.ts';
import { makeGate } from './race.ts';
import { play } from './scene.ts';
import { hasScript, terminal } from './window.ts';

const DELETE = 'delete -f spec.yaml';
const ASKED = 'Type yes to go on: ';

describe.skipIf(!hasScript())('at a terminal (needs the script of util-linux)', () => {
  it.concurrent.each([
    ['Ctrl-C', '\u0003', 130, 'Interrupted.'],
    ['Ctrl-D', '\u0004', 6, 'Nothing was changed.'],
  ])('%s as the answer to a question changes nothing', async (_, keys, code, words) => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(1);
      await person.vkeys('apply', '-f', 'spec.yaml');
      const window = terminal(person, DELETE);
      await window.shown(ASKED);
      window.type(keys);
      expect(await window.ended).toEqual({ code, screen: expect.stringContaining(words) });
      expect(await broken(scene, person, scene.aliases(1))).toEqual([]);
    });
  });

  it.concurrent('one that tells no width shows tables as one of 80 columns does', async () => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(1);
      await person.vkeys('apply', '-f', 'spec.yaml');
      const { screen } = await terminal(person, 'list').ended;
      expect(screen).toMatch(/KEY_ALIAS +OWNED_BY +KEY_NAME +STATUS/);
    });
  });

  it.concurrent('a window that is closed at a question changes nothing and lets the next run in', async () => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(1);
      await person.vkeys('apply', '-f', 'spec.yaml');
      const window = terminal(person, DELETE);
      await window.shown(ASKED);
      window.close();
      await window.ended;
      expect(await person.start('apply', '-f', 'spec.yaml').ended).toMatchObject({ code: 0 });
      expect(await broken(scene, person, scene.aliases(1))).toEqual([]);
    });
  });

  it.concurrent('a window that is closed while keys are made finishes what is under way, and lets go of the lock', async () => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(7);
      const [gate, begun] = [makeGate(), makeGate()];
      scene.faults.choose(async ({ path }) => {
        if (path !== '/key/generate') return null;
        begun.open();
        await gate.opened;
        return null;
      });
      const window = terminal(person, 'apply -f spec.yaml --concurrency 2');
      await begun.opened;
      window.close();
      await window.ended;
      gate.open();
      /* It waits until the first run lets it in. */
      expect((await person.start('apply', '-f', 'spec.yaml').ended).code).toBe(0);
      expect(await broken(scene, person, scene.aliases(7))).toEqual([]);
    });
  });
});
