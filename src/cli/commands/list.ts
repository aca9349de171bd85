import type { Command } from '@commander-js/extra-typings';
import { endOf, parseDuration } from '../../base/duration.ts';
import { VkeysError } from '../../base/errors.ts';
import { USAGE, type Live } from '../../model/resource.ts';
import { passes } from '../../model/selector.ts';
import type { Console } from '../console.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import { formatAmong, rowChunks, writeChunks } from '../output.ts';
import { sayNotices } from '../say.ts';
import type { OptionsOf } from '../options.ts';
import { collect, list as words } from '../option-values.ts';
import { filterFlags, KEY, selectorsIn } from '../selectors.ts';
import { withSessions } from '../../run/open.ts';
import { listedKeys } from '../../run/listed-keys.ts';
import { unmatchedNotices } from '../../run/unmatched.ts';
import type { Notice } from '../../model/plan.ts';
import { noticeJson } from '../../view/document.ts';
import { startRows, startText } from '../../view/list.ts';

export const examples = [
  'vkeys list --set lab --expiring 24h',
  'vkeys list --status expired --sort -spend',
  'vkeys list --columns key_alias,spend,last_active -o csv > keys.csv',
];

export function flags(command: Command) {
  return filterFlags(command)
    .option('--key <key>', `${KEY}; "lab-*" for several (repeatable)`, collect)
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
  const selectors = options.key === undefined ? null : await selectorsIn(console, options, options.key);
  const context = contextOf(console, options);
  return withSessions(context, async (sessions) => {
    const session = await sessions.open(null);
    const { connection } = session;
    const notices: Notice[] = [];
    let [seen, matched] = [0, 0];
    const sets = new Set<string>();
    for await (const { lives, total, gaps, isShort } of listedKeys(session, context, {
      selectors,
      look: { columns: USAGE },
    })) {
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
    const { set, user, team, status, expiring } = options;
    const filter = { set, user, team, status, expiring };
    if (matched === 0) notices.push(...unmatchedNotices({ selectors: selectors ?? [], filter, seen, sets: [...sets] }));
    const said = notices.map((notice) => noticeJson(notice, null, 'notice'));
    const content = { started, notices: said };
    await writeChunks(
      console,
      'chunks' in list ? list.chunks() : await rowChunks(console, format, 'keys', list, content),
    );
    await sayNotices(console, options, notices);
    return 0;
  });
}

function gapNotice(message: string): Notice {
  return { code: 'survey', ref: null, message, hint: null };
}

function filterOf(options: Options, now: Date): (live: Live) => boolean {
  const latest = options.expiring === undefined ? null : endOf(options.expiring, now).toISOString();
  return (live) =>
    passes(options, live, now) &&
    (latest === null || (live.expires !== null && live.expires > now.toISOString() && live.expires <= latest));
}

function assertDuration(text: string | undefined): void {
  if (text === undefined || parseDuration(text) !== null) return;
  throw new VkeysError('usage', `--expiring ${text} is no duration.`, 'Give it like 24h or 7d.');
}
