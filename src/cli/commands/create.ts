import type { Command } from '@commander-js/extra-typings';
import type { Ref } from '../../model/ref.ts';
import { VkeysError } from '../../base/errors.ts';
import type { Outcome, Report } from '../../model/outcome.ts';
import { applySpecs, type Ran } from '../../run/apply.ts';
import type { RunPlan } from '../../run/plan.ts';
import { oneLine } from '../../encode/terminal.ts';
import { clientOption, withClient } from '../client-option.ts';
import type { Console } from '../console.ts';
import { assertGithub, GITHUB, handToGithub } from '../github.ts';
import { lost, sayStanding, standingIn, standingReport, type Standing } from '../standing.ts';
import { isRefusedFor } from '../../litellm/http/request-error.ts';
import { assertRead } from '../apply-specs.ts';
import { assertLawful } from '../lawful.ts';
import { exitCodeOf, interruptionOf, UnprintedError } from '../exit.ts';
import { fieldFlags, keyOf } from '../field-options.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import { collect } from '../option-values.ts';
import { emit, formatAmong } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { printEnv } from '../print-env.ts';
import { say, sayNotices } from '../say.ts';
import { DELIVER, specOptions } from '../spec-options.ts';
import { specOf } from '../../run/single.ts';
import { modelsOf } from '../../view/outcome.ts';
import { apiBaseUrl } from '../../litellm/http/url.ts';

export const examples = [
  'vkeys create --alias me --duration 8h',
  'vkeys create --alias ci --models gpt-4o-mini --max-budget 5 --if-absent',
  'vkeys create --alias mine --for claude-code > mine.env',
];

export function flags(command: Command) {
  return fieldFlags(command)
    .argument('[alias]', "the key's name")
    .option('--alias <alias>', 'the same')
    .option('--set <name>', 'the set that owns it', 'adhoc')
    .option('--if-absent', 'print the key that is there already, if it can be used')
    .option('--update', 'give a key that is there already the fields that differ')
    .option('--replace-expired', 'make a key anew that has expired, with a new secret')
    .option(...DELIVER, collect)
    .addOption(GITHUB)
    .option('--no-model-check', 'do not look whether the server offers the models')
    .addOption(clientOption());
}

type Options = OptionsOf<typeof flags>;

const FORMATS = ['table', 'json', 'yaml', 'env'] as const;

/** Makes one key and prints it: the key alone for a pipe, a card for a terminal. */
export async function action(console: Console, word: string | undefined, given: Options): Promise<number> {
  const options = withClient(given);
  formatAmong(console, options, FORMATS);
  assertGithub(console, options);
  const alias = aliasOf(word, options);
  const { set, modelCheck, deliver } = options;
  const wish = { ...keyOf(options), on_expired: 'recreate' };
  const spec = await specOf({ kind: 'key', name: alias }, wish, set, console, deliver);
  for (const desired of spec.desired) await assertLawful(console, options, desired);
  const only = ({ name }: Ref): boolean => name === alias;
  const context = contextOf(console, {
    ...options,
    ...specOptions({ modelCheck, recreate: true }),
    only,
    printsKeys: options.secrets,
    keepsPlaces: deliver === undefined,
  });
  let standing: Standing | null = null;
  const look = (plan: RunPlan): boolean => {
    standing = standingIn(plan, alias, options);
    return standing === null;
  };
  const report = async (ran: Ran): Promise<void> => {
    if (standing !== null) sayStanding(console, options, alias, standing);
    const shown = standing === null ? ran.report : standingReport(standing, ran.report);
    const [outcome] = shown.sets.flatMap(({ outcomes }) => outcomes);
    if (outcome === undefined) throw ran.error ?? new Error('a spec of one key has an outcome');
    const { notices = [], written = [] } = shown.sets[0] ?? {};
    await sayNotices(console, options, notices);
    if (written.length > 0) say(console, options, `Written to ${written.map(oneLine).join(', ')}`);
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

/** Throws `usage` for none, and for two. */
function aliasOf(word: string | undefined, { alias = word }: Options): string {
  if (alias === undefined) throw new VkeysError('usage', 'The key needs an alias.', 'Give one: vkeys create ALIAS');
  if (word === undefined || word === alias) return alias;
  throw new VkeysError('usage', 'There are two aliases, the argument and --alias.', 'Give one: vkeys create ALIAS');
}

/** Of one key, what failed is what stopped the run. Who was not the first under an alias has lost, however near it was. */
function errorOf(console: Console, { report, error }: Ran): VkeysError | null {
  const [outcome] = report.sets.flatMap(({ outcomes }) => outcomes);
  if (error !== null || outcome?.status === 'applied' || outcome === undefined) return error ?? interruptionOf(console);
  const { change, status } = outcome;
  if (status === 'failed' && !isRefusedFor(outcome.error, 'alias_taken')) return outcome.error;
  return interruptionOf(console) ?? lost(change.ref.name);
}

async function printKey(
  console: Console,
  options: Options,
  report: Report,
  { live, secret, change }: Outcome,
  error: VkeysError | null,
): Promise<void> {
  const format = formatAmong(console, options, FORMATS);
  const api_base_url = apiBaseUrl(report.sets[0]?.url ?? '');
  const isHanded = secret === null ? false : await handToGithub(console, options, secret, api_base_url);
  if (format === 'json' || format === 'yaml') {
    const { reportDocument } = await import('../../view/document.ts');
    return emit(console, format, reportDocument(report, error, { ...options, notices: [] }));
  }
  if (live === null || isHanded) return undefined;
  if (format === 'env') {
    const keys =
      secret === null || !options.secrets ? [] : [{ key_alias: change.ref.name, secret, models: modelsOf(live) }];
    await printEnv(console, options, keys, api_base_url);
  } else if (console.stdout.isTTY) {
    const { cardText } = await import('../../view/card.ts');
    const look = lookOf(console, console.stdout, options);
    console.stdout.write(
      cardText(live, look, { secret: options.secrets ? secret : null, showKey: options.secrets, api_base_url }),
    );
  } else if (secret !== null && options.secrets) console.stdout.write(`${secret.reveal()}\n`);
}
