import { oneLine } from '../encode/terminal.ts';

/**
 * Many names in few words, none lost: at least three in a row that count up become `team-user1 … user25`. The rest
 * stays as it is, in the given order; all safe to print.
 */
export function shortNames(names: readonly string[]): readonly string[] {
  const runs: string[][] = [];
  let before: string | null = null;
  for (const name of names) {
    if (before !== null && follows(before, name)) runs.at(-1)?.push(name);
    else runs.push([name]);
    before = name;
  }
  return runs.flatMap((run) => {
    const [first = '', last = ''] = [run[0], run.at(-1)];
    return run.length < 3 ? run.map(oneLine) : [`${oneLine(first)} … ${oneLine(ending(last))}`];
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
