import type { JsonObject } from '../json.ts';
import type { Report } from '../reconcile/model.ts';
import { reportJson, reportText } from '../view/report.ts';
import type { Format, Globals } from './globals.ts';
import { emit, lookOf } from './output.ts';
import type { World } from './world.ts';

/** A set's report and what only people want to know of it. */
export type Told = { readonly report: Report; readonly seconds: number; readonly written: readonly string[] };

/** Prints what was done: text for each set, or one JSON value (an array when there are several sets). */
export async function printReports(world: World, globals: Globals, format: Format, told: readonly Told[]): Promise<void> {
  const { secrets, showKeys } = globals;
  const outcomes = told.flatMap(({ report }) => report.outcomes);
  switch (format) {
    case 'table':
      for (const { report, seconds, written } of told) {
        const look = lookOf(world, world.stdout, globals);
        const title = told.length === 1 ? '' : `${report.set}:\n`;
        world.stdout.write(title + reportText(report, look, { showKeys: showKeys === true, seconds, written }));
      }
      return;
    case 'json':
    case 'yaml': {
      const reports = told.map(({ report }): JsonObject => reportJson(report, { secrets }));
      await emit(world, format, reports.length === 1 ? (reports[0] ?? null) : reports);
      return;
    }
    case 'csv':
      world.stdout.write((await import('../view/csv.ts')).outcomesCsv(outcomes, { secrets }));
      return;
    case 'env':
      world.stdout.write((await import('../view/env.ts')).outcomesEnv(outcomes, told[0]?.report.url ?? '', { secrets }));
      return;
    case 'ansible':
      return;
  }
}

/** 0 when all is done, 5 when a part failed, the cause's own code when everything did, 130 or 143 when interrupted. */
export function exitCodeOf(world: World, reports: readonly Report[], codeOf: (report: Report) => number): number {
  if (world.stop.aborted) return interruptedCode(world.stop.reason);
  const outcomes = reports.flatMap((report) => report.outcomes).filter(({ change }) => change.action !== 'noop');
  const bad = outcomes.filter(({ status }) => status !== 'applied');
  if (bad.length === 0) return 0;
  const [first] = reports;
  return bad.length < outcomes.length || first === undefined ? 5 : codeOf(first);
}

function interruptedCode(reason: unknown): number {
  return reason === undefined ? 130 : 130;
}
