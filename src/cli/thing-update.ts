/** `team update`, `user update` and `budget update`, and what blocks a team: one implementation, whatever the kind. */
import type { Command, OptionValues } from '@commander-js/extra-typings';
import { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { KINDS } from '../kinds/kinds.ts';
import type { ListedKind } from '../litellm/list-things.ts';
import { factsOf } from '../model/kind.ts';
import { specOf, ADHOC } from '../run/single.ts';
import { updateThing } from '../run/update-thing.ts';
import type { Console } from './console.ts';
import { exitCodeOf } from './exit.ts';
import { assertLawful, isManagedBy } from './lawful.ts';
import { contextOf } from './listen.ts';
import type { Globals } from './options.ts';
import { formatAmong } from './output.ts';
import { collect } from './option-values.ts';
import { printRun } from './report.ts';
import { specOptions } from './spec-options.ts';
import { thingFieldFlags, thingFieldsIn } from './thing-fields.ts';
import { withCleared } from './unset.ts';

/** The flags of a kind's update. */
export function updateThingFlags<A extends unknown[], O extends OptionValues>(
  command: Command<A, O>,
  kind: ListedKind,
) {
  const { fields, marks } = factsOf(KINDS, kind);
  const changeable = Object.fromEntries(Object.entries(fields).filter(([, { createOnly }]) => createOnly !== true));
  return thingFieldFlags(command, { fields: changeable, marks }).option(
    '--unset <field>',
    'clear a field, e.g. max_budget (repeatable)',
    collect,
  );
}

type Options = Globals & { readonly unset?: readonly string[] | undefined };

/** Changes just the named fields of one thing, whoever owns it. `wish`: fields, where no flags say them. */
export async function changeThing(
  console: Console,
  kind: ListedKind,
  word: string,
  options: Options,
  wish = wishIn(kind, options),
): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  /* Only the fields are checked: what is there may have a name that vkeys would not give. */
  const [desired] = (await specOf({ kind, name: kind }, wish, ADHOC, console)).desired;
  if (desired === undefined) throw new Error('a spec of one thing has one');
  await assertLawful(console, options, desired, (field) => isManagedBy(desired, field));
  const updated = await updateThing(contextOf(console, { ...options, ...specOptions({}) }), kind, word, desired);
  const ran = updated.isRefused ? { ...updated, error: updated.error ?? impossible() } : updated;
  await printRun(console, options, ran, { format, ansible: [], notices: [] });
  return exitCodeOf(console, ran);
}

/** Throws `usage` for nothing. */
function wishIn(kind: ListedKind, options: Options): JsonObject {
  const { fields } = factsOf(KINDS, kind);
  const wish = withCleared(thingFieldsIn(fields, options), options.unset ?? [], Object.keys(fields));
  if (Object.keys(wish).length > 0) return wish;
  throw new VkeysError(
    'usage',
    'Nothing to change was given.',
    `Say what, e.g. --max-budget 10, --unset max_budget; vkeys ${kind} update --help lists all.`,
  );
}

/** Where none of what was asked can be done. */
export function impossible(): VkeysError {
  return new VkeysError(
    'api',
    'This server can do nothing of what was asked, so nothing was changed.',
    'The notices say why: leave those fields out, or update the server.',
  );
}
