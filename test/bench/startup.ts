/** How long commands take that ask no server, beside Node doing nothing. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Secret } from '../../src/base/secret.ts';
import { writeHeader, writeLine } from '../../src/secrets/line.ts';
import { keyringPath } from '../../src/secrets/location.ts';
import type { Figure } from './figures.ts';
import { inTurns } from './pairs.ts';
import { VKEYS, workshop } from './place.ts';
import { succeed } from './process.ts';

/** A hundred keys, each written out with fields of its own. */
function hundred(): string {
  const key = (_: unknown, index: number): string =>
    `  - key_alias: team-${String(index)}\n    max_budget: ${String(index)}\n    tpm_limit: 1000\n    models: [gpt-4o-mini]\n    metadata: { owner: team-${String(index)} }\n`;
  return `version: 1\nset: startup\nkeys:\n${Array.from({ length: 100 }, key).join('')}`;
}

/** A keyring that knows a workshop's keys. */
function remember(folder: string): void {
  const about = { server: 'https://litellm.example.com', set: 'startup' };
  const path = keyringPath(join(folder, 'keyring'), about);
  const at = '2026-11-21T10:00:00Z';
  const lines = Array.from({ length: 100 }, (_, index) => {
    const secret = new Secret(`sk-${String(index).padStart(43, 'x')}`);
    const key_id = secret.hash();
    const mint = writeLine({ op: 'mint', key_id, name: `user${String(index)}`, secret, at });
    return mint + writeLine({ op: 'done', key_id, expires: null });
  });
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, writeHeader('bench', about) + lines.join(''), { mode: 0o600 });
}

export async function startup(rounds: number): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-bench-'));
  writeFileSync(join(folder, 'roster.yaml'), workshop('startup', 100, 5));
  writeFileSync(join(folder, 'written.yaml'), hundred());
  remember(folder);
  const commands: readonly (readonly [string, readonly string[], number])[] = [
    ['vkeys --version', ['--version'], 1.4],
    ['vkeys token, of a hundred', ['token', 'user7', '--keyring=keyring'], 1.5],
    ['vkeys --help', ['--help'], 1.6],
    ['vkeys validate, a roster of 100', ['validate', '-f', 'roster.yaml'], 2.2],
    ['vkeys validate, 100 keys written out', ['validate', '-f', 'written.yaml'], 2.2],
    ['vkeys completion bash', ['completion', 'bash'], 1.6],
    ['completing vkeys ap…', ['complete', '--', 'ap'], 1.6],
  ];
  try {
    const figures: Figure[] = [];
    for (const [what, argv, goal] of commands) {
      const time = async (args: readonly string[]): Promise<number> =>
        (await succeed({ argv: args, cwd: folder })).milliseconds;
      await time([VKEYS, ...argv]);
      const { ours, theirs, ratio } = await inTurns(
        rounds,
        () => time([VKEYS, ...argv]),
        () => time(['-e', '0']),
      );
      const detail = `${ours.median.toFixed(0)} ms beside ${theirs.median.toFixed(0)} ms`;
      figures.push({ what, value: ratio, unit: '×', beside: 'of node -e 0', goal: { atMost: goal }, detail });
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
