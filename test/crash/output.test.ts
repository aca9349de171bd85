/** Output that does not arrive: nobody reads it, or there is no room for it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { PROGRAM } from '../support/process.ts';
import { broken, leaks } from './promise.ts';
import { play } from './scene.ts';

describe('a process', () => {
  it('ends quietly when nobody reads its output any more', async () => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(3);
      expect((await person.vkeys('apply', '-f', 'spec.yaml')).code).toBe(0);
      const running = person.start('list', '-o', 'json');
      running.hangUp('stdout');
      expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
    });
  });

  it.skipIf(!existsSync('/dev/full')).each([
    ['that did its work says so and fails', 'spec.yaml', 1, 'could not be written to stdout', 1],
    ['that failed says why first', 'missing.yaml', 3, 'missing.yaml', 2],
  ])('%s where its result has no room (/dev/full)', async (_, file, code, words, count) => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(2);
      await person.vkeys('apply', '-f', 'spec.yaml');
      const argv = ['-c', '"$0" "$@" > /dev/full', process.execPath, PROGRAM, 'validate', '-f', file, '-o', 'json'];
      const child = spawn('sh', argv, { cwd: person.folder, env: person.env });
      const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
      expect([status, stderr]).toEqual([code, expect.stringContaining(words)]);
      expect([stderr.match(/^error: |problem found/gm)?.length, stderr.includes('    at ')]).toEqual([count, false]);
      expect([await broken(scene, person, scene.aliases(2)), leaks(scene, person)]).toEqual([[], []]);
    });
  });
});
