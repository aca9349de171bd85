/** Whether a version (`1.77.7`) is known and older than another. An unknown one is taken for new: reading back tells the rest. */
export function isOlder(version: string | null, than: string): boolean {
  return version !== null && version.localeCompare(than, 'en', { numeric: true }) < 0;
}
