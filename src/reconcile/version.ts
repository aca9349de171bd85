/** Whether a version (`1.77.7`) is known and older than another. An unknown one is taken for new: reading back tells the rest. */
export function isOlder(version: string | null, than: string): boolean {
  if (version === null) return false;
  const [a, b] = [numbers(version), numbers(than)];
  const index = a.findIndex((number, position) => number !== (b[position] ?? 0));
  return index !== -1 && (a[index] ?? 0) < (b[index] ?? 0);
}

function numbers(version: string): readonly number[] {
  return version.split(/[.\-+]/, 3).map((part) => Number.parseInt(part, 10) || 0);
}
