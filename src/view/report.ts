import { ACTIONS, isCreation, type Action, type Change } from '../model/change.ts';
import { isChanged, isSetChanged, type Outcome, type SetReport } from '../model/outcome.ts';
import { fieldsText, groupsOf, namesText, signOf } from './groups.ts';
import { paint, widthOf, type Look } from './look.ts';
import { shortNames } from './names.ts';
import { noticesText } from './notices.ts';
import { countsOf, DONE } from './outcome.ts';
import { pathTexts } from './paths.ts';
import { indent, lines, oneLine } from '../encode/terminal.ts';
import { wrap } from './wrap.ts';
import { momentText, secondsText } from './time.ts';
import { count, countKinds, dollars } from './value.ts';
import { nameText, type Ref } from '../model/ref.ts';

export type ReportOptions = {
  /** Keys in full instead of masked, so each on a line of its own. */
  readonly showKeys: boolean;
  /** How long it took. */
  readonly seconds: number;
  readonly ended: Date;
};

/** So many keys of one action are told one by one. */
const FEW = 10;

/** What a run did: the keys that changed, those that failed and why, where secrets went, then the sum. */
export function reportText(report: SetReport, look: Look, options: ReportOptions): string {
  const { outcomes } = report;
  const changed = ACTIONS.map((action) =>
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
    filesText('Keys written to ', report.written, look) + filesText('Keys taken out of ', report.withdrawn, look),
    ...noticesText([], report.notices, look),
    `${paint(look).bold(sumText(report, options))}\n${proofText(report, look, options)}`,
  ];
  return sections.filter((section) => section !== '').join('\n');
}

/** `Applied: 25 created, 1 unchanged in 2.1 s.` */
function sumText(report: SetReport, { seconds }: ReportOptions): string {
  const { outcomes } = report;
  const counts = countsOf(outcomes);
  const { failed, skipped, noop } = counts;
  const missing = report.missing.length;
  const changed = isSetChanged(report);
  const files = new Set([...report.written, ...report.withdrawn]).size;
  if (!changed && failed + skipped === 0) {
    const standing =
      noop === 0
        ? []
        : [`${countKinds(outcomes.map(({ change: { ref } }) => ref))} ${noop === 1 ? 'is' : 'are'} as wanted`];
    const absent = missing === 0 ? [] : [`${String(missing)} ${missing === 1 ? 'is' : 'are'} not there`];
    return `${['Nothing to do', [...standing, ...absent].join(', ')].filter((part) => part !== '').join(': ')}.`;
  }
  const parts = [
    ...ACTIONS.map((action): readonly [number, string] => [counts[action], DONE[action]]),
    [missing, 'not there'] as const,
    [failed, 'failed'] as const,
    [skipped, 'not tried'] as const,
  ];
  const done = [
    ...parts.filter(([n]) => n > 0).map(([n, words]) => `${String(n)} ${words}`),
    ...(files === 0 || outcomes.some(isChanged)
      ? []
      : [`${count(files, 'hand-out')} ${report.written.length === 0 ? 'taken back' : 'written'}`]),
  ];
  return `${headOf(changed, failed + skipped)}: ${done.join(', ')} in ${secondsText(seconds)}.`;
}

/** When and where something was changed. */
function proofText(report: SetReport, look: Look, { ended }: ReportOptions): string {
  if (!isSetChanged(report)) return '';
  const { url, version = null } = report;
  const at = `${ended.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const what = version === null ? '' : `, LiteLLM ${oneLine(version)}`;
  return `${paint(look).dim(`${at}, ${oneLine(url)}${what}`)}\n`;
}

function headOf(changed: boolean, undone: number): string {
  if (undone === 0) return 'Applied';
  return changed ? 'Partly applied' : 'Failed';
}

/** What a line of a key tells already. */
const IN_LINE: ReadonlySet<string> = new Set(['expires']);

/** A few keys one by one, many together; and what changed, as the plan tells it. */
function changedText(action: Action, outcomes: readonly Outcome[], look: Look, { showKeys }: ReportOptions): string {
  if (outcomes.length === 0 || (action === 'noop' && !showKeys)) return '';
  const isFew = outcomes.length <= FEW || showKeys;
  const width = Math.max(...outcomes.map(({ change }) => oneLine(nameText(change.ref)).length));
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.change, outcome]));
  return groupsOf([...outcomeOf.keys()], look)
    .map((group) => {
      const those = group.changes.flatMap((change) => outcomeOf.get(change) ?? []);
      const one = those.map((each) => `  ${signOf(action, look)} ${keyLine(each, width, look, showKeys)}\n`);
      const spent = action === 'delete' && group.first.ref.kind === 'key' ? `, ${spentText(group.changes)}` : '';
      const note = ` (${String(those.length)} ${DONE[action]}${spent})`;
      const isTold = isFew && group.changes.every(isCreation);
      const fields = fieldsText(group, isTold ? IN_LINE : undefined);
      return (isFew ? one.join('') : namesText(group.changes, note, look)) + fields;
    })
    .join('');
}

function keyLine({ change, live, secret }: Outcome, width: number, { now }: Look, showKeys: boolean): string {
  const alias = oneLine(nameText(change.ref));
  if (change.ref.kind !== 'key') return alias;
  if (live === null) return change.live === null ? alias : `${alias.padEnd(width)}  ${spentText([change])}`;
  const key = secret === null ? oneLine(live.key_name ?? '') : showKeys ? secret.reveal() : secret.masked();
  const end = live.expires === null ? 'never expires' : `expires ${oneLine(momentText(live.expires, now))}`;
  return `${alias.padEnd(width)}  ${key}  ${end}`;
}

/** What keys had spent in all; newer servers keep that over the resets of a budget. */
function spentText(changes: readonly Change[]): string {
  const spent = changes.reduce((sum, { live }) => {
    const total = live?.extra['total_spend'];
    return sum + (typeof total === 'number' ? total : (live?.spend ?? 0));
  }, 0);
  return `${dollars(spent)} US dollars spent`;
}

/** Failures, those of one cause together. */
function failuresText(outcomes: readonly Outcome[], look: Look): string {
  const causes = new Map<string, { message: string; hint: string; refs: Ref[] }>();
  for (const { change, error, status } of outcomes) {
    if (status !== 'failed') continue;
    const message = error?.message ?? 'It failed.';
    const hint = error?.hint ?? '';
    const cause = causes.get(`${message}\n${hint}`);
    if (cause === undefined) causes.set(`${message}\n${hint}`, { message, hint, refs: [change.ref] });
    else cause.refs.push(change.ref);
  }
  const texts = [...causes.values()].map(({ message, hint, refs }) => {
    const names = indent(wrap(shortNames(refs.map(nameText)), widthOf(look) - 12), '    ').trimStart();
    const many = refs.length === 1 ? '' : ` (${countKinds(refs)})`;
    const next = hint === '' ? '' : `${indent(lines(hint), '    ')}\n`;
    return `  ${paint(look).red('x')} ${names}${many}: ${indent(lines(message), '    ').trimStart()}\n${next}`;
  });
  return texts.join('');
}

function skippedText(outcomes: readonly Outcome[], look: Look): string {
  const skipped = outcomes.filter(({ status }) => status === 'skipped').map(({ change }) => nameText(change.ref));
  if (skipped.length === 0) return '';
  const names = indent(wrap(shortNames(skipped), widthOf(look) - 12), '    ').trimStart();
  return `  ${paint(look).dim('?')} not tried: ${names}\n`;
}

function filesText(what: string, paths: readonly string[], look: Look): string {
  if (paths.length === 0) return '';
  return `${what}${pathTexts(paths, FEW, look).join(`\n${' '.repeat(what.length)}`)}\n`;
}
