/** From which specs a run was: the files, and what Git knows of them. It is asked in ways that run no hook and no filter. */
import { basename, dirname } from 'node:path';
import { gitName } from '../base/digest.ts';
import { readIfThere } from '../base/files.ts';
import type { SpecSource } from '../model/history.ts';
import type { World } from './world.ts';

/** Nobody waits longer for what is only noted, in milliseconds. */
const PATIENCE = 3000;

/** Each file with its commit, where it is in a repository and Git is here. */
export async function specSources(
  { run }: Pick<World, 'run'>,
  files: readonly string[],
): Promise<readonly SpecSource[]> {
  const sources: SpecSource[] = [];
  for (const folder of new Set(files.map((file) => dirname(file)))) {
    const here = files.filter((file) => dirname(file) === folder);
    const git = async (...args: readonly string[]): Promise<string | null> => {
      const { exitCode, stdout } = await run('git', ['-C', folder, ...args], { patience: PATIENCE });
      return exitCode === 0 ? stdout : null;
    };
    const commit = (await git('rev-parse', '--verify', '--quiet', 'HEAD'))?.trim() ?? null;
    const tree =
      commit === null ? null : await git('ls-tree', '-z', commit, '--', ...here.map((file) => basename(file)));
    for (const file of here)
      sources.push({ file, commit, modified: tree === null ? null : await isModified(file, tree) });
  }
  return sources;
}

/** Whether a file is not as a listing of Git's has it; the ends of its lines may be another system's. */
async function isModified(file: string, tree: string): Promise<boolean> {
  const entry = tree.split('\0').find((each) => each.endsWith(`\t${basename(file)}`));
  const [, name] = /^\d+ blob ([0-9a-f]+)\t/.exec(entry ?? '') ?? [];
  const content = await readIfThere(file, 'latin1').catch(() => null);
  if (name === undefined || content === null) return true;
  const algorithm = name.length === 64 ? 'sha256' : 'sha1';
  const forms = [content, content.replaceAll('\r\n', '\n')];
  return !forms.some((form) => gitName(Buffer.from(form, 'latin1'), algorithm) === name);
}
