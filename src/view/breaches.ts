/** Live keys that break rules, one row for each breach, for servers with many. */
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { unpack, type Packed } from '../encode/packed.ts';
import { plainText } from '../encode/plain.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Breach } from '../model/breaches.ts';
import type { Live } from '../model/resource.ts';
import { demandText } from '../model/rule-words.ts';
import type { Rule } from '../model/rules.ts';
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

/** In the order of the keys' names. Of a key is held who it is, and what was found against each rule. */
export function startBreaches(): BreachList {
  const sorted = startSorting('key_alias');
  const rules = new Map<string, JsonObject>();
  const rowsOf = (packed: Packed): readonly JsonObject[] => {
    const { found = null, ...key } = unpack(packed);
    return membersOf(found).map(([id, words]) => ({ ...key, found: words, ...rules.get(id) }));
  };
  return {
    add: ({ name, id, mark }, breaches) => {
      const key = { key_alias: name, key_id: id, owned_by: mark?.set ?? null };
      const found = breaches.map(({ rule, found: words }) => {
        const told = ruleJson(rule);
        const ruleId = `${told.place} ${told.field}`;
        rules.set(ruleId, told);
        return [ruleId, words] as const;
      });
      sorted.add(key, { ...key, found: Object.fromEntries(found) });
    },
    chunks: function* chunks(look) {
      const all = sorted.all();
      const cellsOf = (packed: Packed): readonly (readonly string[])[] => rowsOf(packed).map(cellsIn);
      if (look.columns === null) {
        for (const packed of all) for (const cells of cellsOf(packed)) yield `${cells.join('\t')}\n`;
      } else if (all.length > 0) {
        const from = (start: number, end: number) => all.slice(start, end).flatMap(cellsOf);
        yield* tableChunks(COLUMNS, { length: all.length, from }, look);
      }
    },
    rows: function* rows() {
      for (const packed of sorted.all()) {
        for (const row of rowsOf(packed)) yield Object.fromEntries(NAMES.map((name) => [name, row[name] ?? null]));
      }
    },
    names: () => NAMES,
  };
}

function ruleJson(rule: Rule): { readonly field: string; readonly rule: string; readonly place: string } {
  const { file, line, column } = rule.origin;
  return { field: rule.field, rule: demandText(rule), place: `${file}:${String(line)}:${String(column)}` };
}

function membersOf(value: Json): readonly (readonly [string, Json])[] {
  return isObject(value) ? Object.entries(value) : [];
}

/** A key without a name is known by its hash. */
function cellsIn(row: JsonObject): readonly string[] {
  return COLUMNS.map((column) => oneLine(plainText(row[column] ?? (column === 'key_alias' ? row['key_id'] : null))));
}
