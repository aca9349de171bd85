/** What the commands have in common that change keys in one way: which keys, what would be done, and what became of it. */
import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../base/errors.ts';
import { isUpdate } from '../model/change.ts';
import type { Notice } from '../model/plan.ts';
import { changeKeys, type KeysPlan, type KeysWish } from '../run/change-keys.ts';
import { planText } from '../view/plan.ts';
import { countKinds } from '../view/value.ts';
import { choiceFlags, choiceIn } from './choice.ts';
import type { Console } from './console.ts';
import { exitCodeOf } from './exit.ts';
import { assertAllLawful, isManagedBy } from './lawful.ts';
import { contextOf } from './listen.ts';
import { lookOf } from './look.ts';
import type { OptionsOf } from './options.ts';
import { formatAmong } from './output.ts';
import { agree, isAttended } from './prompt.ts';
import { printRun } from './report.ts';
import { showPlans } from './show-plans.ts';
import { specChanges } from './spec-changes.ts';
import { specOptions } from './spec-options.ts';
import { impossible } from './thing-update.ts';

/** The argument and the flags of a command that changes keys. */
export function changeFlags(command: Command) {
  return choiceFlags(command)
    .option('--write', 'with -f: put the values into the files, too')
    .option('--dry-run', 'show what would be changed, and change nothing')
    .option('-y, --yes', 'do not ask');
}

export type ChangeOptions = OptionsOf<typeof changeFlags>;

/** Changes of more keys than so many are asked about, where somebody is there to ask. */
const MANY = 20;

/** Changes the keys that are meant, and reports it. */
export async function changeAndReport(
  console: Console,
  words: readonly string[],
  options: ChangeOptions,
  wish: KeysWish,
): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  if (options.write === true && options.file === undefined)
    throw new VkeysError('usage', '--write is for -f.', 'Name the files: -f FILE, and some of their keys: --only GLOB');
  const choice = await choiceIn(console, options, words);
  const context = contextOf(console, { ...options, ...specOptions({}) });
  const started = console.now();
  const changed = await changeKeys(context, choice, wish, async (planned) => {
    await assertAllLawful(
      console,
      options,
      planned.wished.map((each) => each.wish),
      isManagedBy,
    );
    const spec = await specChanges(console, options, choice.written, planned);
    if (options.dryRun === true) {
      await showPlans(console, options, withNotices(planned, spec.notices), { format, started });
      return null;
    }
    await askFirst(console, options, planned);
    await spec.write();
    return spec.notices;
  });
  if (changed === null) return 0;
  const ran = changed.isRefused ? { ...changed, error: changed.error ?? impossible() } : changed;
  await printRun(console, options, ran, { format, ansible: [], notices: [] });
  return exitCodeOf(console, ran);
}

function withNotices(planned: KeysPlan, notices: readonly Notice[]): KeysPlan {
  const [first, ...others] = planned.plans;
  if (first === undefined) return planned;
  return { ...planned, plans: [{ ...first, notices: [...first.notices, ...notices] }, ...others] };
}

async function askFirst(console: Console, options: ChangeOptions, { plans }: KeysPlan): Promise<void> {
  const changed = plans.flatMap(({ changes }) => changes.filter(isUpdate));
  if (options.yes === true || options.sandbox === true || changed.length <= MANY || !isAttended(console)) return;
  const look = lookOf(console, console.stderr, options);
  for (const plan of plans) console.stderr.write(planText(plan, look));
  await agree(console, `${countKinds(changed.map(({ ref }) => ref))} will be changed.`);
}
