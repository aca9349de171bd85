/** One object of named texts, `{NAME: value}`: what `vault kv put @file` and many programs read. Other members stay. */
import { isObject, type JsonObject } from '../../base/json.ts';
import { jsonText } from '../../encode/json.ts';
import type { TextFormat } from '../format.ts';
import { MEMBER, textsIn, withKeys, withoutKeys } from '../members.ts';
import { notOurs, readJsonFile } from '../not-ours.ts';
import { detailOf, heldAmong } from '../variables.ts';

export const flatJson: TextFormat = {
  detail: (part) => detailOf(part, MEMBER),
  put: (text, parts) => Promise.resolve(jsonText(withKeys(read(text), parts))),
  held: (text, key_ids) => Promise.resolve(heldAmong(textsIn(read(text)), key_ids)),
  remove: (text, left) => {
    const before = read(text);
    const rest = withoutKeys(before, left);
    if (rest === before) return Promise.resolve(text);
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
