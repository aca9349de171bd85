/** A server that is started anew in the middle of a run: its port refuses connections for a while, and its keys are there again. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { serveSandbox } from '../../src/sandbox/serve.ts';
import { start } from '../support/process.ts';
import { MASTER_KEY } from '../support/run.ts';
import { broken } from './promise.ts';
import { play } from './scene.ts';

const APPLY = ['apply', '-f', 'spec.yaml', '--concurrency', '3'];
const MEMBERS = 9;

/** A sandbox that goes down with its work done at this request (counted from 1), and is up again after so many milliseconds. */
async function serveRestarting(at: number, milliseconds: number) {
  const sandbox = createSandbox({ now: () => new Date(), masterKey: MASTER_KEY });
  let seen = 0;
  let restarted: Promise<void> | null = null;
  const handle: Sandbox['handle'] = (request) => {
    seen += 1;
    if (seen === at) restarted = restart();
    return sandbox.handle(request);
  };
  let running = await serveSandbox({ ...sandbox, handle }, 0);
  const { url, port } = running;
  async function restart(): Promise<void> {
    await running.close();
    await delay(milliseconds);
    running = await serveSandbox({ ...sandbox, handle }, port);
  }
  return {
    url,
    hasRestarted: () => restarted !== null,
    close: async () => {
      await restarted;
      await running.close();
    },
  };
}

describe('a server that restarts in the middle of an apply', () => {
  it.concurrent.each([
    ['at the first creations', 4],
    ['while keys are read back', 13],
  ])('%s (request %i) costs no key and no second command', async (_, at) => {
    const server = await serveRestarting(at, 150);
    try {
      await play(
        async (scene) => {
          const person = scene.person();
          person.wants(MEMBERS);
          const place = { cwd: person.folder, env: { ...person.env, LITELLM_BASE_URL: server.url } };
          expect(await start(APPLY, place).ended).toMatchObject({ code: 0, stderr: '' });
          expect(server.hasRestarted()).toBe(true);
          expect(await broken(scene, person, scene.aliases(MEMBERS))).toEqual([]);
          expect((await start(APPLY, place).ended).stdout).toContain('Nothing to do');
        },
        { url: server.url, masterKey: MASTER_KEY },
      );
    } finally {
      await server.close();
    }
  });
});
