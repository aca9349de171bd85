/** A QR code as SVG: one path, sharp at any size. Readers want four light modules around it, which is the card's to leave. */
import { encode } from 'uqr';
import { escaped } from '../encode/html.ts';

/** Medium correction: cards are folded and stained. */
export function qrSvg(text: string, label: string): string {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const path = data.flatMap((row, y) =>
    runsIn(row).map(([x, length]) => `M${String(x)} ${String(y)}h${String(length)}v1h-${String(length)}z`),
  );
  const box = `0 0 ${String(size)} ${String(size)}`;
  return `<svg class="qr" viewBox="${box}" role="img" aria-label="${escaped(label)}" shape-rendering="crispEdges"><path d="${path.join('')}"/></svg>`;
}

/** Where dark modules begin in a row, and how many they are. */
function runsIn(row: readonly boolean[]): readonly (readonly [start: number, length: number])[] {
  const runs: [number, number][] = [];
  for (const [x, isDark] of row.entries()) {
    const last = runs.at(-1);
    if (isDark && last !== undefined && last[0] + last[1] === x) last[1] += 1;
    else if (isDark) runs.push([x, 1]);
  }
  return runs;
}
