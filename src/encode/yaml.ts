import { Document, isScalar, Scalar, visit, type ScalarTag } from 'yaml';
import type { Json, JsonObject } from '../base/json.ts';
import { isNumeral } from '../base/numeral.ts';

/** Control characters, marks of direction and tag characters that the `yaml` package prints as they are. */
const RAW = /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}]/u;

/** A number that is written as it was read. Nothing is read here. */
const NUMERAL: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: isNumeral,
  resolve: String,
  stringify: ({ value }) => String(value),
};

/** A value as YAML, safe on a terminal: text with control characters or marks of direction is quoted and escaped. */
export function yamlText(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false, customTags: (tags) => [NUMERAL, ...tags] });
  visit(document, {
    Scalar: (_, node) => {
      if (isScalar(node) && typeof node.value === 'string' && RAW.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 }).replaceAll(new RegExp(RAW, 'gu'), (character) => {
    const code = Number(character.codePointAt(0)).toString(16);
    return code.length > 4 ? String.raw`\U` + code.padStart(8, '0') : String.raw`\u` + code.padStart(4, '0');
  });
}

/** The same text of an object, of whose list `member` there are more items than should be held at once. */
export function* yamlChunks(object: JsonObject, member: string, items: Iterable<Json>): Iterable<string> {
  const members = Object.entries(object);
  const at = members.findIndex(([name]) => name === member);
  const part = (some: typeof members): string => (some.length === 0 ? '' : yamlText(Object.fromEntries(some)));
  yield part(members.slice(0, at));
  const heading = `${member}:\n`;
  let isEmpty = true;
  for (const item of items) {
    const text = yamlText({ [member]: [item] });
    yield isEmpty ? text : text.slice(heading.length);
    isEmpty = false;
  }
  if (isEmpty) yield yamlText({ [member]: [] });
  yield part(members.slice(at + 1));
}
