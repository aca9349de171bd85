import * as z from 'zod/mini';
import { described, filled, strict } from '../schema-parts.ts';
import { pathIn, VARIABLE_MEMBERS, variablesIn, type DeliveryForm } from './form.ts';

const mapping = strict({ path: described(filled(), 'the file'), ...VARIABLE_MEMBERS });
const schema = z.union([filled(), mapping]);

export const json: DeliveryForm<z.infer<typeof schema>> = {
  about: 'a JSON file: a list of keys, or, with variables, one object of them',
  schema,
  delivery: (entry, where) => {
    if (typeof entry === 'string') return { to: 'json', path: pathIn(where, entry) };
    const { path, ...variables } = entry;
    const isList = variables.variables === undefined && variables.for === undefined;
    return { to: 'json', path: pathIn(where, path), ...(isList ? {} : variablesIn(variables)) };
  },
};
