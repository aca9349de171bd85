/** What to do about keys that are made and could not be handed out. */
import { relative } from 'node:path';
import { firstOf } from '../base/first-of.ts';
import type { SetReport } from '../model/outcome.ts';
import type { Spec } from '../model/spec.ts';
import { keyringChoice } from './keyrings.ts';
import type { Context } from './open.ts';
import type { RunOptions } from './options.ts';

/** The report with the command that repeats what failed, where the keyring keeps the keys. */
export function withUndelivered(
  { world, options }: Context<RunOptions>,
  { files }: Pick<Spec, 'files'>,
  report: SetReport,
): SetReport {
  const failed = report.outcomes.filter(
    ({ status, error, live }) => status === 'failed' && live !== null && error?.kind === 'delivery',
  );
  const [first] = failed;
  if (first === undefined || files.length === 0 || options.sandbox === true || !keyringChoice(world, options).keep)
    return report;
  const names = firstOf(failed.map(({ change }) => change.ref.name));
  const [is, it] = failed.length === 1 ? ['is', 'it'] : ['are', 'they'];
  const paths = files.map((file) => relative(world.cwd, file)).join(' ');
  const message = `${names} ${is} in the keyring, and not everywhere where ${it} should be.`;
  const hint = `When that is mended, repeat it, without the server: vkeys deliver -f ${paths}`;
  const ref = failed.length === 1 ? first.change.ref : null;
  return { ...report, notices: [...report.notices, { code: 'delivery', ref, message, hint }] };
}
