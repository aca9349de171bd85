import { stringifyJson, type Json, type JsonObject } from '../base/json.ts';

/** Control characters, marks of direction and tag characters that JSON lets through and a terminal would obey. */
const RAW =
  /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]|\uDB40(?=[\uDC00-\uDC7F])|(?<=\uDB40)[\uDC00-\uDC7F]/g;

/** A value as JSON for people and programs: two spaces, a newline at the end, safe on a terminal. */
export function jsonText(value: unknown): string {
  const text = stringifyJson(value, 2).replaceAll(
    RAW,
    (character) => String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0'),
  );
  return `${text}\n`;
}

/** The same text of a list of more items than should be held at once. */
export function* jsonListChunks(items: Iterable<Json>): Iterable<string> {
  let before = '[';
  for (const item of items) {
    yield `${before}\n  ${jsonText(item).trimEnd().replaceAll('\n', '\n  ')}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

/** The same text of an object, of whose list `member` there are more items than should be held at once. */
export function* jsonChunks(object: JsonObject, member: string, items: Iterable<Json>): Iterable<string> {
  const mark = `\n  ${JSON.stringify(member)}: `;
  const [head = '', tail = ''] = jsonText({ ...object, [member]: [] }).split(`${mark}[]`);
  yield head + mark;
  let isEmpty = true;
  for (const item of items) {
    const text = jsonText(item).trimEnd().replaceAll('\n', '\n    ');
    yield `${isEmpty ? '[' : ','}\n    ${text}`;
    isEmpty = false;
  }
  yield (isEmpty ? '[]' : '\n  ]') + tail;
}
