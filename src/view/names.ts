import { oneLine } from './terminal.ts';

/**
 * Many names in few words, none lost: at least three in a row that count up become `team-user1 … user25`. The rest
 * stays as it is, in the given order; all safe to print.
 */
export function shortNames(names: readonly string[]): readonly string[] {
  const runs: (readonly [string, ...string[]])[] = [];
  for (const name of names) {
    const last = runs.at(-1);
    if (last !== undefined && follows(last.at(-1) ?? last[0], name)) runs[runs.length - 1] = [...last, name];
    else runs.push([name]);
  }
  return runs.flatMap((run) => {
    const last = run.at(-1) ?? run[0];
    return run.length < 3 ? run.map(oneLine) : [`${oneLine(run[0])} … ${oneLine(ending(last))}`];
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
