import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import { FIELDS, FIELD_NAMES, type FieldName } from '../kinds/key.ts';
import { isCleared, type Settings } from '../model/fields.ts';

/** The fields that a row has a value for. */
export function settingsOf(row: JsonObject, metadata: JsonObject): Settings {
  const settings: { [F in FieldName]?: Json } = {};
  for (const name of FIELD_NAMES) {
    const value = valueOf(name, row, metadata);
    if (value !== undefined && !isCleared(FIELDS[name], value)) settings[name] = value;
  }
  return settings;
}

function valueOf(name: FieldName, row: JsonObject, metadata: JsonObject): Json | undefined {
  const { home, column } = FIELDS[name];
  if (home === 'metadata') return metadata[name];
  const budget = row['litellm_budget_table'];
  if (name === 'soft_budget' && isObject(budget)) return budget['soft_budget'];
  /* Only lists have the other name. */
  return asAsked(name, column === undefined ? row[name] : (row[column] ?? row[name]));
}

/** The value without what the server adds to it: to each budget its next reset, to permissions an id and empty lists. */
function asAsked(name: FieldName, value: Json | undefined): Json | undefined {
  if (name === 'budget_limits' && isList(value)) {
    return value.map((limit) => (isObject(limit) ? only(limit, (member) => member !== 'reset_at') : limit));
  }
  if (name === 'object_permission' && isObject(value)) {
    return only(value, (member, each) => member !== 'object_permission_id' && !isCleared(FIELDS[name], each));
  }
  return value;
}

function only(value: JsonObject, test: (member: string, value: Json) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([member, each]) => test(member, each)));
}

/** The fields that a row has, whatever their value. */
export function listedFields(row: JsonObject): ReadonlySet<string> {
  return new Set(
    FIELD_NAMES.filter((name) => {
      const { home, column, listedSince } = FIELDS[name];
      if (home === 'metadata') return true;
      if (name === 'object_permission' && isUntold(row)) return false;
      return listedSince !== 'info' && (Object.hasOwn(row, column ?? name) || Object.hasOwn(row, name));
    }),
  );
}

/** `/v2/key/info`, and `/key/info` before 1.83, have permissions as null although they are there. */
function isUntold({ object_permission, object_permission_id }: JsonObject): boolean {
  return object_permission == null && object_permission_id != null;
}
