/** A disk that is full, or read-only: a small tmpfs, which only root on Linux can make. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { broken, hash, leaks, readKeyring } from './promise.ts';
import { play, type Person } from './scene.ts';

const APPLY = ['apply', '-f', 'spec.yaml'];

/** A disk of so many kilobytes at a folder; `grow` makes it large. */
async function withDisk(folder: string, size: string, work: (grow: () => void) => Promise<void>): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', folder], { stdio: 'pipe' });
  try {
    await work(() => execFileSync('mount', ['-o', 'remount,size=4m', folder]));
  } finally {
    execFileSync('umount', [folder]);
  }
}

async function canMount(): Promise<boolean> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-mount-'));
  try {
    await withDisk(folder, '4k', () => Promise.resolve());
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

const state = (person: Person): string => join(person.folder, 'state');

describe.skipIf(!(await canMount()))('a disk that is full (needs root on Linux, to mount a small one)', () => {
  it.each(['4k', '8k'])('of %s under the keyring: no key is made without its secret', async (size) => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(30);
      await withDisk(state(person), size, async (grow) => {
        const { code, stderr } = await person.start(...APPLY).ended;
        expect(await scene.keys()).toEqual([]);
        expect(stderr).toContain('the disk is full');
        expect(code).toBe(3);
        grow();
        expect((await person.vkeys(...APPLY)).code).toBe(0);
        expect(await broken(scene, person, scene.aliases(30))).toEqual([]);
      });
    });
  });

  it('under the keyring, after the secrets were written: the report tells it, and the next run ends it', async () => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(15);
      await withDisk(state(person), '12k', async (grow) => {
        const { code, stdout } = await person.start(...APPLY).ended;
        const { secrets } = readKeyring(person.folder);
        expect((await scene.keys()).map(({ id }) => id).toSorted()).toEqual([...secrets.keys()].toSorted());
        expect(secrets.size).toBe(16);
        expect(stdout).toContain('the disk is full');
        expect(code).toBe(5);
        grow();
        expect((await person.vkeys(...APPLY)).code).toBe(0);
        expect(await broken(scene, person, scene.aliases(15))).toEqual([]);
      });
    });
  });

  it('where the server chooses the secrets: what could not be written is made anew', async () => {
    await play(
      async (scene) => {
        const person = scene.person();
        person.wants(15);
        await withDisk(state(person), '8k', async (grow) => {
          const { code, stdout, stderr } = await person.start(...APPLY, '--concurrency', '2').ended;
          expect(stdout + stderr).toContain('the disk is full');
          expect([3, 5]).toContain(code);
          grow();
          expect((await person.vkeys(...APPLY)).code).toBe(0);
          expect(await broken(scene, person, scene.aliases(15))).toEqual([]);
        });
      },
      { disableCustomKeys: true },
    );
  });

  it('that has become read-only under the keyring: nothing is asked for, what is known can be read', async () => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(2);
      await withDisk(state(person), '1m', async () => {
        const remount = (mode: 'ro' | 'rw'): Buffer =>
          execFileSync('mount', ['-o', `remount,${mode}`, state(person)], { stdio: 'pipe' });
        expect((await person.vkeys(...APPLY)).code).toBe(0);
        person.wants(3);
        remount('ro');
        const { code, stderr } = await person.start(...APPLY).ended;
        expect([code, stderr]).toEqual([3, expect.stringMatching(/its disk is read-only.*\n.*--keyring PATH/)]);
        expect(scene.faults.requests().filter((request) => request === 'POST /key/generate')).toHaveLength(3);
        /* What apply would not do, no plan promises; one without work reads what is known. */
        const plan = await person.start('plan', '-f', 'spec.yaml').ended;
        expect([plan.code, plan.stdout]).toEqual([6, expect.stringContaining('its disk is read-only')]);
        person.wants(2);
        expect((await person.vkeys('plan', '-f', 'spec.yaml')).code).toBe(0);
        person.wants(3);
        remount('rw');
        expect((await person.vkeys(...APPLY)).code).toBe(0);
        expect(await broken(scene, person, scene.aliases(3))).toEqual([]);
      });
    });
  });

  it('under the deliveries: the secrets are in the keyring, and are delivered when there is room', async () => {
    await play(async (scene) => {
      const person = scene.person();
      person.wants(7);
      await withDisk(join(person.folder, 'out'), '12k', async (grow) => {
        const { code, stdout } = await person.start(...APPLY, '-o', 'json').ended;
        const { secrets } = readKeyring(person.folder);
        expect((await scene.keys()).map(({ id }) => id).toSorted()).toEqual([...secrets.values()].map(hash).toSorted());
        expect(stdout).toContain('the disk is full');
        expect([1, 5]).toContain(code);
        expect(leaks(scene, person)).toEqual([]);
        grow();
        expect((await person.vkeys(...APPLY)).code).toBe(0);
        expect(await broken(scene, person, scene.aliases(7))).toEqual([]);
      });
    });
  });
});
