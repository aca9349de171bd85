import type * as z from 'zod/mini';
import { described, filled, strict } from '../schema-parts.ts';
import { pathIn, type DeliveryForm } from './form.ts';

const schema = strict({
  path: described(filled(), 'the file, one for each key'),
  template: described(filled(), 'the file that it is made from: a text with {key} and other placeholders'),
});

export const text: DeliveryForm<z.infer<typeof schema>> = {
  about: 'a text file for each key, made from a template: a mail, a config, a shell profile',
  schema,
  delivery: async ({ path, template }, where) => {
    const read = await where.read(template);
    return typeof read === 'string' ? { to: 'text', path: pathIn(where, path), template: read } : read;
  },
};
