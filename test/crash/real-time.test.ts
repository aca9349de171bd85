/** The lock's 30 seconds as they are, between real processes: beside everything else, where VKEYS_REAL_TIME asks for it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { broken } from './promise.ts';
import { makeGate } from './race.ts';
import { play, type Person, type Scene } from './scene.ts';

const APPLY = ['apply', '-f', 'spec.yaml', '-o', 'json'];

/** The one file below the person's keyring with this ending. */
function fileOf({ folder }: Person, ending: string): string {
  const root = join(folder, 'state', 'vkeys');
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending));
  expect(names).toHaveLength(1);
  return join(root, names[0] ?? '');
}

/** Starts a run, whose first request is not answered until `goOn`. */
async function startHeld(scene: Scene, person: Person) {
  const [begun, gate] = [makeGate(), makeGate()];
  scene.faults.choose(async ({ number }) => {
    if (number > 1) return null;
    begun.open();
    await gate.opened;
    return null;
  });
  const running = person.start(...APPLY);
  await begun.opened;
  return { running, goOn: () => gate.open() };
}

/** Runs it again, which waits for the lock; answers with the seconds that it took. */
async function waitAndApply(person: Person, holder: string): Promise<number> {
  const started = performance.now();
  const { code, stderr } = await person.start(...APPLY).ended;
  expect([code, stderr]).toEqual([0, expect.stringContaining(`Waiting for ${holder}`)]);
  return (performance.now() - started) / 1000;
}

describe.skipIf(process.env['VKEYS_REAL_TIME'] !== '1' || process.platform === 'win32')('in real time', () => {
  it.concurrent('the lock of a run that was killed on another machine is taken over after 30 s', async () => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(2);
      const { running, goOn } = await startHeld(scene, person);
      await running.signal('SIGKILL');
      goOn();
      const lock = fileOf(person, '.lock');
      writeFileSync(lock, readFileSync(lock, 'utf8').replace(/"host":"[^"]*"/, '"host":"elsewhere"'));
      const seconds = await waitAndApply(person, `process ${String(running.pid)} on elsewhere`);
      expect(seconds).toBeGreaterThan(25);
      expect(seconds).toBeLessThan(60);
      expect(await broken(scene, person, scene.aliases(2))).toEqual([]);
    });
  }, 120_000);

  it.concurrent('a run that was stopped, and lost its lock meanwhile, notices before it appends or asks for a key', async () => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(2);
      const { running, goOn } = await startHeld(scene, person);
      process.kill(running.pid, 'SIGSTOP');
      expect(await waitAndApply(person, `process ${String(running.pid)}`)).toBeGreaterThan(25);
      const journal = fileOf(person, '.jsonl');
      const [known, asked] = [readFileSync(journal, 'utf8'), scene.faults.requests().length];
      goOn();
      process.kill(running.pid, 'SIGCONT');
      const { code, stderr } = await running.ended;
      expect([code, stderr]).toEqual([
        3,
        expect.stringContaining('stood still for too long and has the keyring no more'),
      ]);
      expect(readFileSync(journal, 'utf8')).toBe(known);
      expect(
        scene.faults
          .requests()
          .slice(asked)
          .filter((request) => request.startsWith('POST /key/generate')),
      ).toEqual([]);
      expect(await broken(scene, person, scene.aliases(2))).toEqual([]);
    });
  }, 120_000);
});
