import * as z from 'zod/mini';
import { described, filled, strict } from '../schema-parts.ts';
import { pathIn, VARIABLE_MEMBERS, variablesIn, type DeliveryForm } from './form.ts';

const PATH = 'the file; {key_alias} and other placeholders may be in it';
const mapping = strict({ path: described(filled(), PATH), ...VARIABLE_MEMBERS });
const schema = z.union([filled(), mapping]);

export const dotenv: DeliveryForm<z.infer<typeof schema>> = {
  about: 'a .env file for each key, or for all of them',
  schema,
  delivery: (entry, where) => {
    const { path, ...variables } = typeof entry === 'object' ? entry : { path: entry };
    return { to: 'dotenv', path: pathIn(where, path), ...variablesIn(variables) };
  },
};
