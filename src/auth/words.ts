import { VkeysError } from '../base/errors.ts';

/**
 * A command line's words as a shell would split them, without being one: spaces part them, quotes and a backslash
 * before a space, quote or backslash keep them together. Throws `usage` for a quote that is left open and for no words.
 */
export function splitWords(line: string): readonly [string, ...string[]] {
  const word = String.raw`(?:[^\s"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*')+`;
  const [first, ...others] = line.match(new RegExp(word, 'g')) ?? [];
  if (first === undefined || !new RegExp(`^\\s*(${word}(\\s+|$))*$`).test(line)) {
    throw new VkeysError(
      'usage',
      'The command that prints the key is empty, or a quote in it is left open.',
      'Give it like this: --master-key-command "pass show litellm".',
    );
  }
  return [unquote(first), ...others.map(unquote)];
}

function unquote(word: string): string {
  return word.replaceAll(/'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([\s"'\\])/g, (_, single, double, escaped) => {
    if (typeof double === 'string') return double.replaceAll(/\\(["\\])/g, '$1');
    return String(single ?? escaped);
  });
}
