import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { didYouMean } from '../../base/suggest.ts';
import { FIELD_NAMES, isFieldName } from '../../kinds/key.ts';
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

/** Changes just the named fields of one key, whoever owns it. */
export async function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const wish: JsonObject = { ...keyOf(options), ...cleared(options.unset ?? []) };
  if (Object.keys(wish).length === 0) {
    throw new VkeysError(
      'usage',
      'Nothing to change was given.',
      'Say what, e.g. --max-budget 10, --unset max_budget; vkeys update --help lists all.',
    );
  }
  /* Only the fields are checked: a foreign key may have an alias that vkeys would not give. */
  const [desired] = (await specOf('key', wish, 'adhoc', console)).desired;
  if (desired === undefined) throw new Error('a spec of one key has a key');
  await assertLawful(console, options, desired, (field) => isManagedBy(desired, field));
  const selector = await selectorIn(console, options, word);
  const updated = await updateChosen(contextOf(console, { ...options, ...specOptions({}) }), selector, desired);
  const ran = updated.isRefused ? { ...updated, error: updated.error ?? impossible() } : updated;
  await printRun(console, options, ran, { format, ansible: [], notices: [] });
  return exitCodeOf(console, ran);
}

function impossible(): VkeysError {
  return new VkeysError(
    'api',
    'This server can do nothing of what was asked, so nothing was changed.',
    'The notices say why: leave those fields out, or update the server.',
  );
}

function cleared(names: readonly string[]): JsonObject {
  const known: readonly string[] = [...FIELD_NAMES, 'expires', 'duration'];
  for (const name of names) {
    if (isFieldName(name) || known.includes(name) || name.startsWith('metadata.')) continue;
    throw new VkeysError(
      'usage',
      `There is no field ${name}.${didYouMean(name, known)}`,
      `It is one of ${known.join(', ')}, or metadata.NAME.`,
    );
  }
  const metadata = names
    .filter((name) => name.startsWith('metadata.'))
    .map((name) => [name.slice('metadata.'.length), null] as const);
  const fields = names
    .filter((name) => !name.startsWith('metadata.'))
    .map((name) => [name === 'expires' ? 'duration' : name, null] as const);
  return {
    ...Object.fromEntries(fields),
    ...(metadata.length === 0 ? {} : { metadata: Object.fromEntries(metadata) }),
  };
}
