/** What a run on keys that were chosen says beside what became of them: what was not there, and what was not seen. */
import type { Report, SetReport } from '../model/outcome.ts';
import type { Notice, Refusal } from '../model/plan.ts';
import type { Named } from './choice.ts';
import { nothingDone } from './by-hand.ts';
import type { Session } from './open.ts';
import type { Selection } from './select.ts';
import { unmatchedNotices } from './unmatched.ts';

/** A pattern or a filter would leave some of what it means, and call that done. */
export function shortRefusals({ isShort, gaps }: Selection): readonly Refusal[] {
  const hint = 'Run the same command again when less is going on there, or name the keys by their aliases.';
  return isShort ? gaps.map((message): Refusal => ({ code: 'survey', ref: null, message, hint })) : [];
}

/** The report with what was not there, and what of the list could not be read. */
export function withRest(
  report: Report,
  { url }: Session,
  { selectors, filter, also }: Named,
  selection: Selection,
  state: SetReport['state'],
): Report {
  const { keys, missing, sizes, gaps } = selection;
  const [first, ...others] = report.sets;
  const seen = [...sizes.values()].reduce((sum, each) => sum + each, 0);
  /* A word that names nothing is an error of its own. */
  const isUnmatched = keys.length === 0 && selectors.length === 0 && also === undefined;
  const more = [
    ...gaps.map((message): Notice => ({ code: 'survey', ref: null, message, hint: null })),
    ...(isUnmatched ? unmatchedNotices({ kind: 'key', named: [], filter, seen, sets: [...sizes.keys()] }) : []),
  ];
  const { notices, ...rest } = first ?? nothingDone(url, state);
  const set = { ...rest, notices: [...notices, ...more], missing: missing.map(({ label }) => label) };
  return { ...report, sets: [set, ...others] };
}
