/** Keys of others by the ten thousands, as a big server has them, for what they do to a client. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

export type Others = {
  /** Puts so many keys of others there: `filler-1` … */
  fill(count: number): Promise<void>;
  /** Takes them away again; on a real server, everything else with them. */
  empty(): Promise<void>;
};

const run = promisify(execFile);

/**
 * On a real server of this version, by the program that LITELLM_PROXY names: it is called with `fill COUNT VERSION` and
 * with `reset VERSION`. `null` where no program is named: a request for each key would take too long.
 */
export function othersOn(version: string): Others | null {
  const { LITELLM_PROXY: program = '' } = process.env;
  if (program === '') return null;
  return {
    fill: async (count) => void (await run(program, ['fill', String(count), version])),
    empty: async () => void (await run(program, ['reset', version])),
  };
}

/** In a sandbox: a second apart, and all older than four months. */
export function othersIn(sandbox: Sandbox): Others {
  const made: string[] = [];
  return {
    fill: (count) => {
      for (let number = 1; number <= count; number += 1) {
        const key_alias = `filler-${String(number)}`;
        const created_at = new Date(Date.parse('2026-07-01T00:00:00Z') + number * 1000).toISOString();
        const hash = createHash('sha256').update(key_alias).digest('hex');
        sandbox.writeRow(hash, {
          key_alias,
          created_at,
          user_id: 'somebody@example.com',
          metadata: { note: 'by hand' },
        });
        made.push(hash);
      }
      return Promise.resolve();
    },
    empty: () => {
      for (const hash of made.splice(0)) sandbox.writeRow(hash, null);
      return Promise.resolve();
    },
  };
}
