import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import type { Notice } from '../../model/plan.ts';
import type { UsageReport } from '../../model/usage.ts';
import { withSessions } from '../../run/open.ts';
import { findUse } from '../../run/usage.ts';
import type { Console } from '../console.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import { assertNoFormat, formatAmong, writeChunks } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { collect, list } from '../option-values.ts';
import { sayNotices } from '../say.ts';
import { KEY, selectorsIn } from '../selectors.ts';
import { daysOf, dimensionsIn } from '../usage-options.ts';
import { writeResult } from '../write-file.ts';

export const examples = [
  'vkeys usage --by team,user --since 30d',
  'vkeys usage --by day --since 1mo --html usage.html',
  'vkeys usage --between before.json after.json',
];

export function flags(command: Command) {
  return command
    .option('--by <what>', 'key, user, team, model, day, tag or set; several as team,user', list, ['key'])
    .option('--since <day>', 'the first day, or how many ago: 2026-11-24, 7d', '7d')
    .option('--until <day>', 'the last day, in UTC (default: today)')
    .option('--key <key>', `${KEY}; "lab-*" for several (repeatable)`, collect)
    .option('--set <name>', 'of the keys of this set')
    .option('--user <user_id>', 'of this user')
    .option('--team <team_id>', 'of this team')
    .option('--between <file...>', 'between two files of vkeys snapshot, or one and now')
    .option('--html <file>', 'write a page with a chart and a table; - prints it');
}

type Options = OptionsOf<typeof flags>;

/** Tells how much was used. What LiteLLM cannot tell is said, and never guessed. */
export async function action(console: Console, options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml', 'csv', 'markdown']);
  if (options.html !== undefined) assertNoFormat(options);
  const started = console.now();
  if (options.between !== undefined) {
    const { usageBetween } = await import('../between.ts');
    assertAlone(options);
    const found = await usageBetween(console, options, options.between);
    return show(console, options, { ...found, format, started });
  }
  const by = dimensionsIn(options.by);
  const days = daysOf(options);
  const selectors = options.key === undefined ? [] : await selectorsIn(console, options, options.key);
  if (selectors.some(({ is }) => is === 'mask')) {
    throw new VkeysError('usage', 'Usage knows no masked keys.', 'Name the key by its alias or its hash.');
  }
  const context = contextOf(console, options);
  return withSessions(context, async (sessions) => {
    const session = await sessions.open(null);
    const { set, user, team } = options;
    const { report, gaps } = await findUse(context, session, { by, days, selectors, set, user, team });
    const notices = gaps.map((message): Notice => ({ code: 'usage', ref: null, message, hint: null }));
    return show(console, options, { format, started, server: session.url, report, notices });
  });
}

/** A snapshot says of which keys it is, and of which time. */
function assertAlone({ key, set, user, team, until }: Options): void {
  if ([key, set, user, team, until].every((each) => each === undefined)) return;
  throw new VkeysError('usage', '--between is of the keys of its snapshots.', 'Leave the other filters out.');
}

type Shown = {
  readonly format: 'table' | 'json' | 'yaml' | 'csv' | 'markdown';
  readonly started: Date;
  readonly server: string;
  readonly report: UsageReport;
  readonly notices: readonly Notice[];
};

async function show(console: Console, options: Options, shown: Shown): Promise<number> {
  const { format, report, server, notices } = shown;
  const { html } = options;
  if (html === undefined) await print(console, options, format, report, shown);
  else {
    const { usageHtml } = await import('../../view/usage-html.ts');
    await writeResult(console, options, { file: html, flag: '--html', text: usageHtml(report, server) });
  }
  await sayNotices(console, options, notices);
  return 0;
}

async function print(
  console: Console,
  options: Options,
  format: 'table' | 'json' | 'yaml' | 'csv' | 'markdown',
  report: UsageReport,
  { started, notices }: { readonly started: Date; readonly notices: readonly Notice[] },
): Promise<void> {
  const { usageAbout, usageNames, usageRow } = await import('../../view/usage-rows.ts');
  if (format === 'table' || format === 'markdown') {
    const { usageMarkdown, usageText } = await import('../../view/usage.ts');
    const look = lookOf(console, console.stdout, options);
    return writeChunks(console, format === 'table' ? usageText(report, look) : usageMarkdown(report));
  }
  const rows = (function* rows() {
    for (const line of report.lines) yield usageRow(report.by, line);
  })();
  if (format === 'csv') {
    return writeChunks(console, (await import('../../encode/csv.ts')).csvChunks(usageNames(report), rows));
  }
  const { documentOf, noticeJson } = await import('../../view/document.ts');
  const said = notices.map((notice) => noticeJson(notice, null, 'notice'));
  const more = { usage_of: usageAbout(report), usage: [] };
  const document = documentOf({ started, ended: console.now(), notices: said, more });
  if (format === 'yaml') {
    return writeChunks(console, (await import('../../encode/yaml.ts')).yamlChunks(document, 'usage', rows));
  }
  return writeChunks(console, (await import('../../encode/json.ts')).jsonChunks(document, 'usage', rows));
}
