/** Adds usage up, cell by cell, so that what is held follows the rows of the result and not those of the source. Pure. */
import { copyOf } from '../base/copy.ts';
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
  const groups = new Map<string, UsageRow>();
  const texts = startTexts();
  const rowOf = (cell: UsageCell): UsageRow => {
    const numbers = by.map((dimension) => texts.numberOf(valueIn(cell, dimension, setOf)));
    const name = numbers.join(' ');
    const row = groups.get(name) ?? emptyRow(numbers.map(texts.textOf));
    groups.set(name, row);
    return row;
  };
  const held = (text: string | null): string | null => texts.textOf(texts.numberOf(text));
  return {
    add: (cell) => {
      if (!isWanted(cell)) return;
      const row = rowOf(cell);
      for (const figure of FIGURES) row[figure] += cell[figure];
      if (cell.requests > 0 && cell.day > (row.last_used ?? '')) row.last_used = held(cell.day);
      if (by.includes('key')) row.key_alias ??= held(cell.key_alias);
      if (by.includes('team')) row.team_alias ??= held(cell.team_alias);
    },
    rows: () => {
      const rows = [...groups.values()];
      groups.clear();
      for (const row of rows) row.spend = rounded(row.spend);
      return sorted(rows, by);
    },
  };
}

/** Texts by numbers: of very many rows the names are few, and each is held once, apart from the answer that it was cut from. */
function startTexts() {
  const numbers = new Map<string | null, number>();
  const texts: (string | null)[] = [];
  return {
    numberOf: (text: string | null): number => {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      const copy = text === null ? null : copyOf(text);
      numbers.set(copy, texts.length);
      return texts.push(copy) - 1;
    },
    textOf: (number: number): string | null => texts[number] ?? null,
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

function emptyRow(values: UsageRow['values']): UsageRow {
  return {
    values,
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

/** Sums of binary fractions have a tail that no price has. */
function rounded(dollars: number): number {
  return Number(dollars.toFixed(10));
}

type Size = Pick<Figures, 'spend' | 'requests'>;

function sorted(rows: readonly UsageRow[], [first]: readonly Dimension[]): UsageRow[] {
  const sizes = new Map<string | null, Size>();
  const sizeOf = ({ values: [value = null] }: UsageRow): Size => sizes.get(value) ?? { spend: 0, requests: 0 };
  for (const row of rows) {
    const { spend, requests } = sizeOf(row);
    sizes.set(row.values[0] ?? null, { spend: spend + row.spend, requests: requests + row.requests });
  }
  const together = first === 'day' ? () => 0 : (a: UsageRow, b: UsageRow) => compare(sizeOf(a), sizeOf(b));
  return rows.toSorted(
    (a, b) =>
      together(a, b) ||
      textOrder(a.values[0], b.values[0]) ||
      compare(a, b) ||
      a.values.reduce((order, value, index) => order || textOrder(value, b.values[index]), 0),
  );
}

function compare(a: Size, b: Size): number {
  return b.spend - a.spend || b.requests - a.requests;
}

/** What is of nobody comes last. */
function textOrder(a: string | null = null, b: string | null = null): number {
  if (a === b) return 0;
  return b === null || (a !== null && a < b) ? -1 : 1;
}
