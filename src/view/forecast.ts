/** A forecast of budgets for people at a terminal, for pipes and in Markdown. */
import { plainText } from '../encode/plain.ts';
import { oneLine } from '../encode/terminal.ts';
import { isPressing, type Forecast, type ForecastLine } from '../model/forecast.ts';
import { aligned } from './aligned.ts';
import { FORECAST_NAMES, forecastRow, leftOutText, spenderLabel } from './forecast-rows.ts';
import { paint, widthOf, type Look } from './look.ts';
import { markdownTable, plainMarkdown } from './markdown-table.ts';
import { tableChunks, type TableRows } from './table.ts';
import { fromNow } from './time.ts';
import { percent } from './usage-rows.ts';
import { dollars } from './value.ts';
import { fold } from './wrap.ts';

const HEADINGS = ['kind', 'who', 'spend', 'budget', 'used', 'a day', 'reached'];
const NUMBERS = HEADINGS.map((name) => ['spend', 'budget', 'used', 'a day'].includes(name));

/** A table, or tab-separated lines without a header for a program, piece by piece. */
export function* forecastText(forecast: Forecast, look: Look): Iterable<string> {
  const { lines } = forecast;
  if (look.columns === null) {
    for (const line of lines) yield pipedLine(line);
    return;
  }
  const { dim, red } = paint(look);
  const footer = `${dim(fold(forecastFooter(forecast), widthOf(look)))}\n`;
  if (lines.length === 0) return yield `Nobody has used any of a budget.\n${footer}`;
  const cellsOf = (line: ForecastLine): readonly string[] => {
    const comes = comesText(line, look.now);
    return [line.kind, spenderLabel(line), ...figuresIn(line), isPressing(line) ? red(comes) : comes];
  };
  const rows: TableRows = { length: lines.length, from: (start, end) => lines.slice(start, end).map(cellsOf) };
  yield* tableChunks(...aligned(HEADINGS, rows, NUMBERS), look, 'All of it: -o csv or -o json');
  yield `\n${footer}`;
}

/** The same table for a comment or a page in Markdown. */
export function* forecastMarkdown(forecast: Forecast, now: Date): Iterable<string> {
  const rows = (function* rows() {
    for (const line of forecast.lines) {
      const comes = comesText(line, now);
      const who = plainMarkdown(spenderLabel(line));
      yield [line.kind, who, ...figuresIn(line), isPressing(line) ? `**${comes}**` : comes];
    }
  })();
  yield* markdownTable(HEADINGS, NUMBERS, rows);
  yield `\n${forecastFooter(forecast)}\n`;
}

function pipedLine(line: ForecastLine): string {
  const row = forecastRow(line);
  return `${FORECAST_NAMES.map((name) => oneLine(plainText(row[name]))).join('\t')}\n`;
}

function figuresIn({ spend, max_budget, share, pace }: ForecastLine): readonly string[] {
  return [dollars(spend), dollars(max_budget), percent(share), dollars(pace)];
}

/** What comes first of limit, window and end. */
function comesText({ state, reached_at, budget_reset_at, expires, close }: ForecastLine, now: Date): string {
  const when = (moment: string | null): string => (moment === null ? '' : fromNow(new Date(moment), now));
  switch (state) {
    case 'over':
      return budget_reset_at === null ? 'over' : `over, starts again ${when(budget_reset_at)}`;
    case 'reaches':
    case 'later':
      return when(reached_at);
    case 'resets':
      return `${close ? 'close, ' : ''}starts again before, ${when(budget_reset_at)}`;
    case 'ends':
      return `${close ? 'close, ' : ''}ends before, ${when(expires)}`;
    case 'stays':
      return close ? 'close, not at this pace' : 'not at this pace';
  }
}

/** Where the pace comes from, and who is left out. */
function forecastFooter(forecast: Forecast): string {
  const { since, until, as_of, source } = forecast;
  const when = as_of.slice(0, 16).replace('T', ' ');
  const others = leftOutText(forecast);
  const text = `At the pace of ${since} to ${until}, days in UTC, as of ${when} UTC, from ${source}; the use of the last seconds may be missing.`;
  return others === '' ? text : `${text} Not in it: ${others}.`;
}
