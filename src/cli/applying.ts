/** Specs, one after another: plan, ask, apply, report. What `apply` and `delete -f` share. */
import { VkeysError } from '../base/errors.ts';
import { serverOn } from '../litellm/key-store.ts';
import type { Plan, Spec } from '../model/model.ts';
import { planText } from '../view/plan.ts';
import type { Globals } from './options.ts';
import { keyringChoice, withKeyring } from '../run/keyrings.ts';
import { confirm, formatOf, lookOf } from './output.ts';
import { assertAllowed, planSpec, type PlanFlags } from '../run/plan.ts';
import { exitCodeOf, printReports, type Told } from './reporting.ts';
import { runPlan } from '../run/apply.ts';
import { withSessions, type Sessions } from '../run/open.ts';
import type { World } from '../run/world.ts';

export type ApplyFlags = PlanFlags & Globals & { readonly yes?: boolean | undefined };

/** Applies specs one after another and reports them together. */
export async function applySpecs(world: World, options: ApplyFlags, specs: readonly Spec[]): Promise<number> {
  const format = formatOf(world, options);
  assertAnsible(specs, format);
  const told: Told[] = [];
  try {
    await withSessions(world, options, async (sessions) => {
      for (const spec of specs) told.push(await applyOne(world, options, spec, sessions));
    });
  } finally {
    if (told.length > 0) await printReports(world, options, format, told);
  }
  return exitCodeOf(
    world,
    told.map(({ report }) => report),
  );
}

async function applyOne(world: World, options: ApplyFlags, spec: Spec, sessions: Sessions): Promise<Told> {
  const started = world.now().getTime();
  const session = await sessions.open(spec.url);
  const server = serverOn(session.connection);
  return withKeyring(world, options, session.url, spec.set, async (keyring) => {
    const planned = await planSpec(spec, session, server, options, keyring);
    assertAllowed(planned.plan);
    assertKept(world, options, spec, planned.plan);
    await confirmDeletions(world, options, planned.plan);
    return runPlan({ world, globals: options, session, keyring }, spec, planned, started);
  });
}

/** Before anything is deleted, a person sees the plan and agrees. Expired keys are replaced because the spec says so. */
async function confirmDeletions(world: World, options: ApplyFlags, made: Plan): Promise<void> {
  const gone = made.changes.filter(({ action }) => action === 'delete');
  if (gone.length === 0) return;
  if (options.yes !== true) world.stderr.write(planText(made, lookOf(world, world.stderr, options)));
  const many = gone.length === 1 ? '1 key' : `${String(gone.length)} keys`;
  await confirm(world, options.yes === true, `${many} will be deleted in ${made.set}.`);
}

/** Without a keyring, a delivery and a reader, a new secret would be lost the moment it is made. */
function assertKept(world: World, options: ApplyFlags, spec: Spec, made: Plan): void {
  const creates = made.changes.some(({ action }) => action === 'create' || action === 'rotate');
  const printed = options.showKeys === true || (formatOf(world, options) !== 'table' && options.secrets);
  if (!creates || keyringChoice(world, options).keep || spec.deliver.length > 0 || printed || options.sandbox === true)
    return;
  throw new VkeysError(
    'refused',
    'With --keyring none nobody would ever know the new keys, so nothing was changed.',
    'Add deliver: to the spec, or print the keys: -o json, or --show-keys.',
  );
}

function assertAnsible(specs: readonly Spec[], format: string): void {
  if (format !== 'ansible' || specs.every(({ ansible }) => ansible !== null)) return;
  throw new VkeysError('usage', '-o ansible is for files with litellm_vkey_ variables.', 'Use -o json for a spec.');
}
