import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Line } from '../../src/model/keyring.ts';
import type { Self } from '../../src/secrets/holder.ts';
import { openKeyring, type KeyringPorts, type OpenKeyring } from '../../src/secrets/keyring.ts';
import { writeHeader, writeLine, type Stored } from '../../src/secrets/line.ts';
import { keyringPath } from '../../src/secrets/location.ts';
import type { LockPorts } from '../../src/secrets/lock.ts';
import { after, never, NOW, secretFor } from '../support/make.ts';

/** An empty folder that goes away with the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-keyring-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A process of a machine named `here`. */
export function processOf(pid: number, changes: Partial<Self> = {}): Self {
  return { pid, host: 'here', command: 'apply', boot: 'b1', namespace: 'n1', started: String(pid * 100), ...changes };
}

/** Process 1 of a machine on which every process is alive; waiting takes no time, and no heart beats. */
export function lockPorts(changes: Partial<LockPorts> = {}): LockPorts {
  return {
    self: processOf(1),
    isAlive: () => true,
    startOf: (pid) => Promise.resolve(String(pid * 100)),
    sleep: () => Promise.resolve(),
    every: () => () => undefined,
    stop: never,
    onWait: () => undefined,
    ...changes,
  };
}

export function keyringPorts(changes: Partial<KeyringPorts> = {}): KeyringPorts {
  return { ...lockPorts(), by: '0.1.0', seal: null, now: () => NOW, ...changes };
}

export const ABOUT = { server: 'https://litellm.example.com:4000/prefix', set: 'ws' } as const;
const HEADER = writeHeader('0.1.0', ABOUT);

/** A journal's text as it is written. */
export function journalText(...lines: readonly Stored[]): string {
  return `${HEADER}${lines.map(writeLine).join('')}`;
}

/** Where the journal of `ABOUT` is, in an empty folder or in that one. */
export function newPath(folder = emptyFolder()): string {
  return keyringPath(folder, ABOUT);
}

export async function openAt(path: string, changes: Partial<KeyringPorts> = {}): Promise<OpenKeyring> {
  return openKeyring(path, ABOUT, keyringPorts(changes));
}

export function mintLine(name: string): Line & { readonly op: 'mint' } {
  const secret = secretFor(name);
  return { op: 'mint', key_id: secret.hash(), name, secret, at: after(0) };
}
