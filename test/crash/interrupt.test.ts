/** Ctrl-C and its like: what is under way is finished, nothing more is begun, and the report says what landed. */
import { documentIn } from '../support/document.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PROGRAM } from '../support/process.ts';
import { interruptAtAnyMoment, KINDS } from './interruptions.ts';
import { broken, leaks, textOf } from './promise.ts';
import { rowsOf } from './race.ts';
import { play, type Scene } from './scene.ts';
import { repair, type Job } from './steps.ts';

const JOB: Job = { argv: ['apply', '-f', 'spec.yaml', '-o', 'json', '--concurrency', '2'], members: 7 };

async function landed(scene: Scene): Promise<readonly string[]> {
  return (await scene.keys()).map(({ name }) => name ?? '').toSorted();
}

describe.skipIf(process.platform === 'win32')('a run that is interrupted (Windows has no such signals)', () => {
  it.concurrent.each([
    ['SIGINT', 130, 4],
    ['SIGTERM', 143, 3],
    ['SIGINT', 130, 10],
    ['SIGINT', 130, 11],
  ] as const)('by %s ends with %i and says what landed (request %i)', async (signal, exitCode, at) => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(JOB.members);
      scene.faults.choose(async ({ number }) => {
        if (number !== at) return null;
        void running.signal(signal);
        await delay(20);
        return null;
      });
      const running = person.start(...JOB.argv);
      const { code, stdout } = await running.ended;
      expect(code).toBe(exitCode);
      const rows = rowsOf(stdout);
      const applied = rows.filter(({ status }) => status === 'applied').map(({ key_alias }) => textOf(key_alias));
      expect(rows).toHaveLength(JOB.members + 1);
      expect(applied.toSorted()).toEqual(await landed(scene));
      expect(leaks(scene, person)).toEqual([]);
      expect(await repair(scene, person, JOB)).toEqual([]);
    });
  });

  it.concurrent('before it changed anything ends at once with 130, and nothing was changed', async () => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(2);
      scene.faults.choose(() => {
        void running.signal('SIGINT');
        return { work: 'never', answer: 'silence' };
      });
      const running = person.start(...JOB.argv);
      const { code, stdout, stderr } = await running.ended;
      expect([code, documentIn(stdout)]).toMatchObject([
        130,
        { changed: false, keys: [], error: { message: expect.stringContaining('Interrupted') as string } },
      ]);
      expect(stderr).toContain('Interrupted');
      expect(await landed(scene)).toEqual([]);
    });
  });

  it.concurrent('while it waits to try again ends with 130 at once', async () => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(2);
      scene.faults.choose(() => ({ work: 'never', answer: 429 }));
      const running = person.start('apply', '-f', 'spec.yaml', '-o', 'json', '--debug');
      await running.said('429');
      const { code, stderr } = await running.signal('SIGINT');
      expect(scene.faults.requests()).toEqual(['GET /key/list']);
      expect(stderr).toContain('Interrupted');
      expect(code).toBe(130);
    });
  });

  it.concurrent('while it reads what it is given ends with 130 at once', async () => {
    await play(async (scene) => {
      const { folder, env } = scene.person();
      const running = spawn(process.execPath, [PROGRAM, 'list', '--master-key-stdin'], { cwd: folder, env });
      running.stdin.on('error', () => undefined);
      /* More than a pipe holds: when it is taken, somebody reads. */
      await new Promise((taken) => running.stdin.write('x'.repeat(300_000), taken));
      running.kill('SIGINT');
      expect(await text(running.stderr)).toContain('Interrupted.');
      expect(running.exitCode ?? (await once(running, 'exit'))[0]).toBe(130);
      expect(scene.faults.requests()).toEqual([]);
    });
  });

  it.concurrent('a second time drops what is under way', async () => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(2);
      const asked = new Promise<void>((resolve) => {
        scene.faults.choose(({ path }) => {
          if (path !== '/key/generate') return null;
          resolve();
          return { work: 'done', answer: 'silence' };
        });
      });
      const running = person.start('apply', '-f', 'spec.yaml', '-o', 'json');
      await asked;
      void running.signal('SIGINT');
      await running.said('once more drops it');
      const { code } = await running.signal('SIGINT');
      expect(code).toBe(130);
      expect(leaks(scene, person)).toEqual([]);
      expect(await repair(scene, person, { ...JOB, members: 2 })).toEqual([]);
      expect(await broken(scene, person, scene.aliases(2))).toEqual([]);
    });
  });
});

describe.skipIf(process.platform === 'win32')('a run that hears neither the first nor the second', () => {
  it.concurrent('is ended by the third at once', async () => {
    await play(async (scene) => {
      const { folder, env } = scene.person();
      const begun = join(folder, 'begun');
      writeFileSync(
        join(folder, 'hang.mjs'),
        `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(begun)}, '');\nsetTimeout(() => undefined, 20_000);\n`,
      );
      const command = `${process.execPath} hang.mjs`;
      const running = spawn(process.execPath, [PROGRAM, 'list', '--master-key-command', command], { cwd: folder, env });
      const ended = once(running, 'exit');
      while (!existsSync(begun)) await delay(20);
      for (let times = 0; times < 3; times += 1) {
        await delay(50);
        expect(running.exitCode).toBeNull();
        running.kill('SIGINT');
      }
      expect((await ended)[0]).toBe(130);
    });
  });
});

describe.skipIf(process.platform === 'win32')('a run at any moment of which there is', () => {
  it.concurrent.each(KINDS)('%s says what is so, and is ended by the next run', async (kind) => {
    expect(await interruptAtAnyMoment(kind, 2)).toEqual([]);
  });
});
