import * as z from 'zod/mini';
import type { JsonObject } from '../base/json.ts';
import { specSchema } from './schema.ts';

/** The spec's JSON Schema (draft 2020-12), for editors: what `vkeys schema` prints. */
export function specJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(specSchema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const described = {
    title: 'vkeys spec',
    description: 'The virtual keys of a LiteLLM proxy, as vkeys wants them.',
    ...schema,
  };
  // oxlint-disable-next-line no-unsafe-type-assertion -- what JSON.stringify has written is JSON
  return JSON.parse(JSON.stringify(described)) as JsonObject;
}
