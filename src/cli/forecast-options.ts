/** What a forecast is about, as people write it. */
import { longestSpan } from '../base/duration.ts';
import { VkeysError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import { oneLine } from '../encode/terminal.ts';
import { SPENDER_KINDS, type SpenderKind } from '../model/forecast.ts';

/** `team,member`. Throws `usage` for what has no budget. */
export function spenderKindsIn(words: readonly string[]): readonly SpenderKind[] {
  return words.map((word) => {
    const known = SPENDER_KINDS.find((kind) => kind === word);
    if (known !== undefined) return known;
    const message = `--kind ${oneLine(word)} is nobody who has a budget to spend.${didYouMean(word, SPENDER_KINDS)}`;
    throw new VkeysError('usage', message, `It is one of ${SPENDER_KINDS.join(', ')}, or several of them: team,member`);
  });
}

/** `80%`, or `80`, as a share of 1. Throws `usage` for what is none. */
export function shareIn(text: string): number {
  const [, digits] = /^(\d+(?:\.\d+)?) ?%?$/.exec(text) ?? [];
  const percent = Number(digits);
  if (percent >= 1 && percent <= 100) return percent / 100;
  throw new VkeysError('usage', `--close ${oneLine(text)} is no part of a budget.`, 'Give it in percent: --close 80%');
}

/** A duration in milliseconds; `null` for none. Throws `usage` for what is none. */
export function spanIn(text: string | undefined): number | null {
  if (text === undefined) return null;
  const span = longestSpan(text);
  if (span !== null) return span;
  throw new VkeysError('usage', `--within ${oneLine(text)} is no duration.`, 'Give it like 30d, 12h or 1mo.');
}
