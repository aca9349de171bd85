/** Live keys that break rules, one row for each breach, for servers with many. */
import type { JsonObject } from '../base/json.ts';
import { unpack, type Packed } from '../encode/packed.ts';
import { plainText } from '../encode/plain.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Breach } from '../model/breaches.ts';
import type { Live } from '../model/resource.ts';
import { demandText } from '../model/rule-words.ts';
import type { Look } from './look.ts';
import { startSorting } from './sorted.ts';
import { tableChunks } from './table.ts';

/** A report that grows. */
export type BreachList = {
  readonly add: (live: Live, breaches: readonly Breach[]) => void;
  /** For a terminal, or as tab-separated lines without a header for a program. */
  readonly chunks: (look: Look) => Iterable<string>;
  readonly rows: () => Iterable<JsonObject>;
  readonly names: () => readonly string[];
};

const NAMES = ['key_alias', 'key_id', 'owned_by', 'field', 'found', 'rule', 'place'];
const COLUMNS = ['key_alias', 'owned_by', 'found', 'rule', 'place'];

/** In the order of the keys' names. */
export function startBreaches(): BreachList {
  const sorted = startSorting('key_alias');
  return {
    add: (live, breaches) => {
      for (const row of breaches.map((breach) => breachJson(live, breach))) sorted.add(row, row);
    },
    chunks: function* chunks(look) {
      const all = sorted.all();
      if (look.columns === null) for (const packed of all) yield `${cellsOf(packed).join('\t')}\n`;
      else if (all.length > 0) {
        const rows = { length: all.length, from: (start: number, end: number) => all.slice(start, end).map(cellsOf) };
        yield* tableChunks(COLUMNS, rows, look);
      }
    },
    rows: function* rows() {
      for (const packed of sorted.all()) yield unpack(packed);
    },
    names: () => NAMES,
  };
}

function breachJson({ name, id, mark }: Live, { rule, found }: Breach): JsonObject {
  const { file, line, column } = rule.origin;
  return {
    key_alias: name,
    key_id: id,
    owned_by: mark?.set ?? null,
    field: rule.field,
    found,
    rule: demandText(rule),
    place: `${file}:${String(line)}:${String(column)}`,
  };
}

/** A key without a name is known by its hash. */
function cellsOf(packed: Packed): readonly string[] {
  const row = unpack(packed);
  return COLUMNS.map((column) => oneLine(plainText(row[column] ?? (column === 'key_alias' ? row['key_id'] : null))));
}
