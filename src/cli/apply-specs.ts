/** Applies specs and reports them together: what `apply` and `delete -f` share. */
import { VkeysError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import type { Client } from '../encode/clients.ts';
import { apiBaseUrl } from '../litellm/http/url.ts';
import {
  isCreation,
  isDeletion,
  isMinting,
  isRotation,
  isUpdate,
  type Change,
  type Deletion,
} from '../model/change.ts';
import type { Ref } from '../model/ref.ts';
import type { Spec } from '../model/spec.ts';
import { applySpecs, type Ran } from '../run/apply.ts';
import { keyringChoice } from '../run/keyrings.ts';
import type { SpecOptions } from '../run/options.ts';
import type { RunPlan } from '../run/plan.ts';
import type { Console } from './console.ts';
import { exitCodeOf, interruptionOf, UnprintedError } from './exit.ts';
import { contextOf } from './listen.ts';
import { lookOf } from './look.ts';
import { formatAmong, printsKeys } from './output.ts';
import type { Format, Globals } from './options.ts';
import { emitPlan } from './plan-specs.ts';
import { agree, confirm, isAttended } from './prompt.ts';
import { printRun } from './report.ts';
import { withUnmatched, type ReadSpecs } from './specs.ts';
import { specOptions, type SpecFlags } from './spec-options.ts';

type Flags = SpecFlags &
  Globals &
  Partial<Pick<SpecOptions, 'rotation' | 'rotatesOnly'>> & {
    readonly yes?: true | undefined;
    readonly for?: Client | undefined;
    /** More creations and changes than so many are asked about, where somebody is there to ask. */
    readonly many?: number;
  };

/** `check` throws for a plan that is not the one that was agreed to. */
export async function applyAndReport(
  console: Console,
  options: Flags,
  read: ReadSpecs,
  check: (planned: RunPlan) => void = () => undefined,
): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml', 'csv', 'env', 'ansible', 'virtualkey-status']);
  assertAnsible(read.specs, format);
  const context = contextOf(console, { ...options, ...specOptions(options), printsKeys: printsKeys(format, options) });
  const started = console.now();
  const { specs, notices } = await withUnmatched(read, console, options);
  let planned: RunPlan | null = null;
  let isDone = false;
  try {
    const ran = await applySpecs(context, specs, {
      look: (plan) => {
        planned = plan;
        return true;
      },
      approve: async (plan) => {
        check(plan);
        await assertPrintable(plan, format, options.for);
        await askFirst(console, options, plan);
      },
      report: async (done) => {
        isDone = true;
        await printRun(console, options, done, { format, ansible: specs.map(({ ansible }) => ansible), notices });
        await assertRead(console, options, done);
      },
    });
    return exitCodeOf(console, ran);
  } catch (error) {
    /* A program that asked learns what would have been done, too. */
    const isDocument = format === 'json' || format === 'yaml';
    if (isDocument && planned !== null && !isDone && error instanceof VkeysError)
      await emitPlan(console, format, planned, { started, error: interruptionOf(console) ?? error, notices });
    throw error;
  }
}

/** So many are not much. */
const MANY = 20;

/**
 * Before anything is deleted, or much is made, a person sees the plan and agrees. Expired keys are replaced because the spec
 * says so, and old secrets whose grace is over open nothing any more.
 */
async function askFirst(console: Console, options: Flags, { sets }: RunPlan): Promise<void> {
  const asked = sets.map(({ plan: { set, changes } }) => ({
    set,
    gone: refsOf(changes.filter((change) => isDeletion(change) && !isOver(change))),
    made: refsOf(changes.filter(isCreation)),
    changed: refsOf(changes.filter((change) => isUpdate(change) || isRotation(change))),
  }));
  const all = (what: 'gone' | 'made' | 'changed'): readonly Ref[] => asked.flatMap((each) => each[what]);
  const [gone, made, changed] = [all('gone'), all('made'), all('changed')];
  const isMuch =
    made.length + changed.length > (options.many ?? MANY) && options.sandbox !== true && isAttended(console);
  if (options.yes === true || (gone.length === 0 && !isMuch)) return;
  const { countKinds } = await import('../view/value.ts');
  const { planText } = await import('../view/plan.ts');
  const look = lookOf(console, console.stderr, options);
  for (const { plan } of sets) console.stderr.write(planText(plan, look));
  const touched = asked.filter((each) => (gone.length > 0 ? each.gone : [...each.made, ...each.changed]).length > 0);
  const names = touched.map(({ set }) => set).join(', ');
  if (gone.length > 0) return confirm(console, false, `${countKinds(gone)} will be deleted in ${names}.`);
  if (options.marksOnly === true) return agree(console, `${countKinds(changed)} will be taken over by ${names}.`);
  const done = made.length === 0 ? 'changed' : changed.length === 0 ? 'created' : 'created or changed';
  return agree(console, `${countKinds([...made, ...changed])} will be ${done} in ${names}.`);
}

function isOver({ because }: Deletion): boolean {
  return because === 'left' || because === 'retired';
}

function refsOf(changes: readonly Change[]): readonly Ref[] {
  return changes.map(({ ref }) => ref);
}

/** Without a keyring and a delivery, what was printed is the only copy: it is forgotten when a reader has it, not before. */
export async function assertRead(console: Console, options: Globals, ran: Ran): Promise<void> {
  if (options.sandbox === true || keyringChoice(console, options).keep) return;
  const outcomes = ran.report.sets.flatMap((set) => set.outcomes);
  if (!outcomes.some(({ change, secret, places }) => isMinting(change) && secret !== null && places.length === 0))
    return;
  const failure = (await console.stdout.arrived?.()) ?? null;
  if (failure !== null) throw new UnprintedError(failure, exitCodeOf(console, ran));
}

/** What could not be printed afterwards is refused before. */
async function assertPrintable({ sets }: RunPlan, format: Format, client?: Client): Promise<void> {
  if (format !== 'env') return;
  const [url = '', ...others] = new Set(sets.map(({ session }) => session.url));
  if (others.length > 0) {
    throw new VkeysError(
      'usage',
      '-o env has one base URL, and these keys are for several servers, so nothing was changed.',
      'Apply the sets of one server at a time, or use -o json.',
    );
  }
  const { envText } = await import('../view/env.ts');
  const kept = sets.flatMap(({ plan: { changes }, state: { entries } }) =>
    changes.flatMap((change) => {
      if (isDeletion(change) || change.ref.kind !== 'key') return [];
      const { ref, live } = change;
      const known = live === null ? null : entries.get(live.id);
      return [{ key_alias: ref.name, secret: known?.secret ?? new Secret('sk-new') }];
    }),
  );
  envText(kept, apiBaseUrl(url), client);
}

function assertAnsible(specs: readonly Spec[], format: Format): void {
  if (format !== 'ansible' || specs.every(({ ansible }) => ansible !== null)) return;
  throw new VkeysError('usage', "-o ansible is for an Ansible role's files.", 'Use -o json for a spec.');
}
