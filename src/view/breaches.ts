/** Live things that break rules, one row for each breach, for servers with many. */
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { unpack, type Packed } from '../encode/packed.ts';
import { plainText } from '../encode/plain.ts';
import { oneLine } from '../encode/terminal.ts';
import { KINDS } from '../kinds/kinds.ts';
import type { Breach } from '../model/breaches.ts';
import { factsOf } from '../model/kind.ts';
import type { Live } from '../model/resource.ts';
import { demandText } from '../model/rule-words.ts';
import type { Rule, RuledKind } from '../model/rules.ts';
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

const ABOUT = ['owned_by', 'field', 'found', 'rule', 'place'];
const COLUMNS = ['owned_by', 'found', 'rule', 'place'];

/** Of these kinds, each in the order of the names. Of a thing is held who it is, and what was found against each rule. */
export function startBreaches(kinds: readonly RuledKind[]): BreachList {
  const sorted = startSorting('by');
  const rules = new Map<string, JsonObject>();
  const named = new Map(kinds.map((kind) => [kind, namesOf(kind)]));
  const names = [...new Set([...named.values()].flat()), ...ABOUT];
  const rowsOf = (packed: Packed): readonly JsonObject[] => {
    const { found = null, ...thing } = unpack(packed);
    return membersOf(found).map(([id, words]) => ({ ...thing, found: words, ...rules.get(id) }));
  };
  const who = kinds.length === 1 ? [...named.values()].flat().slice(0, 1) : ['who'];
  return {
    add: ({ kind, name, id, mark }, breaches) => {
      const own = kinds.find((each) => each === kind) ?? 'key';
      const [naming = '', identity = naming] = named.get(own) ?? [];
      const label = kinds.length === 1 ? (name ?? id) : `${own} ${name ?? id}`;
      const found = breaches.map(({ rule, found: words }) => {
        const told = ruleJson(rule);
        const ruleId = `${told.place} ${told.field}`;
        rules.set(ruleId, told);
        return [ruleId, words] as const;
      });
      const thing = { label, [naming]: name, [identity]: id, owned_by: mark?.set ?? null };
      const by = name === null ? null : `${String(kinds.indexOf(own))} ${name}`;
      sorted.add({ by }, { ...thing, found: Object.fromEntries(found) });
    },
    chunks: function* chunks(look) {
      const all = sorted.all();
      const cellsOf = (packed: Packed): readonly (readonly string[])[] => rowsOf(packed).map(cellsIn);
      if (look.columns === null) {
        for (const packed of all) for (const cells of cellsOf(packed)) yield `${cells.join('\t')}\n`;
      } else if (all.length > 0) {
        const from = (start: number, end: number) => all.slice(start, end).flatMap(cellsOf);
        yield* tableChunks([...who, ...COLUMNS], { length: all.length, from }, look);
      }
    },
    rows: function* rows() {
      for (const packed of sorted.all()) {
        for (const row of rowsOf(packed)) yield Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
      }
    },
    names: () => names,
  };
}

/** LiteLLM's fields for its name and its id. */
function namesOf(kind: RuledKind): readonly string[] {
  const { naming, identity } = factsOf(KINDS, kind);
  return [...new Set([naming, identity ?? 'key_id'])];
}

function ruleJson(rule: Rule): { readonly field: string; readonly rule: string; readonly place: string } {
  const { file, line, column } = rule.origin;
  return { field: rule.field, rule: demandText(rule), place: `${file}:${String(line)}:${String(column)}` };
}

function membersOf(value: Json): readonly (readonly [string, Json])[] {
  return isObject(value) ? Object.entries(value) : [];
}

/** What has no name is known by its id. */
function cellsIn(row: JsonObject): readonly string[] {
  return ['label', ...COLUMNS].map((column) => oneLine(plainText(row[column])));
}
