import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import type { History } from '../../model/history.ts';
import type { Notice } from '../../model/plan.ts';
import { findHistory, serverHistory, type HistoryChoice, type ServerHistory } from '../../run/history.ts';
import { keyringChoice } from '../../run/keyrings.ts';
import { withSessions } from '../../run/open.ts';
import { findAddress } from '../../run/server-address.ts';
import { noticeJson } from '../../view/document.ts';
import { historyJson, historyText, pastRunJson, serverKeysText } from '../../view/history.ts';
import type { Console } from '../console.ts';
import { exitCodeFor } from '../exit.ts';
import { EXITS } from '../exit-codes.ts';
import { gapNotice } from '../gaps.ts';
import { sayUnreadable } from '../known-keys.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import type { OptionsOf } from '../options.ts';
import { emitContent, formatAmong } from '../output.ts';
import { sayNotices } from '../say.ts';
import { KEY, selectorsIn } from '../selectors.ts';

export const examples = ['vkeys history', 'vkeys history lab-user1 --server', 'vkeys history --set lab -o json'];

export function flags(command: Command) {
  return command
    .argument('[key...]', `${KEY}; "lab-*" for several; everything if none is given`)
    .option('--set <name>', 'of this set')
    .option('--server', 'also what the server itself tells: who made, changed and deleted its keys')
    .option('--contains <hash>', 'make sure that nothing is missing since this hash was printed as head, in JSON');
}

type Options = OptionsOf<typeof flags>;

/** Tells what vkeys did, of --url alone where that is given; 5 where the history was altered. With `--keyring none` there is none. */
export async function action(console: Console, words: readonly string[], options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const context = contextOf(console, options);
  const selectors = await selectorsIn(console, options, words);
  if (selectors.some(({ is }) => is === 'mask'))
    throw new VkeysError('usage', 'The history knows no masked keys.', 'Name the key by its alias or its hash.');
  const isOfServer = options.url !== undefined || options.profile !== undefined || options.server === true;
  const isSandbox = options.sandbox === true;
  const url = isOfServer && !isSandbox ? (await findAddress(context, null)).url : null;
  const choice: HistoryChoice = { selectors, set: options.set, url };
  const { runs, histories, unreadable } = await findHistory(context, choice);
  const told = options.server === true ? await askServer(context, choice) : null;
  const notices = [
    ...histories.flatMap(alterations),
    ...missing(histories, options.contains),
    ...(keyringChoice(console, options).keep ? [] : [KEEPS_NONE]),
    ...(told?.gaps ?? []).map(gapNotice),
  ];
  const [error = null, ...others] = unreadable;
  if (format === 'table') {
    const look = lookOf(console, console.stdout, options);
    const between = look.columns === null ? '' : '\n';
    console.stdout.write(historyText(runs, look));
    if (told !== null) console.stdout.write(`${between}${serverKeysText(told.keys, look)}`);
  } else {
    const more = {
      history: runs.map(pastRunJson),
      history_of: histories.map(historyJson),
      ...(told === null ? {} : { server_keys: told.keys.map((key) => ({ ...key })) }),
    };
    const said = notices.map((notice) => noticeJson(notice, null, 'notice'));
    await emitContent(console, options, format, { started, more, notices: said, error });
  }
  await sayNotices(console, options, notices);
  sayUnreadable(console, options, format === 'table' ? unreadable : others);
  if (error !== null) return exitCodeFor(error);
  return notices.some(({ code }) => code === 'history') ? EXITS.altered.code : 0;
}

async function askServer(
  context: ReturnType<typeof contextOf<Options>>,
  choice: HistoryChoice,
): Promise<ServerHistory> {
  return withSessions(context, async (sessions) => serverHistory(await sessions.open(null), context, choice));
}

const KEEPS_NONE: Notice = {
  code: 'keyring',
  ref: null,
  message: 'Runs with --keyring none are in no history.',
  hint: null,
};

function alterations({ set, server, broken, dropped }: History): readonly Notice[] {
  const lines = broken.length === 1 ? 'line' : 'lines';
  const text = `The history of ${set} at ${server} was altered: ${lines} ${broken.join(', ')} changed, or behind one that was taken out.`;
  const old = `Of the history of ${set} at ${server}, the first ${String(dropped?.lines)} lines are not kept any more, up to ${dropped?.until ?? ''}.`;
  return [
    ...(broken.length === 0 ? [] : [{ code: 'history' as const, ref: null, message: text, hint: HINT }]),
    ...(dropped === null ? [] : [{ code: 'keyring' as const, ref: null, message: old, hint: null }]),
  ];
}

const HINT = 'Compare it with a copy; what the server tells of the keys: --server';

function missing(histories: readonly History[], hash: string | undefined): readonly Notice[] {
  if (hash === undefined || histories.some(({ hashes }) => hashes.has(hash.toLowerCase()))) return [];
  const message = `No history has the hash ${hash}: lines behind it were taken out, or it is of another keyring.`;
  return [{ code: 'history', ref: null, message, hint: HINT }];
}
