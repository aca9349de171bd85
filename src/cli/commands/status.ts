import { InvalidArgumentError, type Command } from '@commander-js/extra-typings';
import { spanOf } from '../../base/duration.ts';
import { VkeysError } from '../../base/errors.ts';
import type { Choice } from '../../run/choice.ts';
import { watchKeys, type Board } from '../../run/status.ts';
import { noticeJson } from '../../view/document.ts';
import { standingJson, statusText } from '../../view/status.ts';
import { choiceFlags, choiceIn, filterIn, isFiltered } from '../choice.ts';
import type { Console } from '../console.ts';
import { gapNotice } from '../gaps.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import type { OptionsOf } from '../options.ts';
import { emitContent, formatAmong } from '../output.ts';
import { sayNotices } from '../say.ts';
import { specOptions } from '../spec-options.ts';
import { usualFiles } from '../specs.ts';

export const examples = ['vkeys status', 'vkeys status --set lab', 'vkeys status -f vkeys.yaml -o json'];

export function flags(command: Command) {
  return choiceFlags(command).option('--watch [duration]', 'look again and again (default: every 5s)', pause);
}

type Options = OptionsOf<typeof flags>;

/** Milliseconds between two looks. */
const USUAL = 5000;

function pause(text: string): number {
  const span = spanOf(/^\d+$/.test(text) ? `${text}s` : text);
  if (span !== null && span >= 1000) return span;
  throw new InvalidArgumentError('Give it like 5s or 1m.');
}

/** Shows how keys stand: those of the spec that is here where none are named, else all. Ctrl-C ends --watch, with 0. */
export async function action(console: Console, words: readonly string[], options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const { watch } = options;
  if (watch !== undefined && format !== 'table')
    throw new VkeysError(
      'usage',
      '--watch is for people.',
      `Leave -o out, or ask again and again: vkeys status -o ${format}`,
    );
  const started = console.now();
  const choice = await choiceOf(console, words, options);
  const context = contextOf(console, { ...options, ...specOptions({}) });
  if (watch !== undefined) {
    await watchOn(console, options, watch === true ? USUAL : watch, (see) =>
      watchKeys({ ...context, hear: () => undefined }, choice, see),
    );
    return 0;
  }
  await watchKeys(context, choice, async (board) => {
    const notices = board.gaps.map(gapNotice);
    if (format === 'table') console.stdout.write(textOf(console, options, board));
    else {
      const said = notices.map((notice) => noticeJson(notice, null, 'notice'));
      await emitContent(console, options, format, {
        started,
        more: { url: board.url, standings: board.keys.map(standingJson) },
        notices: said,
      });
    }
    await sayNotices(console, options, notices);
    return false;
  });
  return 0;
}

async function choiceOf(console: Console, words: readonly string[], options: Options): Promise<Choice> {
  if (words.length > 0 || options.file !== undefined || isFiltered(filterIn(options)))
    return choiceIn(console, options, words);
  const file = usualFiles(options, console);
  return file.length === 0 ? { selectors: [], filter: {}, specs: [] } : choiceIn(console, { ...options, file }, []);
}

function textOf(console: Console, options: Options, { url, keys, now }: Board): string {
  return statusText(url, keys, { ...lookOf(console, console.stdout, options), now });
}

const ENTER = '\u001B[?1049h\u001B[?25l';
const LEAVE = '\u001B[?25h\u001B[?1049l';

/** A terminal shows the newest look in place, on a screen of its own; what is no terminal gets each. */
async function watchOn(
  console: Console,
  options: Options,
  milliseconds: number,
  watchAll: (see: (board: Board) => Promise<boolean>) => Promise<void>,
): Promise<void> {
  const { stdout, stop } = console;
  let last = '';
  const draw = (text: string): void => {
    const lines = text.replaceAll('\n', '\u001B[K\n');
    stdout.write(stdout.isTTY ? `\u001B[H${lines}\u001B[J` : text);
    last = text;
  };
  const wait = async (): Promise<boolean> => {
    await console.sleep(milliseconds, stop);
    return !stop.aborted;
  };
  if (stdout.isTTY) stdout.write(ENTER);
  try {
    for (let goesOn = true; goesOn;) {
      try {
        await watchAll(async (board) => {
          draw(textOf(console, options, board));
          return wait();
        });
        goesOn = false;
      } catch (error) {
        if (stop.aborted) return;
        /* A server that is away for a moment comes back. */
        if (!(error instanceof VkeysError) || !error.transient) throw error;
        draw(`${last.split('\n\n')[0] ?? ''}\n\n${error.message}\n`);
        goesOn = await wait();
      }
    }
  } finally {
    if (stdout.isTTY) stdout.write(`${LEAVE}${last}`);
  }
}
