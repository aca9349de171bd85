/** Whether an alias matches one of the patterns: `*` is any text, `?` any one character. Without patterns everything does. */
export function matcher(globs: readonly string[] | undefined): (alias: string) => boolean {
  if (globs === undefined || globs.length === 0) return () => true;
  const patterns = globs.map((glob) => {
    const source = glob
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${source}$`, 'su');
  });
  return (alias) => patterns.some((pattern) => pattern.test(alias));
}
