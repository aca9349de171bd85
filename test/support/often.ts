/** How often a property is tried whose tries cost much: a quarter of it, and all of it where VKEYS_THOROUGH asks for it. */
export function often(runs: number): number {
  return process.env['VKEYS_THOROUGH'] === '1' ? runs : Math.ceil(runs / 4);
}
