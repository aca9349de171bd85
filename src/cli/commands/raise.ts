import { InvalidArgumentError, type Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import { oneLine } from '../../encode/terminal.ts';
import type { Notice } from '../../model/plan.ts';
import type { Live } from '../../model/resource.ts';
import type { KeyWish } from '../../run/change-keys.ts';
import { SPREADS } from '../block-keys.ts';
import { changeAndReport, changeFlags } from '../change-keys.ts';
import type { Console } from '../console.ts';
import type { OptionsOf } from '../options.ts';

export const examples = [
  'vkeys raise lab-user1 --max-budget +5',
  'vkeys raise --set lab --max-budget 20 --reset-spend --dry-run',
];

export function flags(command: Command) {
  return changeFlags(command)
    .option('--max-budget <usd>', 'US dollars: 20 for so many at least, +5 for so many more', budget)
    .option('--reset-spend', 'count what is spent from 0 again');
}

type Options = OptionsOf<typeof flags>;

/** What a budget is to be, seeing what it is. */
type Budget = (now: number) => number;

function budget(text: string): Budget {
  const amount = Number(text);
  if (!/^\+?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/.test(text) || amount <= 0)
    throw new InvalidArgumentError('It is US dollars, like 20, or +5 for so many more.');
  return text.startsWith('+') ? (now) => Number((now + amount).toFixed(10)) : (now) => Math.max(now, amount);
}

/** Gives keys more to spend, and never less. */
export function action(console: Console, words: readonly string[], options: Options): Promise<number> {
  const { maxBudget, resetSpend } = options;
  if (maxBudget === undefined && resetSpend === undefined)
    throw new VkeysError('usage', 'How much was not said.', 'Give --max-budget 20, --max-budget +5 or --reset-spend');
  return changeAndReport(console, words, options, {
    old: 'named',
    look: { fields: new Set(['max_budget', 'budget_id']), columns: ['spend', 'total_spend'] },
    wishFor: (live) => {
      const raised = maxBudget === undefined ? { fields: {}, notices: [] } : raisedOf(live, maxBudget);
      return { ...raised, fields: { ...raised.fields, ...(resetSpend === true ? { extra: { spend: 0 } } : {}) } };
    },
    afterwards: [SPREADS],
  });
}

/** A budget that lies in a row may be that of many keys, and versions differ in whether a key's own counts beside it. */
function raisedOf({ kind, id, name, settings }: Live, more: Budget): KeyWish {
  const ref = { kind, name: name ?? id };
  const untouched = (message: string, hint: string | null): KeyWish => {
    const notice: Notice = { code: 'reference', ref, message, hint };
    return { fields: {}, notices: [notice] };
  };
  const { budget_id, max_budget } = settings;
  if (typeof budget_id === 'string') {
    const row = oneLine(budget_id);
    return untouched(
      `Its limits are those of the budget ${row}.`,
      `For all that has it: vkeys budget update ${row} --max-budget N`,
    );
  }
  if (!isNumber(max_budget)) return untouched('It has no max_budget, and may spend what it likes.', null);
  const raised = more(max_budget);
  if (raised > max_budget) return { fields: { settings: { max_budget: raised } }, notices: [] };
  const isMore = more(0) < max_budget;
  const hint = 'For less: vkeys update ALIAS --max-budget N';
  return isMore ? untouched(`It has more already: ${String(max_budget)}.`, hint) : { fields: {}, notices: [] };
}

function isNumber(value: Json | undefined): value is number {
  return typeof value === 'number';
}
