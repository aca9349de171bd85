/** The program as a process that is killed, against a real server: only there runs at once truly race. */
import { describe, expect, it } from 'vitest';
import { CREATE, MANY } from '../crash/jobs.ts';
import { interruptAtAnyMoment, KINDS } from '../crash/interruptions.ts';
import { killAtAnyMoment } from '../crash/moments.ts';
import { race } from '../crash/race.ts';
import { CUTS, killAtEachRequest } from '../crash/steps.ts';
import { targets } from './targets.ts';

const servers = targets.filter(({ isReal }) => isReal);

describe.skipIf(servers.length === 0)('killed processes (need a real server: LITELLM_BASE_URL)', () => {
  describe.each(servers)('on $name', (on) => {
    it('a run that is killed at any of its requests is mended by the next run', { timeout: 300_000 }, async () => {
      expect(await killAtEachRequest({ ...MANY, on }, CUTS['before it is answered'])).toEqual([]);
    });

    it('a run that is killed at any moment is mended by the next run', { timeout: 300_000 }, async () => {
      expect(await killAtAnyMoment({ ...CREATE, on }, 6, 400)).toEqual([]);
    });

    it.each(KINDS)('a run at any moment of which there is %s says what is so', { timeout: 300_000 }, async (kind) => {
      expect(await interruptAtAnyMoment(kind, 3, on, 400)).toEqual([]);
    });

    it.each([2, 5, 5])(
      'runs at once on keyrings of their own (%i of them) make one key for each alias',
      { timeout: 300_000 },
      async (count) => {
        expect(await race(count, on)).toEqual([]);
      },
    );
  });
});
