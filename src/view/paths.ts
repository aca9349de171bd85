import { relative } from 'node:path';
import { oneLine } from '../encode/terminal.ts';
import type { Look } from './look.ts';
import { count } from './value.ts';

/** So many files are named. */
const SOME = 3;

/** A path as people in this folder would write it; an address stays as it is. */
function pathText(path: string, { cwd }: Look): string {
  if (/^[a-z][a-z0-9+.-]+:/.test(path)) return oneLine(path);
  const below = relative(cwd, path);
  return oneLine(below === '' || below.startsWith('..') ? path : below);
}

/** Files; of more than `most` the first, and how many more. */
export function pathTexts(paths: readonly string[], most: number, look: Look): readonly string[] {
  const texts = paths.map((path) => pathText(path, look));
  return texts.length <= most ? texts : [...texts.slice(0, SOME), `and ${count(texts.length - SOME, 'more file')}`];
}
