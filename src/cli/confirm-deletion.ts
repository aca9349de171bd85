/** Before what was named is deleted, a person sees what goes, and agrees. */
import type { Plan } from '../model/plan.ts';
import { planText } from '../view/plan.ts';
import { countKinds } from '../view/value.ts';
import type { Console } from './console.ts';
import { lookOf } from './look.ts';
import type { Globals } from './options.ts';
import { confirm } from './prompt.ts';
import { sayNotices } from './say.ts';
import { showPlans, type Shown, type ShownAs } from './show-plans.ts';
import type { Ref } from '../model/ref.ts';

type Options = Globals & { readonly yes?: true | undefined };

/** Throws `refused` for another answer than yes. `missing`: what was named and is not there. */
export async function confirmDeletion(
  console: Console,
  options: Options,
  { plans, missing }: { readonly plans: readonly Plan[]; readonly missing: readonly Ref[] },
): Promise<void> {
  if (options.yes === true) return;
  for (const plan of plans) console.stderr.write(planText(plan, lookOf(console, console.stderr, options)));
  await sayNotices(
    console,
    options,
    missing.map((ref) => ({ code: 'missing', ref, message: 'Is not there.', hint: null })),
  );
  const gone = plans.flatMap(({ changes }) => changes.map(({ ref }) => ref));
  await confirm(console, false, `${countKinds(gone)} will be deleted.`);
}

/** Whether what is meant is to be deleted: not with `--dry-run`, which shows it. Throws `refused` as `confirmDeletion` does. */
export async function approveDeletion(
  console: Console,
  options: Options & { readonly dryRun?: true | undefined },
  doomed: Shown,
  shown: ShownAs,
): Promise<boolean> {
  if (options.dryRun === true) {
    await showPlans(console, options, doomed, shown);
    return false;
  }
  const missing = doomed.missing.map((name): Ref => ({ kind: 'key', name }));
  await confirmDeletion(console, options, { plans: doomed.plans, missing });
  return true;
}
