import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROGRAM } from '../support/process.ts';

test('a clone that is not built says so, and how to build it', () => {
  const clone = mkdtempSync(join(tmpdir(), 'vkeys-unbuilt-'));
  mkdirSync(join(clone, 'bin'));
  cpSync(PROGRAM, join(clone, 'bin', 'vkeys.js'));
  writeFileSync(join(clone, 'package.json'), '{"type":"module"}');
  const { status, stderr } = spawnSync(process.execPath, ['bin/vkeys.js', 'plan'], { cwd: clone, encoding: 'utf8' });
  expect([status, stderr]).toEqual([
    1,
    'error: This clone of vkeys is not built yet.\nnext:  npm ci && npm run build\n',
  ]);
});
