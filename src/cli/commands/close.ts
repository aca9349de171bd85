import { join, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from '@commander-js/extra-typings';
import { spanOf } from '../../base/duration.ts';
import { VkeysError } from '../../base/errors.ts';
import { readIfThere, replaceFile } from '../../base/files.ts';
import { parseJson } from '../../base/json.ts';
import { csvText } from '../../encode/csv.ts';
import { jsonText } from '../../encode/json.ts';
import { oneLine } from '../../encode/terminal.ts';
import { accountIn, isOver, type Account } from '../../model/account.ts';
import { closeSpecs, type Closing } from '../../run/close.ts';
import { accountJson, accountMarkdown, accountRow, accountSentences } from '../../view/account.ts';
import { accountHtml } from '../../view/account-html.ts';
import { noticeJson } from '../../view/document.ts';
import { confirmDeletion } from '../confirm-deletion.ts';
import type { Console } from '../console.ts';
import { exitCodeFor, exitCodeOf } from '../exit.ts';
import { EXITS } from '../exit-codes.ts';
import { contextOf } from '../listen.ts';
import type { OptionsOf } from '../options.ts';
import { emitContent, formatAmong } from '../output.ts';
import { say, sayError, sayNotices } from '../say.ts';
import { CASCADE, fileFlags, specOptions } from '../spec-options.ts';
import { filesOf, readSpecs } from '../specs.ts';

export const examples = ['vkeys close -f vkeys.yaml', 'vkeys close -f vkeys.yaml --report lab-2026 --html --yes'];

export function flags(command: Command) {
  return fileFlags(command)
    .option('--report <dir>', 'the folder of the account (default: SET-account)')
    .option('--html', 'write the account as a page, too')
    .option(
      '--settle <duration>',
      'how long nothing may come in before figures count (default: 20s); 0 reads at once',
      pause,
    )
    .option('--no-proof', 'do not ask with each key whether it is dead')
    .option(...CASCADE)
    .option('-y, --yes', 'do not ask');
}

type Options = OptionsOf<typeof flags>;

/** Servers write down what was spent some seconds later: milliseconds. */
const SETTLE = 20_000;

/** `20s`, in milliseconds. */
function pause(text: string): number {
  const span = spanOf(text);
  if (span === null) throw new InvalidArgumentError('Give it like 20s or 2m.');
  return span;
}

/**
 * Blocks the keys, reads what they used, deletes everything that the specs name, proves that it is gone, and writes the account.
 * What was cut goes on where it stopped. 5 where something is left, or may still work.
 */
export async function action(console: Console, bare: readonly string[], options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const { specs } = await readSpecs(filesOf(bare, options, console), console, options);
  const [first] = specs;
  if (first === undefined) throw new VkeysError('usage', 'There is no set to close.', 'Name a spec with keys: -f FILE');
  const folder = resolve(console.cwd, options.report ?? `${first.set}-account`);
  const context = contextOf(console, {
    ...options,
    ...specOptions({ cascade: options.cascade, modelCheck: false, maxDeletions: '100%' }),
  });
  const closing: Closing = {
    earlier: await earlierIn(folder),
    settle: options.settle ?? SETTLE,
    proves: options.proof,
    approve: async ({ sets }) => {
      const plans = sets.map(({ plan }) => plan);
      if (plans.some(({ changes }) => changes.length > 0))
        await confirmDeletion(console, options, { plans, missing: [] });
    },
    save: async (account) => write(folder, 'account.json', jsonText(accountJson(account))),
    hear: (step) => say(console, options, STEPS[step]),
  };
  const { account, ran } = await closeSpecs(context, specs, closing);
  const files = await writeAll(folder, account, options.html === true);
  const error = ran?.error ?? null;
  /* What the specs do not name the account tells, and how to go on. */
  const said = ran?.report.sets.flatMap(({ notices }) => notices.filter(({ code }) => code !== 'orphan')) ?? [];
  if (format === 'table')
    console.stdout.write(
      accountSentences(account)
        .map((text) => `${oneLine(text)}\n`)
        .join(''),
    );
  else {
    const notices = said.map((notice) => noticeJson(notice, null, 'notice'));
    const more = { account: accountJson(account), files };
    await emitContent(console, options, format, { started, changed: ran !== null, more, notices, error });
  }
  await sayNotices(console, options, said);
  say(console, options, `Wrote ${files.map(oneLine).join(', ')}.`);
  if (error !== null && format === 'table') await sayError(console, options, error);
  if (ran !== null && exitCodeOf(console, ran) !== 0) return exitCodeOf(console, ran);
  if (error !== null) return exitCodeFor(error);
  return isOver(account) ? 0 : EXITS.partly.code;
}

const STEPS = {
  blocking: 'Blocking the keys …',
  settling: 'Waiting until nothing more comes in …',
  deleting: 'What was used is written down. Deleting …',
  proving: 'Asking with the keys whether they are dead …',
} as const;

/** What an earlier run wrote there. Throws `config` for a file that is something else. */
async function earlierIn(folder: string): Promise<Account | null> {
  const path = join(folder, 'account.json');
  const text = await readIfThere(path).catch(() => '');
  if (text === null) return null;
  const account = accountIn(parseJson(text));
  if (account !== null) return account;
  throw new VkeysError(
    'config',
    `${oneLine(path)} is no account.`,
    'Move it away, or give another folder: --report DIR',
  );
}

async function writeAll(folder: string, account: Account, isPage: boolean): Promise<readonly string[]> {
  const texts: readonly (readonly [string, string])[] = [
    ['account.json', jsonText(accountJson(account))],
    ['account.csv', csvText(account.keys.map(accountRow))],
    ['account.md', accountMarkdown(account)],
    ...(isPage ? [['account.html', accountHtml(account)] as const] : []),
  ];
  for (const [name, text] of texts) await write(folder, name, text);
  return texts.map(([name]) => join(folder, name));
}

async function write(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name);
  try {
    await replaceFile(path, text);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new VkeysError(
      'config',
      `${oneLine(path)} cannot be written: ${String(error.code)}.`,
      'Mend that, or give another folder: --report DIR. Then run the same command again: it goes on where it stopped.',
      { cause: error },
    );
  }
}
