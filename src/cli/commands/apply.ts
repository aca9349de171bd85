import type { Plan } from '../../model/model.ts';
import { hasChanges } from '../../plan/make.ts';
import { serverOn } from '../../litellm/key-store.ts';
import { planJson, planText } from '../../view/plan.ts';
import { applySpecs } from '../applying.ts';
import { undeliveredNotices } from '../../run/deliver.ts';
import type { Globals } from '../options.ts';
import { keyringState } from '../../run/keyrings.ts';
import { emit, formatAmong, lookOf } from '../output.ts';
import { planSpec, type PlanFlags } from '../../run/plan.ts';
import { withSessions } from '../../run/open.ts';
import { readSpecs } from '../specs.ts';
import type { World } from '../../run/world.ts';

export type PlanOptions = PlanFlags & Globals & { readonly file: readonly string[]; readonly exitCode?: boolean };
export type ApplyOptions = PlanOptions & { readonly yes?: boolean; readonly dryRun?: boolean };

/** Makes the keys what the specs say. */
export async function apply(world: World, options: ApplyOptions): Promise<number> {
  if (options.dryRun === true) return plan(world, options);
  return applySpecs(world, options, await readSpecs(options.file, world));
}

/** Shows what apply would do. */
export async function plan(world: World, options: PlanOptions): Promise<number> {
  const format = formatAmong(world, options, ['table', 'json', 'yaml']);
  const specs = await readSpecs(options.file, world);
  const plans = await withSessions(world, options, async (sessions) => {
    const made: Plan[] = [];
    for (const spec of specs) {
      const session = await sessions.open(spec.url);
      const { plan: bare } = await planSpec(spec, session, serverOn(session.connection), options, null);
      const state = await keyringState(world, options, session.url, spec.set);
      made.push({ ...bare, notices: [...bare.notices, ...(await undeliveredNotices(spec, bare, state, session.url))] });
    }
    return made;
  });
  if (format === 'table') {
    const look = lookOf(world, world.stdout, options);
    for (const each of plans) world.stdout.write((plans.length === 1 ? '' : `${each.set}:\n`) + planText(each, look));
  } else {
    const values = plans.map(planJson);
    await emit(world, format, values.length === 1 && values[0] !== undefined ? values[0] : values);
  }
  return options.exitCode === true && plans.some((each) => hasChanges(each) || each.refusals.length > 0) ? 2 : 0;
}
