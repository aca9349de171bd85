/** Files → specs: the entry of this folder. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Diagnostic, Spec } from '../model/spec.ts';
import { partsOf } from './formats/ansible/parts.ts';
import { isOfAnsible } from './formats/ansible/relevant.ts';
import { readPart, type SpecHome, type SpecPart } from './formats/native.ts';
import { readText } from './read/file.ts';
import { fullAllowance, type Allowance } from './allowance.ts';
import { joinSets } from './sets.ts';
import { readTrees } from './read/source.ts';
import { diagnose, numberedText, type OnDiagnostic } from './read/text.ts';
import { readTree } from './read/tree.ts';

/** What reading specs needs of the world. */
export type SpecIo = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readStdin: () => Promise<string>;
};

/** `notices`: what is worth saying of the files and no problem. */
export type Loaded = {
  readonly specs: readonly Spec[];
  readonly diagnostics: readonly Diagnostic[];
  readonly notices: readonly Diagnostic[];
};

/** Nobody reads more; a short text can have millions. */
const MOST_PROBLEMS = 1000;

/**
 * Reads files, folders (their *.yaml, *.yml and *.json in the order of their names) and `-` for stdin. Every problem
 * of every file is a diagnostic; while there is one, there are no specs.
 */
export async function loadSpecs(files: readonly string[], io: SpecIo): Promise<Loaded> {
  const [found, noted] = [new Map<string, Diagnostic>(), new Map<string, Diagnostic>()];
  const enough = new Error('enough');
  let told = 0;
  const report: OnDiagnostic = (diagnostic) => {
    found.set(idOf(diagnostic), diagnostic);
    told += 1;
    if (told === MOST_PROBLEMS) throw enough;
  };
  const note: OnDiagnostic = (diagnostic) => noted.set(idOf(diagnostic), diagnostic);
  let specs: readonly Spec[] = [];
  try {
    specs = await read(files, io, { report, note });
  } catch (error) {
    if (error !== enough) throw error;
  }
  const diagnostics = inOrder([...found.values()]);
  return { specs: diagnostics.length > 0 ? [] : specs, diagnostics, notices: [...noted.values()] };
}

function idOf({ origin, message }: Diagnostic): string {
  return JSON.stringify([origin, message]);
}

/** Who hears of problems, and of what is worth saying. */
type Hearers = { readonly report: OnDiagnostic; readonly note: OnDiagnostic };

async function read(files: readonly string[], io: SpecIo, hearers: Hearers): Promise<readonly Spec[]> {
  const allowance = fullAllowance();
  const parts: SpecPart[] = [];
  for (const file of await inputsOf(files, io, hearers.report)) {
    for (const part of await readFileParts(file, io, allowance, hearers)) parts.push(part);
  }
  return joinSets(parts, allowance, hearers.report);
}

/** By file, in the order in which files had their first problem, and by place. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ origin }) => origin.file))];
  return diagnostics.toSorted(
    ({ origin: a }, { origin: b }) =>
      files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}

async function inputsOf(files: readonly string[], { cwd }: SpecIo, report: OnDiagnostic): Promise<ReadonlySet<string>> {
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
    const text = numberedText(file, '');
    const message = `The folder ${file} has no spec in it.`;
    report(diagnose(text, text.origin(0), { rule: 'file', message, hint: 'Specs end in .yaml, .yml or .json.' }));
  }
  return new Set(inputs.values());
}

async function readFileParts(
  file: string,
  io: SpecIo,
  allowance: Allowance,
  { report, note }: Hearers,
): Promise<readonly SpecPart[]> {
  const fromStdin = file === '-';
  const path = resolve(io.cwd, file);
  const content = fromStdin ? await io.readStdin() : await readText(path, file);
  const text = numberedText(fromStdin ? 'stdin' : file, typeof content === 'string' ? content : '');
  if (typeof content !== 'string') {
    report(diagnose(text, text.origin(0), content));
    return [];
  }
  const home: SpecHome = fromStdin
    ? { name: null, folder: io.cwd, file: null }
    : { name: basename(file, extname(file)), folder: dirname(path), file: path };
  const { env } = io;
  const reading = { text, file: fromStdin ? null : file, home, env, allowance, report, note };
  const parts: SpecPart[] = [];
  for (const document of readTrees(text, report)) {
    if (isOfAnsible(document)) parts.push(...(await partsOf(document, reading)));
    else {
      const source = readTree(document, text, env, report);
      const part = source === null ? null : await readPart(source, home, allowance, report);
      if (part !== null) parts.push(part);
    }
  }
  return parts;
}
