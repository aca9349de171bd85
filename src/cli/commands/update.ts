import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import { FIELD_NAMES } from '../../kinds/key.ts';
import type { Console } from '../console.ts';
import { exitCodeOf } from '../exit.ts';
import { fieldFlags, keyOf } from '../field-options.ts';
import { assertLawful, isManagedBy } from '../lawful.ts';
import { contextOf } from '../listen.ts';
import { formatAmong } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { KEY, selectorIn } from '../selectors.ts';
import { specOptions } from '../spec-options.ts';
import { collect } from '../option-values.ts';
import { specOf } from '../../run/single.ts';
import { updateChosen } from '../../run/update.ts';
import { printRun } from '../report.ts';
import { withCleared } from '../unset.ts';
import { impossible } from '../thing-update.ts';

export const examples = [
  'vkeys update lab-user1 --max-budget 20',
  'vkeys update lab-user1 --unset max_budget --metadata team=red',
  'vkeys update lab-user1 --field blocked=true',
];

export function flags(command: Command) {
  return fieldFlags(command)
    .argument('<key>', KEY)
    .option('--unset <field>', 'clear a field, e.g. max_budget (repeatable)', collect);
}

const CLEARABLE = [...FIELD_NAMES, 'expires', 'duration'];

/** Changes just the named fields of one key, whoever owns it. */
export async function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const wish = withCleared(keyOf(options), options.unset ?? [], CLEARABLE);
  if (Object.keys(wish).length === 0) {
    throw new VkeysError(
      'usage',
      'Nothing to change was given.',
      'Say what, e.g. --max-budget 10, --unset max_budget; vkeys update --help lists all.',
    );
  }
  /* Only the fields are checked: a foreign key may have an alias that vkeys would not give. */
  const [desired] = (await specOf({ kind: 'key', name: 'key' }, wish, 'adhoc', console)).desired;
  if (desired === undefined) throw new Error('a spec of one key has a key');
  await assertLawful(console, options, desired, (field) => isManagedBy(desired, field));
  const selector = await selectorIn(console, options, word);
  const updated = await updateChosen(contextOf(console, { ...options, ...specOptions({}) }), selector, desired);
  const ran = updated.isRefused ? { ...updated, error: updated.error ?? impossible() } : updated;
  await printRun(console, options, ran, { format, ansible: [], notices: [] });
  return exitCodeOf(console, ran);
}
