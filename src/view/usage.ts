/** Usage for people at a terminal, for pipes and in Markdown. */
import type { Figures, UsageLine, UsageReport } from '../model/usage.ts';
import { plainText } from '../encode/plain.ts';
import { oneLine } from '../encode/terminal.ts';
import { aligned } from './aligned.ts';
import { paint, widthOf, type Look } from './look.ts';
import { markdownTable, plainMarkdown } from './markdown-table.ts';
import { tableChunks, type TableRows } from './table.ts';
import { fromNow } from './time.ts';
import { percent, shareOf, usageLabels, usageNames, usageRow } from './usage-rows.ts';
import { dollars } from './value.ts';
import { fold } from './wrap.ts';

/** How long the longest bar is. */
export const LONGEST = 12;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A table with bars and a sum, or tab-separated lines without a header for a program, piece by piece. */
export function* usageText(report: UsageReport, look: Look): Iterable<string> {
  const { lines, by, total } = report;
  if (look.columns === null) {
    for (const line of lines) yield `${pipedCells(report, line).join('\t')}\n`;
    return;
  }
  const { dim, cyan } = paint(look);
  const footer = `${dim(fold(usageFooter(report), widthOf(look)))}\n`;
  if (lines.length === 0) return yield `Nothing was used.\n${footer}`;
  const largest = lines.reduce((most, { spend }) => Math.max(most, spend), 0);
  const hasBudget = hasBudgets(report);
  const cellsOf = (line: UsageLine): readonly string[] => [
    ...usageLabels(by, line),
    dollars(line.spend),
    cyan(barText(largest === 0 ? 0 : line.spend / largest)),
    ...counted(line),
    ...(hasBudget ? [budgetCell(line)] : []),
    line.last_used === null ? '' : oneLine(whenText(line.last_used, look.now)),
  ];
  const sum =
    total === null ? [] : [['Total', ...by.slice(1).map(() => ''), dollars(total.spend), '', ...counted(total)]];
  const rows: TableRows = {
    length: lines.length + sum.length,
    from: (start, end) => [...lines.slice(start, end).map(cellsOf), ...(end > lines.length ? sum : [])],
  };
  const headings = [...by, 'spend', '', ...COUNTED, ...(hasBudget ? ['budget'] : []), 'last used'];
  const numbers = headings.map((name, index) => index >= by.length && name !== '' && name !== 'last used');
  yield* tableChunks(...aligned(headings, rows, numbers), look, 'All of it: -o csv or -o json');
  yield `\n${footer}`;
}

const COUNTED = ['requests', 'failed', 'prompt', 'completion'];

function counted({ requests, failed, prompt_tokens, completion_tokens }: Figures): readonly string[] {
  return [requests, failed, prompt_tokens, completion_tokens].map(numberText);
}

/** `1,234`. */
export function numberText(value: number): string {
  return value.toLocaleString('en');
}

/** Whether there is a column for the share of the budget. */
export function hasBudgets({ lines }: UsageReport): boolean {
  return lines.some((line) => shareOf(line) !== null);
}

function budgetCell(line: UsageLine): string {
  const share = shareOf(line);
  return share === null ? '' : percent(share);
}

/** Where the figures come from, and what they leave out. */
export function usageFooter({ since, until, as_of, source, total }: UsageReport): string {
  const days = since === until ? since : `${since} to ${until}`;
  const when = as_of.slice(0, 16).replace('T', ' ');
  const tags = total === null ? ' A request counts under each of its tags, so these have no sum.' : '';
  return `${days}, days in UTC, as of ${when} UTC, from ${source}. Requests that were refused are among the failed ones; those of the last seconds may be missing.${tags}`;
}

function pipedCells(report: UsageReport, line: UsageLine): readonly string[] {
  const row = usageRow(report.by, line);
  return usageNames(report).map((name) => oneLine(plainText(row[name])));
}

/** `▇▇▇▍`, of a share of the longest. */
export function barText(share: number): string {
  const eighths = share === 0 ? 0 : Math.max(1, Math.round(share * LONGEST * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

function whenText(moment: string, now: Date): string {
  return moment.length > 10 ? fromNow(new Date(moment), now) : moment;
}

/** The same table for a comment or a page in Markdown. */
export function* usageMarkdown(report: UsageReport): Iterable<string> {
  const { lines, by, total } = report;
  const hasBudget = hasBudgets(report);
  const headings = [...by, 'spend', ...COUNTED, ...(hasBudget ? ['budget'] : []), 'last used'];
  const isNumber = (name: string, index: number): boolean => index >= by.length && name !== 'last used';
  const rows = (function* rows() {
    for (const line of lines) {
      yield [
        ...usageLabels(by, line).map(plainMarkdown),
        dollars(line.spend),
        ...counted(line),
        ...(hasBudget ? [budgetCell(line)] : []),
        line.last_used?.slice(0, 10) ?? '',
      ];
    }
    if (total !== null) yield ['**Total**', ...by.slice(1).map(() => ''), dollars(total.spend), ...counted(total)];
  })();
  yield* markdownTable(headings, headings.map(isNumber), rows);
  yield `\n${usageFooter(report)}\n`;
}
