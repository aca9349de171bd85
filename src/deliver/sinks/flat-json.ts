/** One object of named texts, `{NAME: value}`: what `vault kv put @file` and many programs read. Other members stay. */
import { isObject, type JsonObject } from '../../base/json.ts';
import { jsonText } from '../../encode/json.ts';
import type { TextFormat } from '../format.ts';
import { notOurs, readJsonFile } from '../not-ours.ts';
import {
  detailOf,
  heldAmong,
  leavingAmong,
  renamedAmong,
  valuesFor,
  type NameRule,
  type Values,
} from '../variables.ts';

const NAME: NameRule = { pattern: /^.+$/s, hint: 'Give the variable a name.' };

export const flatJson: TextFormat = {
  detail: (part) => detailOf(part, NAME),
  put: (text, parts) => {
    const before = read(text);
    const kept = withoutNames(before, renamedAmong(textsOf(before), parts, NAME));
    return Promise.resolve(jsonText({ ...kept, ...Object.fromEntries(valuesFor(parts, NAME)) }));
  },
  held: (text, key_ids) => Promise.resolve(heldAmong(textsOf(read(text)), key_ids)),
  remove: (text, left) => {
    const before = read(text);
    const leaving = leavingAmong(textsOf(before), left);
    if (leaving.size === 0) return Promise.resolve(text);
    const rest = withoutNames(before, leaving);
    return Promise.resolve(Object.keys(rest).length === 0 ? null : jsonText(rest));
  },
};

function read(text: string | null): JsonObject {
  if (text === null || text.trim() === '') return {};
  const value = readJsonFile(text);
  if (!isObject(value)) throw notOurs('is no object');
  if (Array.isArray(value['keys'])) throw notOurs('is a list of keys, and no object of variables');
  return value;
}

function textsOf(object: JsonObject): Values {
  return new Map(Object.entries(object).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

function withoutNames(object: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.has(name)));
}
