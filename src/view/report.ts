import type { JsonObject } from '../base/json.ts';
import type { Action, Outcome, Report } from '../model/model.ts';
import { ORDER } from '../plan/make.ts';
import { paint, widthOf, type Look } from './look.ts';
import { shortNames } from './names.ts';
import { noticesText } from './notices.ts';
import { countsOf, isChanged, outcomeJson } from './outcome.ts';
import { SIGNS } from './plan.ts';
import { indent, lines, oneLine, wrap } from '../encode/terminal.ts';
import { momentText, secondsText } from './time.ts';
import { count } from './value.ts';

export type ReportOptions = {
  /** Keys in full instead of masked, so each on a line of its own. */
  readonly showKeys: boolean;
  /** How long it took. */
  readonly seconds: number;
  /** Files into which keys were delivered. */
  readonly written: readonly string[];
};

/** So many keys of one action are told one by one. */
const FEW = 10;
const DONE: Readonly<Record<Action, string>> = {
  create: 'created',
  rotate: 'rotated',
  update: 'updated',
  adopt: 'adopted',
  delete: 'deleted',
  noop: 'unchanged',
};

/** What a run did: the keys that changed, those that failed and why, where secrets went, then the sum. */
export function reportText(report: Report, look: Look, options: ReportOptions): string {
  const { outcomes } = report;
  const changed = ORDER.map((action) =>
    changedText(
      action,
      outcomes.filter((each) => each.change.action === action && each.status === 'applied'),
      look,
      options,
    ),
  );
  const sections = [
    changed.join(''),
    failuresText(outcomes, look),
    skippedText(outcomes, look),
    writtenText(options.written),
    ...noticesText([], report.notices, look),
    `${paint(look).bold(sumText(report, options))}\n`,
  ];
  return sections.filter((section) => section !== '').join('\n');
}

/** What a run did, for programs: the shape that the README documents. */
export function reportJson(report: Report, options: { readonly secrets: boolean }): JsonObject {
  const { set, state, url, outcomes, notices, missing } = report;
  const counts = countsOf(report);
  return {
    version: 1,
    set,
    state,
    changed: outcomes.some(isChanged),
    api_endpoint: url,
    api_base_url: `${url}/v1`,
    summary: counts,
    ...(state === 'absent' ? { deleted_count: counts.delete, missing_count: missing.length } : {}),
    keys: outcomes.map((outcome) => outcomeJson(outcome, options)),
    notices,
  };
}

/** `Applied: 25 created, 1 unchanged in 2.1 s.` */
function sumText(report: Report, { seconds }: ReportOptions): string {
  const counts = countsOf(report);
  const { failed, skipped, noop } = counts;
  const missing = report.missing.length;
  const changed = report.outcomes.some(isChanged);
  if (!changed && failed + skipped === 0) {
    const standing = noop === 0 ? [] : [`${count(noop, 'key')} ${noop === 1 ? 'is' : 'are'} as wanted`];
    const absent = missing === 0 ? [] : [`${count(missing, 'key')} ${missing === 1 ? 'is' : 'are'} not there`];
    return `${['Nothing to do', [...standing, ...absent].join(', ')].filter((part) => part !== '').join(': ')}.`;
  }
  const parts = [
    ...ORDER.map((action): readonly [number, string] => [counts[action], DONE[action]]),
    [missing, 'not there'] as const,
    [failed, 'failed'] as const,
    [skipped, 'not tried'] as const,
  ];
  const done = parts.filter(([n]) => n > 0).map(([n, words]) => `${String(n)} ${words}`);
  return `${headOf(changed, failed + skipped)}: ${done.join(', ')} in ${secondsText(seconds)}.`;
}

function headOf(changed: boolean, undone: number): string {
  if (undone === 0) return 'Applied';
  return changed ? 'Partly applied' : 'Failed';
}

function changedText(action: Action, outcomes: readonly Outcome[], look: Look, { showKeys }: ReportOptions): string {
  const [first] = outcomes;
  if (action === 'noop' && !showKeys) return '';
  if (first === undefined) return '';
  const { sign, color } = SIGNS[action];
  const mark = paint(look)[color](sign);
  if (outcomes.length > FEW && !showKeys) {
    const names = wrap(shortNames(outcomes.map(({ change }) => change.key_alias)), widthOf(look) - 18);
    return `  ${mark} ${indent(names, '    ').trimStart()} (${String(outcomes.length)} ${DONE[action]})\n`;
  }
  const width = Math.max(...outcomes.map(({ change }) => oneLine(change.key_alias).length));
  return outcomes.map((outcome) => `  ${mark} ${keyLine(outcome, width, look, showKeys)}\n`).join('');
}

function keyLine({ change, live, secret }: Outcome, width: number, { now }: Look, showKeys: boolean): string {
  const alias = oneLine(change.key_alias);
  if (live === null) return alias;
  const key = secret === null ? oneLine(live.key_name ?? '') : showKeys ? secret.reveal() : secret.masked();
  const end = live.expires === null ? 'never expires' : `expires ${oneLine(momentText(live.expires, now))}`;
  return `${alias.padEnd(width)}  ${key}  ${end}`;
}

/** Failures, those of one cause together. */
function failuresText(outcomes: readonly Outcome[], look: Look): string {
  const causes = new Map<string, { message: string; hint: string; aliases: string[] }>();
  for (const { change, error, status } of outcomes) {
    if (status !== 'failed') continue;
    const message = error?.message ?? 'It failed.';
    const hint = error?.hint ?? '';
    const cause = causes.get(`${message}\n${hint}`);
    if (cause === undefined) causes.set(`${message}\n${hint}`, { message, hint, aliases: [change.key_alias] });
    else cause.aliases.push(change.key_alias);
  }
  const texts = [...causes.values()].map(({ message, hint, aliases }) => {
    const names = indent(wrap(shortNames(aliases), widthOf(look) - 12), '    ').trimStart();
    const many = aliases.length === 1 ? '' : ` (${count(aliases.length, 'key')})`;
    const next = hint === '' ? '' : `${indent(lines(hint), '    ')}\n`;
    return `  ${paint(look).red('x')} ${names}${many}: ${indent(lines(message), '    ').trimStart()}\n${next}`;
  });
  return texts.join('');
}

function skippedText(outcomes: readonly Outcome[], look: Look): string {
  const skipped = outcomes.filter(({ status }) => status === 'skipped').map(({ change }) => change.key_alias);
  if (skipped.length === 0) return '';
  const names = indent(wrap(shortNames(skipped), widthOf(look) - 12), '    ').trimStart();
  return `  ${paint(look).dim('?')} not tried: ${names}\n`;
}

function writtenText(paths: readonly string[]): string {
  if (paths.length === 0) return '';
  const shown = paths.length > FEW ? shortFiles(paths) : paths.map(oneLine);
  return `Keys written to ${shown.join('\n                ')}\n`;
}

/** The first files, and how many more. */
function shortFiles(paths: readonly string[]): readonly string[] {
  const first = paths.slice(0, 3).map(oneLine);
  return [...first, `and ${String(paths.length - first.length)} more files`];
}
