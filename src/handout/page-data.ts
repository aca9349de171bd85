/** What the page's script finds in the page. */
import type { Envelope } from './envelope.ts';
import type { Language } from './language.ts';
import type { LetterWords } from './letter-words.ts';
import type { PageWords } from './page-words.ts';

/** `tries`: whether it may ask the gateway. */
export type PageData = {
  readonly version: 1;
  readonly rounds: number;
  readonly language: Language;
  readonly tries: boolean;
  readonly words: PageWords & LetterWords;
  readonly clients: readonly ClientTab[];
  readonly envelopes: readonly Envelope[];
};

/**
 * What a client reads, still with `{key}` and the like in it. `variables`: of the environment. `file`: what it wants in a file
 * of its own.
 */
export type ClientTab = {
  readonly client: string;
  readonly label: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly file: { readonly path: string; readonly text: string } | null;
  /** What a person has to know beside, in English. */
  readonly note: string | null;
};
