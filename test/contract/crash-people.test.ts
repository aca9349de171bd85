/** The program killed among the changes around a team with its people, against a real server: what it keeps of them is its own. */
import { describe, expect, it } from 'vitest';
import { GROUPS } from '../crash/jobs.ts';
import { CUTS, killAtEachRequest } from '../crash/steps.ts';
import { targets } from './targets.ts';

const servers = targets.filter(({ isReal }) => isReal);

describe.skipIf(servers.length === 0)('killed processes (need a real server: LITELLM_BASE_URL)', () => {
  describe.each(servers)('on $name', (on) => {
    it.each(Object.entries(GROUPS))(
      'a run that %s a team with its people, and is killed at any of its changes, is mended by the next run',
      { timeout: 300_000 },
      async (_, job) => {
        expect(await killAtEachRequest({ ...job, on }, CUTS['before it is answered'])).toEqual([]);
      },
    );
  });
});
