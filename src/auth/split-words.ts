import { split } from 'shlex';
import { VkeysError } from '../base/errors.ts';

/**
 * A command line's words as a POSIX shell splits them, which expands nothing here. Throws `usage` for a quote or a
 * backslash that nothing ends, and for no words.
 */
export function splitWords(line: string): readonly [string, ...string[]] {
  const [first, ...others] = wordsOf(line) ?? [];
  if (first !== undefined) return [first, ...others];
  throw new VkeysError(
    'usage',
    'The command that prints the key is empty, or a quote in it is left open.',
    'Give it like this: --master-key-command "pass show litellm". A path with \\ in it needs single quotes.',
  );
}

function wordsOf(line: string): readonly string[] | null {
  try {
    return split(line);
  } catch {
    return null;
  }
}
