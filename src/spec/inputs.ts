/** The words of `-f` → files. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { diagnose, numberedText, type OnDiagnostic } from './read/text.ts';

/** `folder`: whose it is, where nobody named the file itself. */
export type Input = { readonly file: string; readonly folder: string | null };

/** Each file once, `before` as the first; of a folder its *.yaml, *.yml and *.json in the order of their names. */
export async function inputsOf(
  files: readonly string[],
  { cwd, isDeep }: { readonly cwd: string; readonly isDeep: boolean },
  before: Input | null,
  report: OnDiagnostic,
): Promise<readonly Input[]> {
  const inputs = new Map<string, Input>();
  if (before !== null) inputs.set(resolve(cwd, before.file), before);
  for (const file of files) {
    const path = resolve(cwd, file);
    const isFolder = file !== '-' && (await stat(path).catch(() => null))?.isDirectory() === true;
    const id = file === '-' ? file : path;
    if (!isFolder) {
      if (before === null || inputs.get(id) !== before) inputs.set(id, { file, folder: null });
    } else {
      const found = await within(path, file, isDeep, report);
      if (found.length === 0) reportEmpty(file, report);
      for (const name of found) {
        const at = resolve(cwd, name);
        if (!inputs.has(at)) inputs.set(at, { file: name, folder: file });
      }
    }
  }
  return [...inputs.values()];
}

async function within(path: string, name: string, isDeep: boolean, report: OnDiagnostic): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    reportFolder(name, `The folder ${name} cannot be read: ${String(error)}.`, 'Check who may read it.', report);
    return [];
  });
  const names: string[] = [];
  for (const entry of entries.toSorted((a, b) => Number(a.name > b.name) - Number(a.name < b.name))) {
    const inside = join(name, entry.name);
    if (entry.isDirectory()) {
      if (isDeep && !/^\.|^node_modules$/.test(entry.name))
        names.push(...(await within(join(path, entry.name), inside, isDeep, report)));
    } else if (/\.(?:ya?ml|json)$/.test(entry.name)) names.push(inside);
  }
  return names;
}

export function reportEmpty(folder: string, report: OnDiagnostic): void {
  const hint = 'Specs end in .yaml, .yml or .json, and have keys: in them; -r looks into the folders inside, too.';
  reportFolder(folder, `The folder ${folder} has no spec in it.`, hint, report);
}

function reportFolder(folder: string, message: string, hint: string, report: OnDiagnostic): void {
  const text = numberedText(folder, '');
  report(diagnose(text, text.origin(0), { rule: 'file', message, hint }));
}
