import { Document, isScalar, Scalar, visit } from 'yaml';

/** Control characters, marks of direction and tag characters that the `yaml` package prints as they are. */
const RAW = /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}]/u;

/** A value as YAML, safe on a terminal: text with control characters or marks of direction is quoted and escaped. */
export function yamlText(value: unknown): string {
  const document = new Document(JSON.parse(JSON.stringify(value)));
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
