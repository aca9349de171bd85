/** Clocks that are wrong, or are set in the middle of a run: ends of keys are the server's, and nothing else looks at the time. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { start } from '../support/process.ts';
import { play, type Person, type Scene } from './scene.ts';

const HOUR = 3_600_000;
const APPLY = ['apply', '-f', 'spec.yaml', '--debug'];

/** How long each key lives, in whole minutes from its creation. */
async function lives(scene: Scene): Promise<readonly number[]> {
  return (await scene.keys()).map(({ created_at, expires }) =>
    Math.round((Date.parse(expires ?? '') - Date.parse(created_at ?? '')) / 60_000),
  );
}

/** Creates keys for an hour, makes it two, and applies once more; answers with what each run said. */
async function threeRuns(scene: Scene, person: Person, run: (request: number) => ReturnType<Person['vkeys']>) {
  person.wants(1);
  const created = await run(3);
  expect(await lives(scene)).toEqual([60, 60]);
  person.wants(1, { duration: '2h' });
  const updated = await run(2);
  expect(await lives(scene)).toEqual([120, 120]);
  const idle = await run(1);
  expect(scene.faults.requests().filter((request) => request.startsWith('POST'))).toEqual([]);
  return [created, updated, idle];
}

describe.each([-24, 24])("a server whose clock is %i hours from the user's", (hours) => {
  it('gives keys the life that was asked for, and the next run renews none', async () => {
    const now = (): Date => new Date(Date.now() + hours * HOUR);
    await play(
      async (scene) => {
        const person = scene.person();
        const run = async (): ReturnType<Person['vkeys']> => {
          scene.faults.choose(() => null);
          return person.vkeys(...APPLY);
        };
        const codes = (await threeRuns(scene, person, run)).map(({ code }) => code);
        expect(codes).toEqual([0, 0, 0]);
        person.wants(1, { on_expired: 'recreate' });
        expect((await person.vkeys('plan', '-f', 'spec.yaml')).stdout).not.toContain('replace');
      },
      { now },
    );
  });
});

/** Sets the clock of a process as the machine's is set: at once, and without a word. */
const CLOCK = `
  const Real = Date;
  let ahead = 0;
  globalThis.Date = class extends Real {
    constructor(...args) { super(...(args.length === 0 ? [Real.now() + ahead] : args)); }
    static now() { return Real.now() + ahead; }
  };
  process.on('SIGUSR2', () => { ahead = Number(process.env.AHEAD); });
`;

describe.skipIf(process.platform === 'win32')('a clock that is set in the middle of a run', () => {
  it.concurrent.each([-5, 5])('by %i hours moves no end, fires no timeout and is in no report', async (hours) => {
    await play(async (scene) => {
      const person = scene.person();
      const env = {
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(CLOCK)}`,
        AHEAD: String(hours * HOUR),
      };
      const said = await threeRuns(scene, person, (at) => {
        scene.faults.choose(async ({ number }) => {
          if (number !== at) return null;
          void running.signal('SIGUSR2');
          await delay(20);
          return null;
        });
        const running = start([...APPLY, '--timeout', '20', '--deadline', '60'], {
          cwd: person.folder,
          env: { ...person.env, ...env },
        });
        return running.ended;
      });
      expect(said.map(({ code }) => code)).toEqual([0, 0, 0]);
      const times = said.flatMap(({ stdout, stderr }) => [...(stdout + stderr).matchAll(/(-?[\d.]+) (?:ms|s)\b/g)]);
      expect(times.length).toBeGreaterThan(6);
      expect(times.map(([, time]) => Number(time)).filter((time) => time < 0 || time > 60_000)).toEqual([]);
    });
  });
});
