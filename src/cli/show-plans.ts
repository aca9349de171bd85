/** What a command on chosen keys would do, where it is only asked that. */
import type { Notice, Plan } from '../model/plan.ts';
import { planDocument } from '../view/document.ts';
import { planText } from '../view/plan.ts';
import type { Console } from './console.ts';
import { lookOf } from './look.ts';
import type { Globals } from './options.ts';
import { emit } from './output.ts';
import { sayNotices } from './say.ts';

/** `missing`: what was named and is not there. */
export type Shown = { readonly plans: readonly Plan[]; readonly missing: readonly string[]; readonly url: string };

export type ShownAs = { readonly format: 'table' | 'json' | 'yaml'; readonly started: Date };

export async function showPlans(
  console: Console,
  options: Globals,
  { plans, missing, url }: Shown,
  { format, started }: ShownAs,
): Promise<void> {
  const absent = missing.map((name): Notice => {
    return { code: 'missing', ref: { kind: 'key', name }, message: 'Is not there.', hint: null };
  });
  if (format !== 'table') {
    const rest = { started, ended: console.now(), error: null, notices: absent };
    const here = plans.map((plan) => ({ plan, url }));
    return emit(console, format, planDocument(here, [], rest));
  }
  const look = lookOf(console, console.stdout, options);
  if (plans.length === 0) console.stdout.write('No changes.\n');
  for (const plan of plans) console.stdout.write(planText(plan, look));
  return sayNotices(console, options, absent);
}
