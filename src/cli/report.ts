/** What a run did, in the format that was asked for. */
import { isDeletion } from '../model/change.ts';
import type { Client } from '../encode/clients.ts';
import type { Outcome, Report } from '../model/outcome.ts';
import type { Notice } from '../model/plan.ts';
import type { Spec } from '../model/spec.ts';
import type { Ran } from '../run/apply.ts';
import type { Console } from './console.ts';
import { exitCodeOf, interruptionOf, UnprintedError } from './exit.ts';
import { lookOf } from './look.ts';
import { emit } from './output.ts';
import type { Format, Globals } from './options.ts';
import { printEnv } from './print-env.ts';
import { sayError } from './say.ts';

/** `ansible`: the variables of an Ansible role's users, set by set. `notices`: what was said of the specs. */
export type Printing = {
  readonly format: Exclude<Format, 'markdown'>;
  readonly ansible: readonly Spec['ansible'][];
  readonly notices: readonly Notice[];
};

type Flags = Pick<Globals, 'secrets' | 'color' | 'quiet'> & {
  readonly showKeys?: true | undefined;
  readonly for?: Client | undefined;
};

/**
 * Prints a run, and says what stopped it. Where it cannot be printed, what was done is said on stderr, without secrets; then
 * throws `UnprintedError`.
 */
export async function printRun(console: Console, flags: Flags, ran: Ran, printing: Printing): Promise<void> {
  const error = ran.error ?? interruptionOf(console);
  try {
    await print(console, flags, { ...ran, error }, printing);
  } catch (cause) {
    await printTables({ ...console, stdout: console.stderr }, { ...flags, showKeys: undefined }, ran.report);
    if (error !== null) await sayError(console, flags, error);
    throw new UnprintedError(cause instanceof Error ? cause : new Error(String(cause)), exitCodeOf(console, ran));
  }
  if (error !== null) await sayError(console, flags, error);
}

async function print(
  console: Console,
  flags: Flags,
  { report, error }: Ran,
  { format, ansible, notices }: Printing,
): Promise<void> {
  switch (format) {
    case 'table':
      return printTables(console, flags, report);
    case 'json':
    case 'yaml': {
      const { reportDocument } = await import('../view/document.ts');
      return emit(console, format, reportDocument(report, error, { ...flags, notices }));
    }
    case 'ansible':
      return printAnsible(console, flags, report, ansible);
    case 'virtualkey-status': {
      const { outcomeStatus } = await import('../view/virtualkey-status.ts');
      const keys = keysIn(report);
      return emit(
        console,
        'json',
        keys.map((outcome) => outcomeStatus(outcome, report.ended)),
      );
    }
    case 'csv':
      return printCsv(console, flags, report);
    case 'env':
      return printVariables(console, flags, report);
  }
}

async function printTables(console: Console, flags: Flags, { started, ended, sets }: Report): Promise<void> {
  const { reportText } = await import('../view/report.ts');
  const seconds = (ended.getTime() - started.getTime()) / 1000;
  const look = lookOf(console, console.stdout, flags);
  for (const set of sets) {
    const title = sets.length === 1 ? '' : `${set.set ?? ''}:\n`;
    console.stdout.write(title + reportText(set, look, { showKeys: flags.showKeys === true, seconds, ended }));
  }
}

async function printAnsible(
  console: Console,
  { secrets }: Flags,
  { sets }: Report,
  asked: Printing['ansible'],
): Promise<void> {
  const { ansibleJson } = await import('../view/ansible.ts');
  const results = sets.flatMap((set, index) => {
    const ansible = asked[index] ?? null;
    return ansible === null ? [] : [ansibleJson(set, ansible, { secrets })];
  });
  return emit(console, 'json', results.length === 1 ? results[0] : results);
}

function keysIn({ sets }: Report): readonly Outcome[] {
  return sets.flatMap(({ outcomes }) => outcomes.filter(({ change }) => change.ref.kind === 'key'));
}

async function printCsv(console: Console, flags: Flags, report: Report): Promise<void> {
  const { csvText } = await import('../encode/csv.ts');
  const { outcomeJson } = await import('../view/outcome.ts');
  const rows = keysIn(report).map((outcome) => outcomeJson(outcome, flags));
  console.stdout.write(csvText(rows));
}

async function printVariables(console: Console, flags: Flags, { sets }: Report): Promise<void> {
  const { apiBaseUrl } = await import('../litellm/http/url.ts');
  const { modelsOf } = await import('../view/outcome.ts');
  const outcomes = flags.secrets ? sets.flatMap((set) => set.outcomes) : [];
  const known = outcomes.flatMap(({ change, secret, live }) =>
    secret === null || isDeletion(change) ? [] : [{ key_alias: change.ref.name, secret, models: modelsOf(live) }],
  );
  return printEnv(console, flags, known, apiBaseUrl(sets[0]?.url ?? ''));
}
