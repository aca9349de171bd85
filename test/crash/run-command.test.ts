/** `vkeys run` with real processes: signals, terminals, and what a killed one leaves. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { keyStore } from '../../src/litellm/key-store.ts';
import type { Live } from '../../src/model/resource.ts';
import { connectionTo } from '../contract/targets.ts';
import { play, type Person, type Scene } from './scene.ts';
import { hasScript, terminal } from './window.ts';

/** Says that it is there and which process it is, and does what it is told by a signal, or goes on for some seconds. */
const CHILD = `
trap 'exit 8' INT
trap 'exit 9' TERM
echo "here $$ $OPENAI_API_KEY." >&2
i=0; while [ $i -lt 200 ]; do sleep 0.05; i=$((i+1)); done
`;
/** At a terminal: counts what Ctrl-C it gets, and ends by itself. */
const COUNTING = `
trap 'n=x$n' INT
echo here; i=0; while [ $i -lt 30 ]; do sleep 0.05; i=$((i+1)); done; echo "got:$n."
`;

async function keysOn({ server }: Scene): Promise<readonly Live[]> {
  const connection = connectionTo({ ...server, fetch: globalThis.fetch, now: () => new Date() });
  return (await keyStore(connection).survey({ ids: [], names: [], all: true })).lives;
}

type Child = { readonly running: ReturnType<Person['start']>; readonly pid: number };

async function begin(person: Person, ...words: readonly string[]): Promise<Child> {
  writeFileSync(join(person.folder, 'child.sh'), CHILD);
  const running = person.start('run', ...words, '--', 'sh', 'child.sh');
  await running.said('.\n');
  return { running, pid: childOf(running.pid) };
}

/** Its number. */
function childOf(parent: number): number {
  const found = readdirSync('/proc').find((name) => /^\d+$/.test(name) && statOf(name)[1] === String(parent));
  return Number(found ?? Number.NaN);
}

function statOf(pid: string): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

describe.skipIf(process.platform !== 'linux')('a command that runs with a key of its own', () => {
  it.concurrent.each([
    ['SIGINT', 8],
    ['SIGTERM', 9],
    ['SIGHUP', 129],
  ] as const)('gets %s that vkeys gets, and the key goes; exit code %i', async (signal, code) => {
    await play(async (scene) => {
      const { running } = await begin(scene.person(), '-q');
      expect(await keysOn(scene)).toHaveLength(1);
      expect(await running.signal(signal)).toMatchObject({ code, stdout: '' });
      expect(await keysOn(scene)).toEqual([]);
    });
  });

  it.concurrent('that is killed itself ends vkeys with 137, and the key goes', async () => {
    await play(async (scene) => {
      const { running, pid } = await begin(scene.person(), '-q');
      process.kill(pid, 'SIGKILL');
      expect((await running.ended).code).toBe(137);
      expect(await keysOn(scene)).toEqual([]);
    });
  });

  it.concurrent('has its key in no command line, and vkeys prints it nowhere', async () => {
    await play(async (scene) => {
      const { running } = await begin(scene.person());
      const lines = readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => {
          try {
            return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
          } catch {
            return '';
          }
        });
      const { stderr } = await running.signal('SIGTERM');
      const [, key = ''] = /here \d+ (sk-[\w-]+)\./.exec(stderr) ?? [];
      expect(key).toMatch(/^sk-.{20,}/);
      expect(lines.filter((line) => line.includes(key))).toEqual([]);
      expect(stderr.split(key)).toHaveLength(2);
    });
  });

  it.concurrent('whose vkeys is killed keeps a key that ends by itself, and the next run deletes it', async () => {
    await play(async (scene) => {
      const person = scene.person();
      const { running, pid } = await begin(person, '-q', '--ttl', '10m');
      const dead = running.signal('SIGKILL');
      process.kill(pid, 'SIGKILL');
      await dead;
      const [left] = await keysOn(scene);
      const seconds = (Date.parse(left?.expires ?? '') - Date.now()) / 1000;
      expect([seconds > 500, seconds < 605]).toEqual([true, true]);
      const next = await begin(person, '-q');
      const now = await keysOn(scene);
      expect([now.length, now[0]?.id === left?.id]).toEqual([1, false]);
      await next.running.signal('SIGTERM');
      expect(await keysOn(scene)).toEqual([]);
    });
  });

  it.concurrent('counts what it called, on whatever the server has written', async () => {
    await play(async (scene) => {
      const person = scene.person();
      const call = `
        const ask = (model) => fetch(process.env.OPENAI_BASE_URL + '/chat/completions', {
          method: 'POST',
          headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY, 'content-type': 'application/json' },
          body: JSON.stringify({ model, messages: [] }),
        });
        const answers = [await ask('gpt-4o-mini'), await ask('gpt-4o-mini'), await ask('claude-sonnet')];
        process.exitCode = answers.filter(({ ok }) => ok).length;`;
      writeFileSync(join(person.folder, 'call.mjs'), call);
      const line = ['run', '--models', 'gpt-4o-mini', '--', process.execPath, 'call.mjs'];
      expect(await person.start(...line).ended).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/^2 calls, 0\.10 US dollars, 1 refused, as of \d\d:\d\d:\d\d UTC\n$/),
      });
    });
  });
});

describe.skipIf(!hasScript())('a command at a terminal (needs the script of util-linux)', () => {
  it.concurrent('gets Ctrl-C once, from the terminal, and the key goes when it ends', async () => {
    await play(async (scene) => {
      const person = scene.person();
      writeFileSync(join(person.folder, 'child.sh'), COUNTING);
      const window = terminal(person, 'run -q -- sh child.sh');
      await window.shown('here');
      window.type('\u0003');
      expect(await window.ended).toMatchObject({ code: 0, screen: expect.stringContaining('got:x.') });
      expect(await keysOn(scene)).toEqual([]);
    });
  });

  it.concurrent('ends with its window, and the key goes', async () => {
    await play(async (scene) => {
      const person = scene.person();
      writeFileSync(join(person.folder, 'child.sh'), `${COUNTING}${COUNTING}${COUNTING}`);
      const window = terminal(person, 'run -q -- sh child.sh');
      await window.shown('here');
      window.close();
      await window.ended;
      let left = await keysOn(scene);
      for (let look = 0; left.length > 0 && look < 40; look += 1) {
        await delay(100);
        left = await keysOn(scene);
      }
      expect(left).toEqual([]);
    });
  });
});
