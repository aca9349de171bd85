/** The words for a rule, and for a way to keep to it. */
import { firstOf } from '../base/first-of.ts';
import type { Demand, Rule } from './rules.ts';

/** So many names are enough to know what is meant. */
const SOME = 8;

/** The demand in words, without its field: `at most 50`. */
export function demandText(demand: Demand): string {
  switch (demand.is) {
    case 'within':
      return `ends within ${demand.bound}`;
    case 'most':
    case 'least':
      return `at ${demand.is} ${String(demand.bound)}`;
    case 'among':
      return `only ${firstOf(demand.names, SOME)}`;
    case 'all':
      return `with ${firstOf(demand.names, SOME)}`;
    case 'exactly':
      return `has to be ${String(demand.value)}`;
    case 'set':
      return 'has to be set';
    case 'unset':
      return 'may not be set';
  }
}

/** The same with its field: `max_budget at most 50`. */
export function ruleText(rule: Rule): string {
  return rule.is === 'within' ? demandText(rule) : `${rule.field} ${demandText(rule)}`;
}

/** What to do about a breach. `write`: how a field is given a value where the breach is, `max_budget: 50` or `--max-budget 50`. */
export function remedyText(rule: Rule, write: (field: string, value: string) => string): string {
  const { field } = rule;
  switch (rule.is) {
    case 'within':
      return `Give it an end: ${write('duration', rule.bound)}, or less.`;
    case 'most':
      return `Give it ${write(field, String(rule.bound))}, or less: none is no limit.`;
    case 'least':
      return `Give it ${write(field, String(rule.bound))}, or more.`;
    case 'among':
      return `Let ${field} be among these: * and ? stand for any text.`;
    case 'all':
      return `Add what is lacking to ${field}.`;
    case 'exactly':
      return `Give it ${write(field, String(rule.value))}.`;
    case 'set':
      return `Give it ${write(field, 'VALUE')}.`;
    case 'unset':
      return `Leave ${field} out.`;
  }
}
