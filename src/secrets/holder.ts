/**
 * Who holds a lock, as its file says. A process number alone proves nothing: it is one of a machine, of a boot, and of
 * a namespace of processes (containers), and it is given out again. What Linux tells of that is in /proc.
 */
import { readFile, readlink } from 'node:fs/promises';
import { isObject, parseJson, type Json } from '../base/json.ts';

/** A process. What `/proc` does not tell, or tells of other processes than ours, is `null`. */
export type Self = {
  readonly pid: number;
  readonly host: string;
  /** The command, e.g. `apply`: nothing of its arguments. */
  readonly command: string;
  readonly boot: string | null;
  readonly namespace: string | null;
  /** When it began, in ticks since the boot. */
  readonly started: string | null;
};

/** `id` is another for each time that a lock is taken. */
export type Holder = Self & { readonly id: string };

/** This process, as other runs are to know it. */
export async function describeSelf(known: Pick<Self, 'pid' | 'host' | 'command'>): Promise<Self> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => null);
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => null);
  return { ...known, boot: boot?.trim() ?? null, namespace, started: await startOf(known.pid) };
}

/** When a process began, in ticks since the boot; `null` where nobody can tell. */
export async function startOf(pid: number): Promise<string | null> {
  try {
    /* In a container without a /proc of its own, the numbers there are those of other processes. */
    if ((await readlink('/proc/self')) !== String(process.pid)) return null;
    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** What tells whether a process is there. */
export type Processes = {
  readonly isAlive: (pid: number) => boolean;
  readonly startOf: (pid: number) => Promise<string | null>;
};

/** Whether the holder's process is gone for certain: it was one of this machine, boot and namespace, and is not there. */
export async function isGone(holder: Holder, self: Self, processes: Processes): Promise<boolean> {
  const isNear =
    holder.boot !== null &&
    holder.namespace !== null &&
    holder.host === self.host &&
    holder.boot === self.boot &&
    holder.namespace === self.namespace;
  if (!isNear) return false;
  if (!processes.isAlive(holder.pid)) return true;
  const started = await processes.startOf(holder.pid);
  return started !== null && holder.started !== null && started !== holder.started;
}

/** `null`: nothing that can be read. */
export function readHolder(text: string): Holder | null {
  const json = parseJson(text.split('\n')[0] ?? '');
  if (!isObject(json)) return null;
  const { id, pid, host, command = '', boot = null, namespace = null, started = null } = json;
  if (!isText(id) || typeof pid !== 'number' || !isText(host) || !isText(command)) return null;
  return { id, pid, host, command, boot: textIn(boot), namespace: textIn(namespace), started: textIn(started) };
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string';
}

function textIn(value: Json): string | null {
  return isText(value) ? value : null;
}

/** Who that is, for people. */
export function holderName(holder: Holder | null): string {
  if (holder === null) return 'another process';
  const { pid, host, command } = holder;
  return `process ${String(pid)} on ${host}${command === '' ? '' : ` (vkeys ${command})`}`;
}
