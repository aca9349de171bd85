/** A place in a text, 1-based. */
export type LineColumn = { readonly line: number; readonly column: number };

export function lineColumnAt(text: string, at: number): LineColumn {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
