import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import { isCleared, type Field, type FieldTable, type Settings } from '../model/fields.ts';

/** The fields of a kind that a row has a value for. */
export function settingsOf(fields: FieldTable, row: JsonObject, metadata: JsonObject): Settings {
  const settings: Record<string, Json> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = valueOf(name, field, row, metadata);
    if (value !== undefined && !isCleared(field, value)) settings[name] = value;
  }
  return settings;
}

function valueOf(name: string, field: Field, row: JsonObject, metadata: JsonObject): Json | undefined {
  const { home, column } = field;
  if (home === 'metadata') return metadata[name];
  const budget = row['litellm_budget_table'];
  if (name === 'soft_budget' && isObject(budget)) return budget['soft_budget'];
  /* Only lists have the other name. */
  return asAsked(name, field, column === undefined ? row[name] : (row[column] ?? row[name]));
}

/** The value without what the server adds to it: to each budget its next reset, to permissions an id and empty lists. */
function asAsked(name: string, field: Field, value: Json | undefined): Json | undefined {
  if (name === 'budget_limits' && isList(value)) {
    return value.map((limit) => (isObject(limit) ? only(limit, (member) => member !== 'reset_at') : limit));
  }
  if (name === 'object_permission' && isObject(value)) {
    return only(value, (member, each) => member !== 'object_permission_id' && !isCleared(field, each));
  }
  return value;
}

function only(value: JsonObject, test: (member: string, value: Json) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([member, each]) => test(member, each)));
}

/** The fields of a kind that a row has, whatever their value. */
export function listedFields(fields: FieldTable, row: JsonObject): ReadonlySet<string> {
  const listed = Object.entries(fields).filter(([name, { home, column, listedSince }]) => {
    if (home === 'metadata') return true;
    if (name === 'object_permission' && isUntold(row)) return false;
    return listedSince !== 'info' && (Object.hasOwn(row, column ?? name) || Object.hasOwn(row, name));
  });
  return new Set(listed.map(([name]) => name));
}

/** `/v2/key/info`, `/v2/team/list`, and `/key/info` before 1.83, have permissions as null although they are there. */
function isUntold({ object_permission, object_permission_id }: JsonObject): boolean {
  return object_permission == null && object_permission_id != null;
}
