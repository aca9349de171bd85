/** What resources become: items of a spec's lists, each of whose members knows where in the resources it stands. */
import { isList, isObject, type Json, type JsonObject } from '../../../base/json.ts';
import { literal } from '../../../base/template.ts';
import type { Path } from '../../read/tree.ts';
import type { Row, Rows, Shape } from './fields.ts';
import type { Place } from './manifests.ts';

export type Member = { readonly name: string; readonly value: Json; readonly place: Place };

/** `members`: those of a team, which are items again. */
export type Item = { readonly place: Place; readonly fields: readonly Member[]; readonly members?: readonly Item[] };

/** The fields of a resource that have a name at LiteLLM, under this name; `path` is where the fields stand. */
export function fieldsIn(
  rows: Rows,
  spec: JsonObject,
  { source, path }: Place,
  nameOf: (row: Row) => string | undefined,
): readonly Member[] {
  return Object.entries(rows).flatMap(([field, row]) => {
    const name = nameOf(row);
    const value = spec[field];
    if (name === undefined || value === undefined) return [];
    return [{ name, value: valueOf(row.is, value), place: { source, path: [...path, field] } }];
  });
}

/** The value as LiteLLM has it; braces stand for themselves, because a resource has no placeholders. */
function valueOf(is: Shape, value: Json): Json {
  if (is === 'dollars') return Number(value);
  if ((is === 'named dollars' || is === 'named counts') && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, Number(each)]));
  return plain(value);
}

/** A text that stands for itself, or a list or mapping of such. */
export function plain(value: Json): Json {
  if (typeof value === 'string') return literal(value);
  if (isList(value)) return value.map(plain);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)])) : value;
}

/** The item as a spec has it. */
export function itemJson({ fields, members }: Item): JsonObject {
  return {
    ...Object.fromEntries(fields.map(({ name, value }) => [name, value])),
    ...(members === undefined ? {} : { members: members.map(itemJson) }),
  };
}

/** Where in the resources a path through a list of items leads; to `whole`, where it leads to no item. */
export function placeIn(items: readonly Item[], [index, name, ...rest]: Path, whole: Place): Place {
  const item = items[Number(index)];
  if (item === undefined) return whole;
  if (name === 'members' && item.members !== undefined) return placeIn(item.members, rest, item.place);
  const field = item.fields.find((each) => each.name === name);
  return field === undefined ? item.place : inPlace(field.place, rest);
}

/** A place within a place. */
export function inPlace({ source, path }: Place, within: Path): Place {
  return { source, path: [...path, ...within] };
}
