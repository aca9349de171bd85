/** Adds usage up, cell by cell, so that what is held follows the rows of the result and not those of the source. Pure. */
import { FIGURES, type Dimension, type Figures, type UsageCell, type UsageRow } from './usage.ts';

/** What is added up, and what of it counts. */
export type SumOptions = {
  readonly by: readonly Dimension[];
  readonly isWanted: (cell: UsageCell) => boolean;
  /** The set of a key. */
  readonly setOf: (key_id: string | null) => string | null;
};

/** A sum that grows. */
export type UsageSum = {
  readonly add: (cell: UsageCell) => void;
  /** What it came to, once. The days in order; else the dearest first, those with one beginning together. */
  readonly rows: () => UsageRow[];
};

export function startSum({ by, isWanted, setOf }: SumOptions): UsageSum {
  const groups = new Map<string | null, UsageRow>();
  const rowOf = (values: readonly (string | null)[]): UsageRow => {
    const [first = null] = values;
    const name = values.length === 1 ? first : JSON.stringify(values);
    const known = groups.get(name);
    if (known !== undefined) return known;
    const row = emptyRow(by, values);
    groups.set(values.length === 1 ? (row.group[0]?.[1] ?? null) : name, row);
    return row;
  };
  const days = new Map<string, string>();
  return {
    add: (cell) => {
      if (!isWanted(cell)) return;
      const row = rowOf(by.map((dimension) => valueIn(cell, dimension, setOf)));
      for (const figure of FIGURES) row[figure] += cell[figure];
      if (cell.requests > 0 && cell.day > (row.last_used ?? '')) {
        const day = days.get(cell.day) ?? copyOf(cell.day) ?? '';
        days.set(day, day);
        row.last_used = day;
      }
      if (by.includes('key')) row.key_alias ??= copyOf(cell.key_alias);
      if (by.includes('team')) row.team_alias ??= copyOf(cell.team_alias);
    },
    rows: () => {
      const rows = [...groups.values()];
      groups.clear();
      for (const row of rows) row.spend = rounded(row.spend);
      return sorted(rows);
    },
  };
}

/** What rows add up to. */
export function totalOf(rows: readonly Figures[]): Figures {
  const sum = (figure: (typeof FIGURES)[number]): number => rows.reduce((all, row) => all + row[figure], 0);
  return {
    requests: sum('requests'),
    failed: sum('failed'),
    prompt_tokens: sum('prompt_tokens'),
    completion_tokens: sum('completion_tokens'),
    spend: rounded(sum('spend')),
  };
}

function valueIn(cell: UsageCell, dimension: Dimension, setOf: SumOptions['setOf']): string | null {
  switch (dimension) {
    case 'key':
      return cell.key_id;
    case 'user':
      return cell.user_id;
    case 'team':
      return cell.team_id;
    case 'model':
      return cell.model;
    case 'day':
      return cell.day;
    case 'tag':
      return cell.tag;
    case 'set':
      return setOf(cell.key_id);
  }
}

function emptyRow(by: readonly Dimension[], values: readonly (string | null)[]): UsageRow {
  return {
    group: by.map((dimension, index) => [dimension, copyOf(values[index] ?? null)] as const),
    key_alias: null,
    team_alias: null,
    budget: null,
    last_used: null,
    exists: null,
    requests: 0,
    failed: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    spend: 0,
  };
}

/** Apart from the answer that it was cut from. */
function copyOf(text: string | null): string | null {
  return text === null ? null : Buffer.from(text).toString();
}

/** Sums of binary fractions have a tail that no price has. */
function rounded(dollars: number): number {
  return Number(dollars.toFixed(10));
}

type Size = Pick<Figures, 'spend' | 'requests'>;

function sorted(rows: UsageRow[]): UsageRow[] {
  const sizes = new Map<string, Size>();
  const sizeOf = (row: UsageRow): Size => sizes.get(firstOf(row)) ?? { spend: 0, requests: 0 };
  for (const row of rows) {
    const { spend, requests } = sizeOf(row);
    sizes.set(firstOf(row), { spend: spend + row.spend, requests: requests + row.requests });
  }
  const isByDay = rows[0]?.group[0]?.[0] === 'day';
  return rows.toSorted((a, b) => {
    const [x, y] = [firstOf(a), firstOf(b)];
    const between = isByDay ? 0 : compare(sizeOf(a), sizeOf(b));
    return between || (x === y ? compare(a, b) || textOrder(a, b) : x < y ? -1 : 1);
  });
}

function firstOf({ group: [first] }: UsageRow): string {
  return first?.[1] ?? '';
}

function compare(a: Size, b: Size): number {
  return b.spend - a.spend || b.requests - a.requests;
}

function textOrder(a: UsageRow, b: UsageRow): number {
  return JSON.stringify(a.group) < JSON.stringify(b.group) ? -1 : 1;
}
