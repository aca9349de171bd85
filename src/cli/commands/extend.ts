import type { Command } from '@commander-js/extra-typings';
import { endOf } from '../../base/duration.ts';
import { VkeysError } from '../../base/errors.ts';
import { oneLine } from '../../encode/terminal.ts';
import { hasEnded } from '../../model/lifetime.ts';
import type { Live } from '../../model/resource.ts';
import type { KeyWish } from '../../run/change-keys.ts';
import { momentHint, parseMoment } from '../../spec/moment.ts';
import { SPREADS } from '../block-keys.ts';
import { changeAndReport, changeFlags } from '../change-keys.ts';
import type { Console } from '../console.ts';
import { duration } from '../option-values.ts';
import type { OptionsOf } from '../options.ts';

export const examples = [
  'vkeys extend lab-user1 --by 2d',
  'vkeys extend --set lab --until 2026-12-24T18:00:00Z --dry-run',
];

export function flags(command: Command) {
  return changeFlags(command)
    .option('--by <duration>', 'so much later than now; one that has ended lives again, for so long', duration)
    .option('--until <time>', 'until this moment, e.g. 2026-12-24T18:00:00Z');
}

type Options = OptionsOf<typeof flags>;

/** Moves the end of keys, and only to later. */
export function action(console: Console, words: readonly string[], options: Options): Promise<number> {
  const laterThan = endIn(options, console.now());
  return changeAndReport(console, words, options, {
    old: 'named',
    look: { columns: ['total_spend'] },
    wishFor: (live, now) => wishOf(live, now, laterThan),
    afterwards: [SPREADS],
  });
}

/** The new end of a key that would end at a moment. */
type EndOf = (end: Date, now: Date) => Date;

/** Throws `usage` unless there is one of the two. */
function endIn({ by, until }: Options, now: Date): EndOf {
  if ((by === undefined) === (until === undefined))
    throw new VkeysError('usage', 'Say how long, in one way.', 'Give --by 2d, or --until 2026-12-24T18:00:00Z');
  if (by !== undefined) return (end, from) => endOf(by, end > from ? end : from);
  const text = until ?? '';
  const moment = parseMoment(text, null);
  if (moment === null)
    throw new VkeysError('usage', `--until ${oneLine(text)} is no moment with a time zone.`, momentHint(text));
  if (hasEnded(moment, now)) throw new VkeysError('usage', `--until ${oneLine(text)} is over.`, 'Give a later moment.');
  return () => new Date(moment);
}

function wishOf({ kind, id, name, expires }: Live, now: Date, endAfter: EndOf): KeyWish {
  const ref = { kind, name: name ?? id };
  const untouched = (message: string, hint: string): KeyWish => {
    return { fields: {}, notices: [{ code: 'lifetime', ref, message, hint }] };
  };
  if (expires === null)
    return untouched('It has no end that could be moved.', 'To give it one: vkeys update ALIAS --expires TIME');
  const end = endAfter(new Date(expires), now);
  if (end.toISOString() < expires)
    return untouched(`It ends later already: ${expires}.`, 'To end it earlier: vkeys update ALIAS --expires TIME');
  return { fields: { lifetime: { expires: end.toISOString() } }, notices: [] };
}
