/** `block` and `unblock`: whether a server takes keys at all. */
import type { Notice } from '../model/plan.ts';
import { changeAndReport, type ChangeOptions } from './change-keys.ts';
import type { Console } from './console.ts';

/** A server of several processes keeps what it knows of a key for a while. */
export const SPREADS: Notice = {
  code: 'lag',
  ref: null,
  message: 'Other processes of the server may take up to 60 s to learn it.',
  hint: null,
};

export function blockKeys(
  console: Console,
  words: readonly string[],
  options: ChangeOptions,
  blocked: boolean,
): Promise<number> {
  return changeAndReport(console, words, options, {
    look: { fields: new Set(['blocked']), columns: ['total_spend'] },
    old: 'along',
    wishFor: ({ mark }) => {
      const opening = blocked || mark?.opens === undefined ? {} : { opens: null };
      return { fields: { settings: { blocked }, ...opening }, notices: [] };
    },
    afterwards: [SPREADS],
  });
}
