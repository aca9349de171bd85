import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LockPorts } from '../../src/secrets/lock.ts';
import type { Line } from '../../src/apply/ports.ts';
import { after, never, secretFor } from '../support/make.ts';

/** An empty folder that goes away with the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-keyring-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Process 1 of a machine on which every process is alive; waiting takes no time. */
export function lockPorts(changes: Partial<LockPorts> = {}): LockPorts {
  return {
    self: { pid: 1, host: 'here' },
    isAlive: () => true,
    sleep: () => Promise.resolve(),
    stop: never,
    onWait: () => undefined,
    ...changes,
  };
}

export function mintLine(name: string): Line & { readonly op: 'mint' } {
  const secret = secretFor(name);
  return { op: 'mint', key_id: secret.hash(), key_alias: name, secret, at: after(0) };
}
