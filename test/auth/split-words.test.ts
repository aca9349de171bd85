import { describe, expect, it } from 'vitest';
import { splitWords } from '../../src/auth/split-words.ts';

describe('splitWords', () => {
  it.each([
    ['pass show litellm', ['pass', 'show', 'litellm']],
    ['  op   read\t"op://My Vault/key" ', ['op', 'read', 'op://My Vault/key']],
    [`a'b c'd "it's" 'say "x"' ""`, ['ab cd', "it's", 'say "x"', '']],
    [String.raw`'C:\tools\op.exe' read my\ key "a\"b\\c\d"`, ['C:\\tools\\op.exe', 'read', 'my key', 'a"b\\c\\d']],
    [String.raw`a\bc`, ['abc']],
    ["say 'it'\\''s'", ['say', "it's"]],
    ['#a "$HOME" `b` *', ['#a', '$HOME', '`b`', '*']],
    ['echo $HOME; ls | cat', ['echo', '$HOME;', 'ls', '|', 'cat']],
  ])('splits %s', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  it.each(['', '  ', 'pass "show', "it's", 'end\\'])('refuses %s', (line) => {
    expect(() => splitWords(line)).toThrow('quote');
  });
});
