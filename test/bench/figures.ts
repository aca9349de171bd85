/** A measurement as a line of the table and of the JSON. */
import Table from 'cli-table3';
import type { Range } from './pairs.ts';

export type Figure = {
  /** `100 keys: create`. */
  readonly what: string;
  readonly value: Range;
  /** `×`, `requests`, `MB`. */
  readonly unit: string;
  /** What it is measured by: `of node -e 0`. */
  readonly beside: string;
  /** `null`: told for information. */
  readonly goal: { readonly atLeast: number } | { readonly atMost: number } | null;
  /** Milliseconds, requests or whatever else explains the value. */
  readonly detail: string;
};

/** Whether the median reaches the goal; `null` where there is none. */
export function isReached({ value, goal }: Figure): boolean | null {
  if (goal === null) return null;
  return 'atLeast' in goal ? value.median >= goal.atLeast : value.median <= goal.atMost;
}

export function tableOf(title: string, figures: readonly Figure[]): string {
  const table = new Table({
    head: [title, 'median', 'min – max', 'goal', '', 'measured'],
    style: { head: [], border: [] },
  });
  for (const figure of figures) {
    const { what, value, unit, beside, goal, detail } = figure;
    const reached = isReached(figure);
    table.push([
      what,
      `${short(value.median)} ${unit} ${beside}`.trim(),
      `${short(value.min)} – ${short(value.max)}`,
      goal === null ? '' : 'atLeast' in goal ? `≥ ${String(goal.atLeast)}` : `≤ ${String(goal.atMost)}`,
      reached === null ? '' : reached ? 'ok' : 'MISSED',
      detail,
    ]);
  }
  return table.toString();
}

export function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}

/** `1.94 s beside 1.76 s`. */
export function seconds(ours: Range, theirs: Range): string {
  return `${(ours.median / 1000).toFixed(2)} s beside ${(theirs.median / 1000).toFixed(2)} s`;
}
