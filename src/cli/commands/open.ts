import type { Live } from '../../model/resource.ts';
import type { KeyWish } from '../../run/change-keys.ts';
import { SPREADS } from '../block-keys.ts';
import { changeAndReport, changeFlags, type ChangeOptions } from '../change-keys.ts';
import type { Console } from '../console.ts';

export const examples = ['vkeys open -f vkeys.yaml', 'vkeys open --set lab --dry-run'];

export const flags = changeFlags;

/** Opens keys at once that are closed until a moment of their spec, and leaves those that somebody blocked. */
export function action(console: Console, words: readonly string[], options: ChangeOptions): Promise<number> {
  return changeAndReport(console, words, options, {
    old: 'named',
    look: { fields: new Set(['blocked']), columns: ['total_spend'] },
    wishFor: wishOf,
    afterwards: [SPREADS],
  });
}

function wishOf({ kind, id, name, mark, settings }: Live): KeyWish {
  if (mark?.opens !== undefined) return { fields: { settings: { blocked: false }, opens: null }, notices: [] };
  if (settings['blocked'] !== true) return { fields: {}, notices: [] };
  const ref = { kind, name: name ?? id };
  const hint = 'If it may be used again: vkeys unblock ALIAS';
  return { fields: {}, notices: [{ code: 'blocked', ref, message: 'Somebody blocked it.', hint }] };
}
