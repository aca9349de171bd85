/** Columns of a roster that are fields: each user's own values. */
import { isHeld } from '../base/numeral.ts';
import { literal } from '../base/template.ts';
import type { Json } from '../base/json.ts';
import type { Field } from '../model/fields.ts';
import type { Form } from './forms.ts';
import { guess } from './guess.ts';
import { sound } from './issues.ts';
import { checkLayer, type LayerAt } from './layers.ts';
import type { Row } from './read/table.ts';
import { diagnose, quoted, type OnDiagnostic, type Problem, type Text } from './read/text.ts';
import type { Path, Source } from './read/tree.ts';
import type { RosterMapping } from './roster-schema.ts';

type CellKinds = ReadonlyMap<string, Field['kind']>;

/** Fields whose value fits into a cell, and what it is. */
function cellKinds({ facts }: Form): CellKinds {
  const kinds = Object.entries(facts.fields).map(([name, { kind }]) => [name, kind] as const);
  const ends = ['duration', 'expires', 'opens'].map((name) => [name, 'duration'] as const);
  return new Map([...kinds.filter(([, kind]) => !kind.startsWith('object')), ...(facts.hasSecret ? ends : [])]);
}

/** The field that a column has the name of: `Max Budget` is `max_budget`. */
export function fieldNamed(column: string, form: Form): string | null {
  const name = column.toLowerCase().replaceAll(/[ -]/g, '_');
  return cellKinds(form).has(name) ? name : null;
}

type Where = { readonly form: Form; readonly text: Text; readonly source: Source; readonly report: OnDiagnostic };

/** By their indexes the fields that columns are, as the roster asks for it. */
export function fieldColumns(
  names: readonly string[],
  { fields = [] }: RosterMapping,
  path: Path,
  { form, text, source, report }: Where,
): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const asked =
    fields === 'all'
      ? [...new Set(names.flatMap((column) => fieldNamed(column, form) ?? []))].map((name) => ({ name, at: [] }))
      : fields.map((name, index) => ({ name, at: [index] }));
  for (const { name, at } of asked) {
    const [first, ...others] = [...names.entries()].filter(([, column]) => fieldNamed(column, form) === name);
    if (first !== undefined && others.length === 0) {
      found.set(first[0], name);
      continue;
    }
    const problem =
      first === undefined ? noColumn(name, names, text, form) : severalColumns(name, [first, ...others], text);
    report(diagnose(source.text, source.at([...path, 'fields', ...at]), { rule: 'roster', ...problem }));
  }
  return found;
}

function noColumn(name: string, names: readonly string[], { file }: Text, form: Form): Omit<Problem, 'rule'> {
  const kinds = cellKinds(form);
  const message = kinds.has(name)
    ? `The roster has no column ${name}. The columns of ${file} are ${names.join(', ')}.`
    : Object.hasOwn(form.facts.fields, name)
      ? `${name} does not fit into a cell.`
      : `${quoted(name)} is no field that a column can be.${guess(name, [...kinds.keys()])}`;
  return { message, hint: `Columns can be ${[...kinds.keys()].join(', ')}.` };
}

/** Nobody can say which of them counts. */
function severalColumns(
  name: string,
  columns: readonly (readonly [number, string])[],
  { file }: Text,
): Omit<Problem, 'rule'> {
  const which = columns.map(([index, column]) => `${quoted(column)} (number ${String(index + 1)})`).join(', ');
  return {
    message: `Several columns of ${file} are ${name}: ${which}.`,
    hint: `Keep one of them, or give the others names that are no field's, like ${name}_old.`,
  };
}

type Cells = { readonly form: Form; readonly text: Text; readonly zone: string | null; readonly report: OnDiagnostic };

/** What a row says of its user's thing; an empty cell says nothing. */
export function fieldsOf(row: Row, fields: ReadonlyMap<number, string>, { form, text, zone, report }: Cells): LayerAt {
  const values: Record<string, Json> = {};
  const places = new Map<string, number>();
  const kinds = cellKinds(form);
  for (const [index, name] of fields) {
    const cell = String(row.cells[index]);
    if (cell === '') continue;
    places.set(name, index);
    const read = valueOf(name, cell, kinds);
    if ('problem' in read) report(diagnose(text, row.at(index), { rule: 'value', ...read.problem }));
    else values[name] = read.value;
  }
  const at = ([name]: Path) => row.at(Number(places.get(String(name))));
  const source: Source = { text, value: values, secrets: new Set(), at, note: () => undefined };
  const own: LayerAt = {
    layer: { ...sound(form.layer, values, [], source, report) },
    path: [],
    fields: form.facts.fields,
  };
  checkLayer(own, source, zone, report);
  return own;
}

type Cell = { readonly value: Json } | { readonly problem: Omit<Problem, 'rule'> };

function valueOf(name: string, cell: string, kinds: CellKinds): Cell {
  const wrong = (what: string, hint: string): Cell => ({
    problem: { message: `${name} has to be ${what}, but it is ${quoted(cell)}.`, hint },
  });
  const kind = kinds.get(name);
  if (kind === 'number' || kind === 'integer') {
    if (/^\d+(?:\.\d+)?$/.test(cell) && isHeld(cell)) return { value: Number(cell) };
    return wrong('a number', 'Write the number alone, with a point and without commas, like 12.5 or 1000.');
  }
  if (kind === 'boolean') {
    if (/^(?:true|false)$/i.test(cell)) return { value: cell.toLowerCase() === 'true' };
    return wrong('true or false', 'Write true or false, or leave the cell empty.');
  }
  if (kind === 'strings') {
    if (/[,;]/.test(cell)) return wrong('a list', 'Put blanks or | between the items: gpt-4o-mini claude-sonnet.');
    return {
      value: cell
        .split(/[\s|]+/)
        .filter((item) => item !== '')
        .map(literal),
    };
  }
  return { value: kind === 'string' ? literal(cell) : cell };
}
