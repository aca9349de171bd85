/** An organiser's own words for hand-outs: a small YAML file, and the logo that it names. */
import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import type { Diagnostic } from '../model/spec.ts';
import { readInput } from './input-documents.ts';
import { sound } from './issues.ts';
import { diagnose, type Problem } from './read/text.ts';
import { readTree } from './read/value.ts';
import { filled, member, strict } from './schema-parts.ts';

const schema = strict({
  title: member(filled(), 'the heading, e.g. the name of the workshop'),
  intro: member(filled(), 'what stands before the code'),
  footer: member(filled(), 'what stands at the end, e.g. whom to ask'),
  logo: member(filled(), 'a picture, relative to this file'),
});

/** `logo`: a `data:` URL. */
export type OwnWords = { readonly [name in 'title' | 'intro' | 'footer' | 'logo']?: string | undefined };

/** What is wrong is a diagnostic; then there are no words. */
export type ReadWords = { readonly words: OwnWords; readonly diagnostics: readonly Diagnostic[] };

export async function readOwnWords(file: string, cwd: string): Promise<ReadWords> {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const io = { cwd, readStdin: () => Promise.resolve('') };
  const { text, documents } = await readInput({ file, folder: null }, io, report);
  const [document, another] = documents ?? [];
  if (another !== undefined) report(diagnose(text, text.origin(another.tree.at), SEVERAL));
  const source = document === undefined ? null : readTree(document, text, null, report, () => undefined);
  const words = source === null ? null : sound(schema, source.value, [], source, report);
  if (source === null || words?.logo === undefined) return { words: words ?? {}, diagnostics };
  const logo = await pictureAt(resolve(dirname(resolve(cwd, file)), words.logo), words.logo);
  if (typeof logo === 'string') return { words: { ...words, logo }, diagnostics };
  report(diagnose(text, source.at(['logo']), logo));
  return { words: {}, diagnostics };
}

const SEVERAL: Problem = {
  rule: 'yaml',
  message: 'A second document begins here, and there is room for one.',
  hint: 'Take the --- away.',
};

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
};
/** It goes into every page, which is to open on a phone. */
const LARGEST = 64 * 1024;

async function pictureAt(path: string, name: string): Promise<string | Problem> {
  const type = TYPES[extname(path).toLowerCase()];
  if (type === undefined)
    return problem(
      `${name} is no picture that every browser shows`,
      `It is one of *${Object.keys(TYPES).join(', *')}.`,
    );
  try {
    const bytes = await readFile(path);
    if (bytes.length <= LARGEST) return `data:${type};base64,${bytes.toString('base64')}`;
    return problem(
      `${name} has ${String(Math.ceil(bytes.length / 1024))} kB`,
      'Make it smaller: at most 64 kB, 500 pixels wide.',
    );
  } catch {
    return problem(`${name} cannot be read`, 'Check the path: it is relative to this file.');
  }
}

function problem(message: string, hint: string): Problem {
  return { rule: 'file', message: `${message}.`, hint };
}
