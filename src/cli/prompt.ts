import { VkeysError } from '../base/errors.ts';
import type { Console } from './console.ts';

/** Whether somebody is there who sees a question and can answer it. */
export function isAttended({ stdin, stderr }: Console): boolean {
  return stdin.isTTY && stderr.isTTY;
}

/** Asks before something is lost: only the whole word is a yes. Without a terminal `--yes` is needed. Throws `refused`. */
export async function confirm(console: Console, yes: boolean, question: string): Promise<void> {
  if (yes) return;
  if (!isAttended(console)) {
    throw new VkeysError(
      'refused',
      `${question} There is no terminal to ask at, so nothing was changed.`,
      'If that is meant, add --yes.',
    );
  }
  let answer = await wordOf(console, `${question} Type yes to go on: `);
  if (answer === 'y') answer = await wordOf(console, 'y is not enough here. Type yes to go on: ');
  if (answer !== 'yes') throw new VkeysError('refused', 'Nothing was changed.', 'Type yes, or give --yes, to go on.');
}

/** Asks before much is made, where somebody is there to ask. Throws `refused`. */
export async function agree(console: Console, question: string): Promise<void> {
  const answer = await wordOf(console, `${question} Go on? [y/N] `);
  if (answer === 'y' || answer === 'yes') return;
  throw new VkeysError('refused', 'Nothing was changed.', 'Answer y, or give --yes, to go on.');
}

async function wordOf(console: Console, question: string): Promise<string> {
  return (await console.ask(question)).trim().toLowerCase();
}
