import { EXIT_CODES } from '../base/errors.ts';
import type { Outcome, Report, Spec } from '../model/model.ts';
import { reportJson, reportText } from '../view/report.ts';
import type { Format, Globals } from './options.ts';
import { emit, lookOf } from './output.ts';
import type { World } from '../run/world.ts';

/** A set's report and what else is told of it. */
export type Told = {
  readonly report: Report;
  readonly seconds: number;
  /** Files that were written. */
  readonly written: readonly string[];
  readonly ansible: Spec['ansible'];
};

/** Prints what was done: text for each set, or one value (an array when there are several sets). */
export async function printReports(
  world: World,
  globals: Globals,
  format: Format,
  told: readonly Told[],
): Promise<void> {
  const { secrets, showKeys } = globals;
  const outcomes = told.flatMap(({ report }) => report.outcomes);
  const single = <T>(values: readonly T[]): T | readonly T[] =>
    values.length === 1 && values[0] !== undefined ? values[0] : values;
  switch (format) {
    case 'table':
      for (const { report, seconds, written } of told) {
        const look = lookOf(world, world.stdout, globals);
        const title = told.length === 1 ? '' : `${report.set}:\n`;
        world.stdout.write(title + reportText(report, look, { showKeys: showKeys === true, seconds, written }));
      }
      break;
    case 'json':
    case 'yaml':
      await emit(world, format, single(told.map(({ report }) => reportJson(report, { secrets }))));
      break;
    case 'ansible': {
      const { ansibleJson } = await import('../view/ansible.ts');
      const results = told.flatMap(({ report, ansible }) =>
        ansible === null ? [] : [ansibleJson(report, ansible, { secrets })],
      );
      await emit(world, 'json', single(results));
      break;
    }
    case 'csv': {
      const [{ csvText }, { outcomeJson }] = await Promise.all([
        import('../encode/csv.ts'),
        import('../view/outcome.ts'),
      ]);
      world.stdout.write(csvText(outcomes.map((outcome) => outcomeJson(outcome, { secrets }))));
      break;
    }
    case 'env': {
      const [{ envText }, { apiBaseUrl }] = await Promise.all([
        import('../view/env.ts'),
        import('../litellm/http/url.ts'),
      ]);
      const known = secrets
        ? outcomes.flatMap(({ change, secret }) =>
            secret === null || change.action === 'delete' ? [] : [{ key_alias: change.key_alias, secret }],
          )
        : [];
      world.stdout.write(envText(known, apiBaseUrl(told[0]?.report.url ?? '')));
      break;
    }
  }
}

/** 0 when all is done, 5 when only a part is, the cause's own code when nothing is, 130 or 143 when interrupted. */
export function exitCodeOf(world: World, reports: readonly Report[]): number {
  if (world.stop.aborted) return interruptedCode(world);
  const outcomes = reports.flatMap((report) => report.outcomes).filter(isWork);
  const failed = outcomes.filter(({ status }) => status !== 'applied');
  if (failed.length === 0) return 0;
  if (failed.length < outcomes.length) return 5;
  const cause = failed.find(({ error }) => error !== null)?.error;
  return cause == null ? EXIT_CODES.api : EXIT_CODES[cause.kind];
}

/** A noop counts only when its hand-out failed. */
function isWork({ change, status }: Outcome): boolean {
  return change.action !== 'noop' || status !== 'applied';
}

function interruptedCode({ stop }: World): number {
  const { reason } = stop;
  const exitCode: unknown = reason instanceof Error && 'details' in reason ? Object(reason.details).exitCode : null;
  return typeof exitCode === 'number' ? exitCode : EXIT_CODES.interrupted;
}
