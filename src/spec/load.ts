/** Files → specs: the entry of this folder. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Diagnostic, Spec } from '../reconcile/model.ts';
import { readPart, type Part } from './document.ts';
import { readText } from './file.ts';
import { joinSets } from './sets.ts';
import { readTrees } from './source.ts';
import { diagnose, textOf, type Report } from './text.ts';
import { readTree } from './tree.ts';

/** What reading specs needs of the world. */
export type SpecIo = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readStdin: () => Promise<string>;
};

export type Loaded = { readonly specs: readonly Spec[]; readonly diagnostics: readonly Diagnostic[] };

/**
 * Reads files, folders (their *.yaml, *.yml and *.json in the order of their names) and `-` for stdin. Every problem
 * of every file is a diagnostic; while there is one, there are no specs.
 */
export async function loadSpecs(files: readonly string[], io: SpecIo): Promise<Loaded> {
  const found = new Map<string, Diagnostic>();
  const report: Report = (diagnostic) => {
    const { origin, message } = diagnostic;
    found.set(JSON.stringify([origin, message]), diagnostic);
  };
  const parts: Part[] = [];
  for (const file of await inputsOf(files, io, report)) {
    for (const part of await readFileParts(file, io, report)) parts.push(part);
  }
  const specs = joinSets(parts, report);
  const diagnostics = [...found.values()];
  return { specs: diagnostics.length > 0 ? [] : specs, diagnostics };
}

async function inputsOf(files: readonly string[], { cwd }: SpecIo, report: Report): Promise<ReadonlySet<string>> {
  const inputs = new Map<string, string>();
  for (const file of files) {
    const path = resolve(cwd, file);
    const isFolder = file !== '-' && (await stat(path).catch(() => null))?.isDirectory() === true;
    if (!isFolder) {
      inputs.set(file === '-' ? file : path, file);
      continue;
    }
    const names = (await readdir(path)).filter((name) => /\.(?:ya?ml|json)$/.test(name)).toSorted();
    for (const name of names) inputs.set(join(path, name), join(file, name));
    if (names.length > 0) continue;
    const text = textOf(file, '');
    const message = `The folder ${file} has no spec in it.`;
    report(diagnose(text, text.origin(0), { rule: 'file', message, hint: 'Specs end in .yaml, .yml or .json.' }));
  }
  return new Set(inputs.values());
}

async function readFileParts(file: string, io: SpecIo, report: Report): Promise<readonly Part[]> {
  const path = resolve(io.cwd, file);
  const content = file === '-' ? await io.readStdin() : await readText(path, file);
  const text = textOf(file === '-' ? 'stdin' : file, typeof content === 'string' ? content : '');
  const failing = typeof content === 'string' ? null : content;
  if (failing !== null) {
    report(diagnose(text, text.origin(0), failing));
    return [];
  }
  const trees = readTrees(text, report);
  const name = file === '-' ? null : basename(file, extname(file));
  const folder = file === '-' ? io.cwd : dirname(path);
  const parts: Part[] = [];
  for (const tree of trees) {
    const source = readTree(tree, text, io.env, () => true, report);
    const part = source === null ? null : await readPart(source, name, folder, report);
    if (part !== null) parts.push(part);
  }
  return parts;
}
