/** A file that is named → its documents. */
import { resolve } from 'node:path';
import type { Diagnostic } from '../model/spec.ts';
import type { Input } from './inputs.ts';
import { readText } from './read/file.ts';
import { readTrees } from './read/source.ts';
import { diagnose, numberedText, type OnDiagnostic, type Text } from './read/text.ts';
import type { TreeDocument } from './read/tree.ts';

/** What reading files needs of the world. */
export type FileIo = {
  readonly cwd: string;
  readonly readStdin: () => Promise<string>;
  /** What files are taken to say, by their absolute paths. */
  readonly instead?: ReadonlyMap<string, string>;
};

/** `documents` is `null` where there are none to be had; that is reported. */
type ReadInput = { readonly text: Text; readonly documents: readonly TreeDocument[] | null };

export async function readInput({ file, folder }: Input, io: FileIo, report: OnDiagnostic): Promise<ReadInput> {
  const content = await contentOf(file, io);
  if (!('file' in content)) {
    const { problem, text, at } = content;
    report(diagnose(text, text.origin(at ?? 0), problem));
    return { text, documents: null };
  }
  const problems: Diagnostic[] = [];
  const documents = readTrees(content, (problem) => problems.push(problem));
  /* A file of comments that lies in a folder is no spec. */
  if (folder !== null && problems.every(({ rule }) => rule === 'missing')) return { text: content, documents };
  for (const problem of problems) report(problem);
  return { text: content, documents: problems.length > 0 ? null : documents };
}

async function contentOf(file: string, { cwd, readStdin, instead }: FileIo): ReturnType<typeof readText> {
  if (file === '-') return numberedText('stdin', await readStdin());
  const path = resolve(cwd, file);
  const text = instead?.get(path);
  return text === undefined ? readText(path, file) : numberedText(file, text);
}
