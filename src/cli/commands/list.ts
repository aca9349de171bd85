import { Option, type Command } from '@commander-js/extra-typings';
import { endOf, parseDuration } from '../../base/duration.ts';
import { VkeysError } from '../../base/errors.ts';
import { USAGE, type Live } from '../../model/resource.ts';
import { statusOf } from '../../model/status.ts';
import type { Console } from '../console.ts';
import { matcher } from '../glob.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import { emit, formatAmong } from '../output.ts';
import { say, sayNotices } from '../say.ts';
import type { OptionsOf } from '../options.ts';
import { list as words } from '../option-values.ts';
import { withSessions } from '../../run/open.ts';
import { csvChunks } from '../../encode/csv.ts';
import { jsonChunks } from '../../encode/json.ts';
import { didYouMean } from '../../base/suggest.ts';
import { oneLine } from '../../encode/terminal.ts';
import { streamKeys } from '../../litellm/survey.ts';
import type { Notice } from '../../model/plan.ts';
import { documentOf, noticeJson } from '../../view/document.ts';
import { startRows, startText, type RowList } from '../../view/list.ts';

const STATUSES = ['active', 'expired', 'blocked', 'over_budget'] as const;

export function flags(command: Command) {
  return command
    .option('--set <name>', 'of this set')
    .option('--alias <glob>', 'whose alias matches, e.g. "lab-*"')
    .option('--user <user_id>', 'of this user')
    .option('--team <team_id>', 'of this team')
    .addOption(new Option('--status <status>', 'in this state').choices(STATUSES))
    .option('--expiring <duration>', 'that end within, e.g. 24h')
    .option('--sort <field>', 'sorted by a column; -field for the other way round', 'key_alias')
    .option('--columns <names>', 'only these columns, in every format, e.g. key_alias,spend,last_active', words);
}

type Options = OptionsOf<typeof flags>;

/** Lists live keys, all pages of them. Filters are applied here: the server's differ by version. */
export async function action(console: Console, options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml', 'csv']);
  const started = console.now();
  assertDuration(options.expiring);
  const look = lookOf(console, console.stdout, options);
  const list = format === 'table' ? startText(look, options) : startRows(options);
  const context = contextOf(console, options);
  return withSessions(context, async (sessions) => {
    const { connection } = await sessions.open(null);
    const notices: Notice[] = [];
    let [seen, matched] = [0, 0];
    const sets = new Set<string>();
    for await (const { lives, total, gaps, isShort } of streamKeys(connection, USAGE)) {
      const now = connection.clock.server();
      const chosen = lives.filter(filterOf(options, now));
      list.add(chosen, now);
      seen += lives.length;
      matched += chosen.length;
      if (options.set !== undefined) for (const { mark } of lives) if (mark !== null) sets.add(mark.set);
      context.hear({ is: 'progress', done: seen, total: Math.max(total, seen + 1) });
      notices.push(...gaps.map(gapNotice));
      if (isShort) notices.push(gapNotice('The list stayed incomplete: the server has more keys than it showed.'));
    }
    context.hear({ is: 'progress', done: seen, total: seen });
    if ('text' in list) console.stdout.write(list.text());
    else await print(console, format, list, { started, notices });
    await sayNotices(console, options, notices);
    if (seen > 0 && matched === 0) say(console, options, unmatchedText(options, seen, [...sets]));
    return 0;
  });
}

async function print(
  console: Console,
  format: 'table' | 'json' | 'yaml' | 'csv',
  list: RowList,
  { started, notices }: { readonly started: Date; readonly notices: readonly Notice[] },
): Promise<void> {
  if (format === 'csv') return writeAll(console, csvChunks(list.rows));
  const said = notices.map((notice) => noticeJson(notice, null, 'notice'));
  const content = { started, ended: console.now(), notices: said };
  if (format === 'yaml') return emit(console, format, documentOf({ ...content, keys: [...list.rows()] }));
  return writeAll(console, jsonChunks(documentOf(content), 'keys', list.texts()));
}

/** Bytes, about, that are written at once. */
const CHUNK = 65_536;

function writeAll({ stdout }: Console, chunks: Iterable<string>): void {
  let text = '';
  for (const chunk of chunks) {
    text += chunk;
    if (text.length < CHUNK) continue;
    stdout.write(text);
    text = '';
  }
  stdout.write(text);
}

/** A filter that was mistyped looks like a server without keys. */
function unmatchedText(options: Options, seen: number, sets: readonly string[]): string {
  const { set, alias, user, team, status, expiring } = options;
  const filters = Object.entries({ set, alias, user, team, status, expiring }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${oneLine(value)}`],
  );
  const meant = set === undefined || sets.includes(set) ? '' : didYouMean(set, sets);
  const none = seen === 1 ? 'The only key does not match' : `None of the ${String(seen)} keys matches`;
  return `${none} ${filters.join(' ')}.${meant}`;
}

function gapNotice(message: string): Notice {
  return { code: 'survey', ref: null, message, hint: null };
}

function filterOf(options: Options, now: Date): (live: Live) => boolean {
  const matches = matcher(options.alias === undefined ? [] : [options.alias]);
  const latest = options.expiring === undefined ? null : endOf(options.expiring, now).toISOString();
  return (live) =>
    (options.set === undefined || live.mark?.set === options.set) &&
    matches(live.name ?? '') &&
    (options.user === undefined || live.settings['user_id'] === options.user) &&
    (options.team === undefined || live.settings['team_id'] === options.team) &&
    (options.status === undefined || statusOf(live, now) === options.status) &&
    (latest === null || (live.expires !== null && live.expires > now.toISOString() && live.expires <= latest));
}

function assertDuration(text: string | undefined): void {
  if (text === undefined || parseDuration(text) !== null) return;
  throw new VkeysError('usage', `--expiring ${text} is no duration.`, 'Give it like 24h or 7d.');
}
