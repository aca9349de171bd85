/** Plans specs and shows what would be done: what `plan` and `apply --dry-run` share. */
import type { VkeysError } from '../base/errors.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Notice, Plan } from '../model/plan.ts';
import type { SpecOptions } from '../run/options.ts';
import { hasWorkIn, planSpecs, refusalsOf, RefusedError, type RunPlan } from '../run/plan.ts';
import { planText } from '../view/plan.ts';
import { planDocument } from '../view/document.ts';
import type { Console } from './console.ts';
import { EXITS } from './exit-codes.ts';
import { exitCodeFor } from './exit.ts';
import { contextOf } from './listen.ts';
import { lookOf } from './look.ts';
import { emit, formatAmong, printsKeys } from './output.ts';
import type { Globals } from './options.ts';
import { say, sayError } from './say.ts';
import { withUnmatched, type ReadSpecs } from './specs.ts';
import { specOptions, type SpecFlags } from './spec-options.ts';

type Flags = SpecFlags &
  Globals &
  Partial<Pick<SpecOptions, 'rotation' | 'rotatesOnly'>> & {
    readonly file: readonly string[];
    readonly out?: string | undefined;
    readonly exitCode?: true | undefined;
  };

/** With `out`, the plan is saved unless it is refused. 6 when apply would be refused, 2 with `--exit-code` when it would do anything, hand-outs included. */
export async function planAndShow(console: Console, options: Flags, read: ReadSpecs): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml', 'markdown']);
  const { out } = options;
  const started = console.now();
  const { specs, notices } = await withUnmatched(read, console, options);
  const context = contextOf(console, { ...options, ...specOptions(options), printsKeys: printsKeys(format, options) });
  const planned = await planSpecs(context, specs);
  const refusals = refusalsOf(planned);
  const error = refusals.length === 0 ? null : new RefusedError(refusals);
  if (format === 'table') showPlan(console, options, planned);
  else {
    if (format === 'markdown') await showMarkdown(console, options, planned);
    else await emitPlan(console, format, planned, { started, error, notices });
    if (error !== null) await sayError(console, options, error);
  }
  if (error !== null) return exitCodeFor(error);
  if (out !== undefined) {
    await (await import('./saved-plan.ts')).savePlan(console, out, options.file, options, planned);
    say(console, options, `Saved in ${oneLine(out)}. To do just that: vkeys apply --plan ${oneLine(out)}`);
  }
  return options.exitCode === true && hasWorkIn(planned) ? EXITS.changes.code : 0;
}

/** The document of a run that changed nothing; `error`: why. `notices`: what is worth saying beside the plans. */
export async function emitPlan(
  console: Console,
  format: 'json' | 'yaml',
  { sets, refusals }: RunPlan,
  rest: { readonly started: Date; readonly error: VkeysError | null; readonly notices: readonly Notice[] },
): Promise<void> {
  const plans = sets.map(({ plan, session }) => ({ plan, url: session.url }));
  await emit(console, format, planDocument(plans, refusals, { ...rest, ended: console.now() }));
}

export function showPlan(console: Console, options: Globals, { sets, refusals }: RunPlan): void {
  const look = lookOf(console, console.stdout, options);
  for (const plan of plansIn({ sets, refusals }))
    console.stdout.write((sets.length === 1 ? '' : `${plan.set}:\n`) + planText(plan, look));
}

async function showMarkdown(console: Console, options: Globals, planned: RunPlan): Promise<void> {
  const { plansMarkdown } = await import('../view/markdown.ts');
  const look = { ...lookOf(console, console.stdout, options), color: 0, columns: null } as const;
  console.stdout.write(plansMarkdown(plansIn(planned), look));
}

/** What stops all of it is told first. */
function plansIn({ sets, refusals }: RunPlan): readonly Plan[] {
  return sets.map(({ plan }, index) => (index === 0 ? { ...plan, refusals: [...refusals, ...plan.refusals] } : plan));
}
