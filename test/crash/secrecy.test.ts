/** What others on the machine can see of a run. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { broken } from './promise.ts';
import { play } from './scene.ts';

describe('a process', () => {
  it.skipIf(process.platform !== 'linux')(
    'shows no secret in --debug or among the arguments of processes (/proc)',
    async () => {
      await play(async (scene) => {
        const person = scene.person();
        person.wants(3);
        const shown: string[] = [];
        scene.faults.choose(() => {
          shown.push(readFileSync(`/proc/${String(running.pid)}/cmdline`, 'utf8'));
          return null;
        });
        const running = person.start('apply', '-f', 'spec.yaml', '--debug');
        const { stderr } = await running.ended;
        expect(stderr).toContain('POST /key/generate 200');
        expect(shown.join()).not.toMatch(/sk-/);
        expect(await broken(scene, person, scene.aliases(3))).toEqual([]);
      });
    },
  );
});
