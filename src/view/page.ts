/** Something to read, before it is known where: on a terminal, as Markdown, with man. In texts, `words` in backticks are typed as they are. */
export type Page = {
  /** `vkeys create`, `vkeys help spec`. */
  readonly name: string;
  readonly about: string;
  readonly blocks: readonly Block[];
};

export type Block =
  | { readonly is: 'heading'; readonly text: string }
  | { readonly is: 'text'; readonly text: string }
  /** The last column is for sentences; the others are short. */
  | { readonly is: 'table'; readonly headings: readonly string[]; readonly rows: readonly (readonly string[])[] }
  /** Every column is for sentences; an empty cell is left out. */
  | { readonly is: 'cases'; readonly headings: readonly string[]; readonly rows: readonly (readonly string[])[] }
  /** What can be typed as it stands. */
  | { readonly is: 'shell'; readonly text: string }
  | { readonly is: 'listing'; readonly language: string; readonly text: string };

export const heading = (text: string): Block => ({ is: 'heading', text });
export const text = (...sentences: readonly string[]): Block => ({ is: 'text', text: sentences.join(' ') });
export const table = (headings: readonly string[], rows: readonly (readonly string[])[]): Block => ({
  is: 'table',
  headings,
  rows,
});
export const cases = (headings: readonly string[], rows: readonly (readonly string[])[]): Block => ({
  is: 'cases',
  headings,
  rows,
});
export const shell = (...lines: readonly string[]): Block => ({ is: 'shell', text: lines.join('\n') });
export const listing = (language: string, of: string): Block => ({ is: 'listing', language, text: of });
