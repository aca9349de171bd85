/** What a command printed with `-o json`, held to its schema. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonObject } from '../../src/base/json.ts';
import { OUTPUT_SCHEMA } from '../../src/view/output-schema.ts';

export type PrintedKey = JsonObject & { readonly key_alias: string };

export type PrintedDocument = JsonObject & {
  readonly changed: boolean;
  readonly summary: Readonly<Record<string, number>>;
  readonly sets: readonly JsonObject[];
  readonly keys: readonly PrintedKey[];
  readonly notices: readonly JsonObject[];
  readonly error: JsonObject | null;
};

const validate = new Ajv2020({ allowUnionTypes: true }).compile(OUTPUT_SCHEMA);

/** What is wrong with a value that should be a document: nothing, when it is one. */
export function faultsIn(value: unknown): readonly string[] {
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

/** The one document that was printed. Throws for anything else. */
export function documentIn(stdout: string): PrintedDocument {
  const value: unknown = JSON.parse(stdout);
  const faults = faultsIn(value);
  if (faults.length > 0) throw new Error(`not as the schema says: ${faults.join(', ')}\n${stdout}`);
  return value as PrintedDocument;
}
