import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isErrno } from '../base/files.ts';
import { firstOf } from '../base/first-of.ts';
import { isOpen, keepsModes, stuckOpen, type Stuck } from '../base/modes.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Notice } from '../model/plan.ts';
import type { Target } from './sink.ts';

const WORDS = {
  disk: ['its disk keeps no modes', 'Choose a folder on another disk, or one that only you can enter.'],
  lent: ["it is mounted, or another user's", 'Give it a mode where it comes from, or choose another path.'],
} as const satisfies Record<Stuck, readonly [string, string]>;

/** Tells the hand-outs that everybody on this machine could read, whatever mode they are given. */
export async function modeNotices(targets: readonly Pick<Target, 'path'>[]): Promise<readonly Notice[]> {
  const disks = new Map<string, Promise<boolean>>();
  const keeps = (folder: string): Promise<boolean> => {
    const known = disks.get(folder) ?? keepsModes(folder);
    disks.set(folder, known);
    return known;
  };
  const found: { readonly path: string; readonly stuck: Stuck }[] = [];
  for (const { path } of targets) {
    const stuck = await stuckAt(path, keeps);
    if (stuck !== null) found.push({ path, stuck });
  }
  return (['disk', 'lent'] as const).flatMap((stuck) => {
    const paths = found.filter((each) => each.stuck === stuck).map(({ path }) => oneLine(path));
    if (paths.length === 0) return [];
    const [why, hint] = WORDS[stuck];
    const message = `Everybody on this machine can read ${firstOf(paths)}: ${why}.`;
    return [{ code: 'delivery', ref: null, message, hint }];
  });
}

async function stuckAt(path: string, keeps: (folder: string) => Promise<boolean>): Promise<Stuck | null> {
  try {
    const about = await stat(path);
    return isOpen(about) ? await stuckOpen(path, about) : null;
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    return (await keeps(dirname(path))) ? null : 'disk';
  }
}
