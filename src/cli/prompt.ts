import { VkeysError } from '../base/errors.ts';
import type { Console } from './console.ts';

/** Asks before something is deleted. Without a terminal `--yes` is needed. Throws `refused`. */
export async function confirm(console: Console, yes: boolean, question: string): Promise<void> {
  if (yes) return;
  if (!console.stdin.isTTY || !console.stderr.isTTY) {
    throw new VkeysError(
      'refused',
      `${question} There is no terminal to ask at, so nothing was changed.`,
      'If that is meant, add --yes.',
    );
  }
  const answer = await console.ask(`${question} Type yes to go on: `);
  if (answer.trim().toLowerCase() !== 'yes' && answer.trim().toLowerCase() !== 'y') {
    throw new VkeysError('refused', 'Nothing was changed.', 'Answer yes, or give --yes, to go on.');
  }
}
