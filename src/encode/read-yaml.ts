/** YAML of other programs, as JSON. What a spec says is read in `spec/read/`, with its places. */
import { parseDocument } from 'yaml';
import type { Json } from '../base/json.ts';

/** The value of a text of one document; or where it stops being YAML, from 1: what stands there may be a secret. */
export type ReadYaml =
  | { readonly value: Json }
  | { readonly fault: { readonly line: number; readonly column: number } };

export function readYaml(text: string): ReadYaml {
  const document = parseDocument(text, { schema: 'core', logLevel: 'error' });
  const [error] = document.errors;
  const { line = 1, col: column = 1 } = error?.linePos?.[0] ?? {};
  if (error !== undefined) return { fault: { line, column } };
  try {
    // oxlint-disable-next-line no-unsafe-type-assertion -- the core schema has nothing that JSON has not
    return { value: document.toJS() as Json };
  } catch {
    /* Aliases that unfold to more than anybody writes. */
    return { fault: { line, column } };
  }
}
