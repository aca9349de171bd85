/** The lock between real processes, which are killed, stopped, and shut into namespaces. Their 30 s are 1.5 s. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { describeSelf, startOf } from '../../src/secrets/holder.ts';
import { readKeyring } from '../../src/secrets/keyring.ts';
import { takeLock } from '../../src/secrets/lock.ts';
import { emptyFolder, keyringPorts, lockPorts, newPath } from './folder.ts';

const STILL = 1500;

describe.skipIf(process.platform === 'win32')('between real processes', () => {
  let worker = '';

  beforeAll(() => {
    const result = buildSync({
      stdin: { contents: WORKER, resolveDir: join(import.meta.dirname, '../..'), loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
    });
    worker = result.outputFiles[0]?.text ?? '';
  });

  type Worker = { readonly child: ChildProcess; readonly said: (text: string) => Promise<void>; told(): string };

  /** Starts a worker, within another program if need be. */
  function start(path: string, what: 'hold' | 'work' | 'keep' | 'add', within: readonly string[] = []): Worker {
    const [program, ...args] = [...within, process.execPath, '--input-type=module', '-', path, what];
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin?.end(worker);
    onTestFinished(() => void child.kill('SIGKILL'));
    let told = '';
    child.stdout?.on('data', (chunk) => {
      told += String(chunk);
    });
    return {
      child,
      told: () => told,
      said: (text) => expect.poll(() => told, { timeout: 20_000, interval: 10 }).toContain(text),
    };
  }

  async function kill({ child }: Worker): Promise<void> {
    const end = once(child, 'exit');
    child.kill('SIGKILL');
    await end;
  }

  it('a lock outlives nobody who is killed, and several who wait for it come one by one', async () => {
    const path = join(emptyFolder(), 'sub', 'ws.lock');
    const holder = start(path, 'hold');
    await holder.said('held');
    const workers = Array.from({ length: 3 }, () => start(path, 'work'));
    await Promise.all(workers.map(({ said }) => said('waiting')));
    await kill(holder);
    await Promise.all(workers.map(({ said }) => said('alone')));
    const self = await describeSelf({ pid: process.pid, host: hostname(), command: '' });
    await (await takeLock(path, lockPorts({ self, startOf, sleep: (wait) => delay(wait) }))).release();
  });

  /** A shell in namespaces of its own, with a host name that is the same for all. */
  const box = (...kinds: readonly string[]): readonly string[] => {
    const command = 'hostname vkeys-box && exec "$@"';
    return ['unshare', '--uts', '--kill-child', ...kinds, 'sh', '-c', command, 'sh'];
  };
  const [unshare = '', ...args] = box('--pid', '--fork', '--mount-proc');
  const canUnshare = spawnSync(unshare, [...args, 'true']).status === 0;

  it.skipIf(!canUnshare)('of two containers with one host name the second waits while the first lives', async () => {
    const path = join(emptyFolder(), 'ws.lock');
    const container = box('--pid', '--fork', '--mount-proc');
    const holder = start(path, 'hold', container);
    await holder.said('held');
    const second = start(path, 'work', container);
    await second.said('on vkeys-box (vkeys hold)');
    await delay(1.3 * STILL);
    expect(second.told()).not.toContain('alone');
    await kill(second);
    await kill(holder);
    await start(path, 'work', container).said('alone');
  });

  it.skipIf(!canUnshare)('a lock of another host is taken over when its heart has stood still', async () => {
    const path = join(emptyFolder(), 'ws.lock');
    const holder = start(path, 'hold', box('--fork'));
    await holder.said('held');
    await kill(holder);
    const killed = performance.now();
    const second = start(path, 'work');
    await second.said('alone');
    expect(performance.now() - killed).toBeGreaterThan(STILL);
  });

  it('a run that was stopped, lost its lock and goes on notices before it appends, and loses nothing', async () => {
    const path = newPath();
    const slept = start(path, 'keep');
    await slept.said('held');
    slept.child.kill('SIGSTOP');
    const other = start(path, 'add');
    await other.said('waiting');
    await other.said('alone');
    slept.child.kill('SIGCONT');
    slept.child.kill('SIGUSR2');
    await slept.said('config: This run stood still for too long and has the keyring no more');
    const { entries } = await readKeyring(path, keyringPorts());
    expect([...entries.values()].map(({ name }) => name)).toEqual(['keep-1', 'add-1']);
    expect(readFileSync(path, 'utf8')).not.toContain('keep-2');
  });
});

/**
 * `hold`: takes the lock and holds it for ever. `work`: looks whether it is alone in there. `keep`: opens the keyring and
 * records again when it is told to. `add`: opens the keyring, records, and closes it.
 */
const WORKER = `
import { mkdirSync, rmdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Secret } from './src/base/secret.ts';
import { describeSelf, startOf } from './src/secrets/holder.ts';
import { openKeyring } from './src/secrets/keyring.ts';
import { takeLock } from './src/secrets/lock.ts';

const [path, what] = process.argv.slice(2);
const FASTER = 20;
const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const ports = {
  by: '0.1.0',
  seal: null,
  now: () => new Date(),
  self: await describeSelf({ pid: process.pid, host: hostname(), command: what }),
  isAlive,
  startOf,
  every: (milliseconds, work) => {
    const timer = setInterval(work, milliseconds / FASTER).unref();
    return () => clearInterval(timer);
  },
  sleep: (milliseconds) => delay(milliseconds / FASTER),
  stop: new AbortController().signal,
  onWait: (holder) => console.log('waiting for ' + holder),
};
const mint = (name) => {
  const secret = new Secret('sk-' + name);
  return { op: 'mint', key_id: secret.hash(), name, secret, at: new Date().toISOString() };
};
if (what === 'hold' || what === 'work') {
  const lock = await takeLock(path, ports);
  if (what === 'hold') {
    console.log('held');
    setInterval(() => undefined, 1000);
  } else {
    mkdirSync(path + '.critical');
    await delay(5);
    rmdirSync(path + '.critical');
    await lock.release();
    console.log('alone');
  }
} else {
  const keyring = await openKeyring(path, { server: 'http://litellm.test', set: 'ws' }, ports);
  await keyring.record([mint(what + '-1')]);
  if (what === 'add') {
    await keyring.close();
    console.log('alone');
  } else {
    process.on('SIGUSR2', () => {
      keyring.record([mint(what + '-2')]).catch((error) => console.log(error.kind + ': ' + error.message));
    });
    console.log('held');
    setInterval(() => undefined, 1000);
  }
}
`;
