/** Files → specs: the entry of this folder. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Diagnostic, Spec } from '../model/spec.ts';
import { isAnsible, specOfVariables } from './formats/ansible.ts';
import { readPart, type SpecPart } from './formats/native.ts';
import { readText } from './read/file.ts';
import { fullAllowance, type Allowance } from './allowance.ts';
import { joinSets } from './sets.ts';
import { readTrees } from './read/source.ts';
import { diagnose, numberedText, type OnDiagnostic, type Text } from './read/text.ts';
import { readTree, type TreeDocument } from './read/tree.ts';

/** What reading specs needs of the world. */
export type SpecIo = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readStdin: () => Promise<string>;
};

export type Loaded = { readonly specs: readonly Spec[]; readonly diagnostics: readonly Diagnostic[] };

/** Nobody reads more; a short text can have millions. */
const MOST_PROBLEMS = 1000;

/**
 * Reads files, folders (their *.yaml, *.yml and *.json in the order of their names) and `-` for stdin. Every problem
 * of every file is a diagnostic; while there is one, there are no specs.
 */
export async function loadSpecs(files: readonly string[], io: SpecIo): Promise<Loaded> {
  const found = new Map<string, Diagnostic>();
  const enough = new Error('enough');
  let told = 0;
  const report: OnDiagnostic = (diagnostic) => {
    const { origin, message } = diagnostic;
    found.set(JSON.stringify([origin, message]), diagnostic);
    told += 1;
    if (told === MOST_PROBLEMS) throw enough;
  };
  let specs: readonly Spec[] = [];
  try {
    specs = await read(files, io, report);
  } catch (error) {
    if (error !== enough) throw error;
  }
  const diagnostics = inOrder([...found.values()]);
  return { specs: diagnostics.length > 0 ? [] : specs, diagnostics };
}

async function read(files: readonly string[], io: SpecIo, report: OnDiagnostic): Promise<readonly Spec[]> {
  const allowance = fullAllowance();
  const parts: SpecPart[] = [];
  for (const file of await inputsOf(files, io, report)) {
    for (const part of await readFileParts(file, io, allowance, report)) parts.push(part);
  }
  return joinSets(parts, allowance, report);
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
  report: OnDiagnostic,
): Promise<readonly SpecPart[]> {
  const fromStdin = file === '-';
  const path = resolve(io.cwd, file);
  const content = fromStdin ? await io.readStdin() : await readText(path, file);
  const text = numberedText(fromStdin ? 'stdin' : file, typeof content === 'string' ? content : '');
  if (typeof content !== 'string') {
    report(diagnose(text, text.origin(0), content));
    return [];
  }
  const place = fromStdin
    ? { name: null, folder: io.cwd }
    : { name: basename(file, extname(file)), folder: dirname(path) };
  const trees = readTrees(text, report);
  const parts: SpecPart[] = [];
  for (const tree of trees) {
    const part = await partOf(tree, text, place, io, allowance, report);
    if (part !== null) parts.push(part);
  }
  return parts;
}

type Place = { readonly name: string | null; readonly folder: string };

async function partOf(
  document: TreeDocument,
  text: Text,
  { name, folder }: Place,
  { env }: SpecIo,
  allowance: Allowance,
  report: OnDiagnostic,
): Promise<SpecPart | null> {
  const { tree } = document;
  const isOurs = tree.kind !== 'map' || !tree.members.some((member) => isAnsible(member.name));
  const source = readTree(document, text, env, isOurs ? () => true : isAnsible, report);
  if (source === null) return null;
  if (isOurs) return readPart(source, name, folder, allowance, report);
  const variables = specOfVariables(source, report);
  const part = variables === null ? null : await readPart(variables.source, null, folder, allowance, report);
  return part === null || variables === null ? null : { ...part, adopt: true, ansible: variables.ansible };
}
