/** That something could not be looked at whole. */
import { VkeysError } from '../base/errors.ts';
import type { Notice } from '../model/plan.ts';

/** What was left out of a list, in words. */
export function gapNotice(message: string): Notice {
  return { code: 'survey', ref: null, message, hint: null };
}

/** For a command whose answer is worth little where something may be missing. */
export function incomplete(): VkeysError {
  return new VkeysError(
    'protocol',
    'Not everything that was meant could be looked at.',
    'The notices say which. Run the same command again.',
  );
}
