import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { oneLine } from '../encode/terminal.ts';
import type { Notice } from '../model/plan.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Run, Target } from './sink.ts';

/**
 * Tells new files that somebody could commit by mistake: they are below a `.git`, and git does not ignore them. Files of
 * one delivery have one fate nearly always, so one of each is asked for. Where git is not installed nobody can say.
 */
export async function workTreeNotices(anew: readonly Target[], run: Run): Promise<readonly Notice[]> {
  const deliveries = new Set(anew.map(deliveryOf));
  const exposed: { readonly path: string; readonly folder: string; readonly many: number }[] = [];
  for (const delivery of deliveries) {
    const targets = anew.filter((target) => deliveryOf(target) === delivery);
    const path = targets[0]?.path ?? '';
    const folder = await workTreeOf(dirname(path));
    if (folder !== null && !(await isIgnored(path, folder, run))) exposed.push({ path, folder, many: targets.length });
  }
  const [first] = exposed;
  if (first === undefined) return [];
  const many = exposed.reduce((sum, each) => sum + each.many, 0);
  const [files, them] = many === 1 ? ['is', 'it'] : [`and ${String(many - 1)} more are`, 'them'];
  const message = `${oneLine(first.path)} ${files} in a Git work tree that does not ignore ${them}: secrets are committed easily.`;
  const hint = `Name the folder or the files in ${oneLine(join(first.folder, '.gitignore'))}.`;
  return [{ code: 'delivery', ref: null, message, hint }];
}

function deliveryOf({ parts }: Target): Delivery | undefined {
  return parts[0]?.delivery;
}

async function isIgnored(path: string, folder: string, run: Run): Promise<boolean> {
  /* A monitor would be a program of the repository's choice. */
  const { exitCode } = await run('git', ['-C', folder, '-c', 'core.fsmonitor=false', 'check-ignore', '-q', '--', path]);
  return exitCode !== 1;
}

async function workTreeOf(folder: string): Promise<string | null> {
  for (let at = folder; ; at = dirname(at)) {
    const isTop = await access(join(at, '.git')).then(
      () => true,
      () => false,
    );
    if (isTop) return at;
    if (dirname(at) === at) return null;
  }
}
