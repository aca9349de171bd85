import type { Command } from '@commander-js/extra-typings';
import { isPressing, SPENDER_KINDS, type Forecast } from '../../../model/forecast.ts';
import type { Notice } from '../../../model/plan.ts';
import { findForecast } from '../../../run/forecast.ts';
import { withSessions } from '../../../run/open.ts';
import { noticeJson } from '../../../view/document.ts';
import { FORECAST_NAMES, forecastAbout, forecastRow } from '../../../view/forecast-rows.ts';
import type { Console } from '../../console.ts';
import { EXITS } from '../../exit-codes.ts';
import { exitCodeFor } from '../../exit.ts';
import { shareIn, spanIn, spenderKindsIn } from '../../forecast-options.ts';
import { gapNotice, incomplete } from '../../gaps.ts';
import { contextOf } from '../../listen.ts';
import { lookOf } from '../../look.ts';
import { collect, list } from '../../option-values.ts';
import type { OptionsOf } from '../../options.ts';
import { formatAmong, rowChunks, writeChunks } from '../../output.ts';
import { sayError, sayNotices } from '../../say.ts';
import { KEY, ownerFlags, selectorsIn } from '../../selectors.ts';
import { daysOf } from '../../usage-options.ts';

export const examples = [
  'vkeys budget forecast',
  'vkeys budget forecast --close 90% --within 7d --fail',
  'vkeys budget forecast --kind team,member --since 30d -o csv > budgets.csv',
];

export function flags(command: Command) {
  const own = command
    .option('--close <percent>', 'how much of a budget is close to all of it', '80%')
    .option('--fail', 'end with 5 where one is over or close, or reaches its limit before it starts again or ends')
    .option('--within <duration>', 'what reaches its limit later than that does not matter, e.g. 30d')
    .option('--since <day>', 'the first day that the pace is taken from, or how many ago: 2026-11-24, 7d', '7d')
    .option('--kind <kinds>', 'key, user, team or member; several as team,member', list, [...SPENDER_KINDS])
    .option('--key <key>', `${KEY}; "lab-*" for several (repeatable)`, collect)
    .option('--set <name>', 'of this set');
  return ownerFlags(own);
}

type Options = OptionsOf<typeof flags>;

/** Tells when budgets are spent, at the pace of the last days. 5 with `--fail` where somebody should look after one. */
export async function action(console: Console, options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml', 'csv', 'markdown']);
  const started = console.now();
  const { key, set, user, team } = options;
  const choice = {
    kinds: new Set(spenderKindsIn(key === undefined ? options.kind : ['key'])),
    selectors: key === undefined ? null : await selectorsIn(console, options, key),
    filter: { set, user, team },
    days: daysOf({ since: options.since }),
    close: shareIn(options.close),
    within: spanIn(options.within),
  };
  const context = contextOf(console, options);
  const { forecast, untold, gaps } = await withSessions(context, async (sessions) =>
    findForecast(context, await sessions.open(null), choice),
  );
  const notices = [...untold.map(usageNotice), ...gaps.map(gapNotice)];
  const error = gaps.length === 0 ? null : incomplete();
  const said = notices.map((notice) => noticeJson(notice, null, 'notice'));
  const more = { forecast_of: forecastAbout(forecast), forecast: [] };
  await writeChunks(
    console,
    format === 'table' || format === 'markdown'
      ? await textOf(console, options, format, forecast)
      : await rowChunks(console, format, 'forecast', rowsOf(forecast), { started, notices: said, error, more }),
  );
  await sayNotices(console, options, notices);
  if (error !== null) await sayError(console, options, error);
  if (options.fail === true && forecast.lines.some(isPressing)) return EXITS.pressing.code;
  return error === null ? 0 : exitCodeFor(error);
}

async function textOf(console: Console, options: Options, format: 'table' | 'markdown', forecast: Forecast) {
  const { forecastMarkdown, forecastText } = await import('../../../view/forecast.ts');
  const look = lookOf(console, console.stdout, options);
  return format === 'table' ? forecastText(forecast, look) : forecastMarkdown(forecast, look.now);
}

function rowsOf({ lines }: Forecast) {
  return {
    names: () => FORECAST_NAMES,
    rows: function* rows() {
      for (const line of lines) yield forecastRow(line);
    },
  };
}

function usageNotice(message: string): Notice {
  return { code: 'usage', ref: null, message, hint: null };
}
