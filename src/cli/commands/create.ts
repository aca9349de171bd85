import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import { outcomeOf, type Outcome, type Report } from '../../model/outcome.ts';
import type { Live } from '../../model/resource.ts';
import { applySpecs, type Ran } from '../../run/apply.ts';
import type { PlannedSet, RunPlan } from '../../run/plan.ts';
import { clientOption, withClient } from '../client-option.ts';
import type { Console } from '../console.ts';
import { assertRead } from '../apply-specs.ts';
import { exitCodeOf, interruptionOf, UnprintedError } from '../exit.ts';
import { fieldFlags, keyOf } from '../field-options.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import { emit, formatAmong } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { say, sayNotices } from '../say.ts';
import { specOptions } from '../spec-options.ts';
import { specOf } from '../../run/single.ts';
import { modelsOf } from '../../view/outcome.ts';
import { apiBaseUrl } from '../../litellm/http/url.ts';

export function flags(command: Command) {
  return fieldFlags(command)
    .requiredOption('--alias <alias>', "the key's name")
    .option('--set <name>', 'the set that owns it', 'adhoc')
    .option('--if-absent', 'succeed when the alias exists already')
    .option('--no-model-check', 'do not look whether the server offers the models')
    .addOption(clientOption());
}

type Options = OptionsOf<typeof flags>;

const FORMATS = ['table', 'json', 'yaml', 'env'] as const;

/** Makes one key and prints it: the key alone for a pipe, a card for a terminal. */
export async function action(console: Console, given: Options): Promise<number> {
  const options = withClient(given);
  formatAmong(console, options, FORMATS);
  const { alias, set, modelCheck } = options;
  const spec = await specOf(alias, keyOf(options), set, console);
  const only = (name: string): boolean => name === alias;
  const context = contextOf(console, {
    ...options,
    ...specOptions({ modelCheck, recreate: true }),
    only,
    printsKeys: options.secrets,
  });
  let standing: { readonly planned: PlannedSet; readonly live: Live } | null = null;
  const look = ({ sets: [planned] }: RunPlan): boolean => {
    const live = planned?.server.surveys.get('key')?.lives.find(({ name }) => name === alias);
    /* A pending one was made by a run that was cut before it could print it: this run finishes that. */
    if (planned === undefined || live === undefined || planned.state.entries.get(live.id)?.pending === true)
      return true;
    if (options.ifAbsent !== true) throw existing(alias, live);
    standing = { planned, live };
    return false;
  };
  const report = async (ran: Ran): Promise<void> => {
    const shown = standing === null ? ran.report : standingReport(console, options, standing, ran.report);
    const [outcome] = shown.sets.flatMap(({ outcomes }) => outcomes);
    if (outcome === undefined) throw ran.error ?? new Error('a spec of one key has an outcome');
    await sayNotices(console, options, shown.sets[0]?.notices ?? []);
    try {
      await printKey(console, options, shown, outcome, errorOf(console, ran));
    } catch (cause) {
      throw new UnprintedError(cause instanceof Error ? cause : new Error(String(cause)), exitCodeOf(console, ran));
    }
    await assertRead(console, options, ran);
  };
  const ran = await applySpecs(context, [spec], { look, report });
  const error = errorOf(console, ran);
  if (error !== null) throw error;
  return exitCodeOf(console, ran);
}

/** Of one key, what failed is what stopped the run. */
function errorOf(console: Console, { report, error }: Ran): VkeysError | null {
  const [outcome] = report.sets.flatMap(({ outcomes }) => outcomes);
  return error ?? outcome?.error ?? (outcome?.status === 'applied' ? null : interruptionOf(console));
}

/** A key that is there already, and its secret if the keyring has it. */
function standingReport(
  console: Console,
  options: Options,
  { planned, live }: { readonly planned: PlannedSet; readonly live: Live },
  report: Report,
): Report {
  const { spec, session, state } = planned;
  const [desired] = spec.desired;
  const entry = state.entries.get(live.id);
  if (desired === undefined) throw new Error('a spec of one key has a key');
  say(console, options, `${options.alias} is there already; nothing was changed.`);
  if (entry === undefined)
    say(console, options, 'Its key is not in the keyring of this machine, so it cannot be printed.');
  const noop = { action: 'noop', ref: desired.ref, fields: [], takes: [], reason: null, desired, live } as const;
  const outcome = outcomeOf(noop, 'applied', { secret: entry?.secret ?? null });
  const nothing = { missing: [], notices: [], written: [], withdrawn: [] };
  return { ...report, sets: [{ set: spec.set, state: 'present', url: session.url, outcomes: [outcome], ...nothing }] };
}

async function printKey(
  console: Console,
  options: Options,
  report: Report,
  { live, secret, change }: Outcome,
  error: VkeysError | null,
): Promise<void> {
  const format = formatAmong(console, options, FORMATS);
  if (format === 'json' || format === 'yaml') {
    const { reportDocument } = await import('../../view/document.ts');
    return emit(console, format, reportDocument(report, error, options));
  }
  if (live === null) return undefined;
  const api_base_url = apiBaseUrl(report.sets[0]?.url ?? '');
  if (format === 'env') {
    const { envText } = await import('../../view/env.ts');
    const keys =
      secret === null || !options.secrets ? [] : [{ key_alias: change.ref.name, secret, models: modelsOf(live) }];
    console.stdout.write(envText(keys, api_base_url, options.for));
  } else if (console.stdout.isTTY) {
    const { cardText } = await import('../../view/card.ts');
    const look = lookOf(console, console.stdout, options);
    console.stdout.write(cardText(live, look, { secret, showKey: true, api_base_url }));
  } else if (secret !== null) console.stdout.write(`${secret.reveal()}\n`);
}

function existing(alias: string, { mark, id }: Live): VkeysError {
  const whose = mark === null ? 'It was not made by vkeys.' : `It belongs to the set ${mark.set}.`;
  return new VkeysError(
    'refused',
    `There is a key with the alias ${alias} already. ${whose}`,
    `See it: vkeys get ${alias}\nChange it: vkeys update ${alias} …\nReplace it: vkeys delete ${alias}, then create it again\nIn a script: --if-absent`,
    { facts: { key_alias: alias, key_id: id } },
  );
}
