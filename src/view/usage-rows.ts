/** Rows of usage for programs, and what people call them. */
import type { Json, JsonObject } from '../base/json.ts';
import { oneLine } from '../encode/terminal.ts';
import { MASTER, type Dimension, type UsageLine, type UsageReport } from '../model/usage.ts';

/** The members that name a row of this; aliases stand beside ids. */
const MEMBERS = {
  key: ['key_id', 'key_alias', 'exists'],
  user: ['user_id'],
  team: ['team_id', 'team_alias'],
  model: ['model'],
  day: ['day'],
  tag: ['tag'],
  set: ['set'],
} as const satisfies Record<Dimension, readonly string[]>;

/** Members that each row has, in their order. */
export function usageNames({ by }: Pick<UsageReport, 'by'>): readonly string[] {
  return [...by.flatMap((dimension) => [...MEMBERS[dimension]]), ...COUNTED];
}

const COUNTED = [
  'requests',
  'failed',
  'prompt_tokens',
  'completion_tokens',
  'spend',
  'max_budget',
  'budget_spend',
  'last_used',
];

/** One row: `null` where it is about nobody, and where the server does not tell. */
export function usageRow(by: readonly Dimension[], line: UsageLine): JsonObject {
  const named = by.flatMap((dimension, index) => {
    const [id, ...more] = MEMBERS[dimension];
    const value = line.values[index] ?? null;
    const others: Readonly<Record<string, Json>> = {
      key_alias: line.key_alias,
      team_alias: line.team_alias,
      exists: line.exists,
    };
    return [[id, value] as const, ...more.map((name) => [name, others[name] ?? null] as const)];
  });
  const { requests, failed, prompt_tokens, completion_tokens, spend, budget, last_used } = line;
  return {
    ...Object.fromEntries(named),
    requests,
    failed,
    prompt_tokens,
    completion_tokens,
    spend,
    max_budget: budget?.max_budget ?? null,
    budget_spend: budget?.spend ?? null,
    last_used,
  };
}

/**
 * Where requests are counted that were refused (429, over a budget, blocked, a model denied): no LiteLLM adds them up apart.
 * `/global/activity/exceptions` has none of them (seen on 1.110.2).
 */
export const REFUSED = 'in failed';

/** Of what the rows of a report are, for programs. */
export function usageAbout({ by, since, until, as_of, source, total }: UsageReport): JsonObject {
  return { by, since, until, as_of, source, refused: REFUSED, total };
}

/** What people call the parts of a row. */
export function usageLabels(by: readonly Dimension[], line: UsageLine): readonly string[] {
  return by.map((dimension, index) => oneLine(labelOf(line, dimension, line.values[index] ?? null)));
}

/** The share of the budget that is spent, `null` without one. */
export function shareOf({ budget }: UsageLine): number | null {
  if (budget === null || budget.max_budget === null || budget.max_budget === 0) return null;
  return budget.spend / budget.max_budget;
}

/** `24 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 && share > 0 ? 1 : 0)} %`;
}

function labelOf({ key_alias, team_alias, exists }: UsageLine, dimension: Dimension, value: string | null): string {
  if (value === null) return `(no ${dimension})`;
  if (dimension === 'team') return team_alias ?? value;
  if (dimension !== 'key') return value;
  if (value === MASTER) return '(master key)';
  const name = key_alias ?? `${value.slice(0, 12)}…`;
  return exists === false && key_alias !== null ? `${name} (deleted)` : name;
}
