/** The first of many texts and how many more there are: `ada and 24 more`. */
export function firstOf(texts: readonly string[], shown = 1): string {
  const more = texts.length - shown;
  return texts.slice(0, shown).join(', ') + (more > 0 ? ` and ${String(more)} more` : '');
}
