/** One value in a text of YAML: put in the place of the old one, so that everything else stays byte for byte. */
import { parseAllDocuments, Scalar, stringify, visit } from 'yaml';

/** The text with another value at an offset, written as the old one is; `null` where no plain value, or one with a variable in it, is there. */
export function withScalarAt(text: string, offset: number, value: string | number | boolean): string | null {
  for (const document of parseAllDocuments(text)) {
    let made: string | null = null;
    if (!('contents' in document)) continue;
    visit(document, {
      Scalar: (_, node) => {
        if (node.range?.[0] !== offset) return undefined;
        const [start, end] = node.range;
        if (isReplaceable(node, text.slice(start, end)))
          made = text.slice(0, start) + written(value, node.type) + text.slice(end);
        return visit.BREAK;
      },
    });
    if (made !== null) return made;
  }
  return null;
}

function isReplaceable({ value, type }: Scalar, source: string): boolean {
  const isBlock = type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL';
  return source !== '' && !isBlock && !(typeof value === 'string' && /[${]/.test(value));
}

function written(value: string | number | boolean, type: Scalar['type']): string {
  const scalar = new Scalar(value);
  if (typeof value === 'string' && type !== undefined) scalar.type = type;
  return stringify(scalar, { lineWidth: 0 }).trimEnd();
}
