import { oneLine } from '../encode/terminal.ts';

/** Of more than so many the first ones are told. */
const MANY = 12;
const SOME = 8;

/**
 * Many names in few words, none lost: at least three in a row that count up become `team-user1 … user25`. The rest
 * stays as it is, in the given order; all safe to print.
 */
export function shortNames(names: readonly string[]): readonly string[] {
  return piecesOf(names).map(({ text }) => text);
}

/** The same, and of many the first ones and how many more there are. */
export function someNames(names: readonly string[]): readonly string[] {
  const pieces = piecesOf(names);
  if (pieces.length <= MANY) return pieces.map(({ text }) => text);
  const more = pieces.slice(SOME).reduce((sum, { size }) => sum + size, 0);
  return [...pieces.slice(0, SOME).map(({ text }) => text), `and ${String(more)} more`];
}

/** `size`: how many names it tells. */
type Piece = { readonly text: string; readonly size: number };

function piecesOf(names: readonly string[]): readonly Piece[] {
  const runs: string[][] = [];
  let before: string | null = null;
  for (const name of names) {
    if (before !== null && follows(before, name)) runs.at(-1)?.push(name);
    else runs.push([name]);
    before = name;
  }
  return runs.flatMap((run): readonly Piece[] => {
    const [first = '', last = ''] = [run[0], run.at(-1)];
    if (run.length < 3) return run.map((name) => ({ text: oneLine(name), size: 1 }));
    return [{ text: `${oneLine(first)} … ${oneLine(ending(last))}`, size: run.length }];
  });
}

function follows(before: string, name: string): boolean {
  const [, prefix = '', digits] = /^(.*?)([0-9]{1,15})$/s.exec(before) ?? [];
  return digits !== undefined && name === prefix + String(Number(digits) + 1).padStart(digits.length, '0');
}

/** The part of a name that counts: after the last separator before its number. */
function ending(name: string): string {
  return /[^-/_. ]*[0-9]+$/.exec(name)?.[0] ?? name;
}
