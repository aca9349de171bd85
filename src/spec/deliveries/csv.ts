import * as z from 'zod/mini';
import { described, filled, member, strict } from '../schema-parts.ts';
import { pathIn, type DeliveryForm } from './form.ts';

const mapping = strict({
  path: described(filled(), 'the file'),
  columns: member(
    z.array(filled()),
    'its columns: key_alias, key, key_id, expires, api_base_url, … and those of the roster',
  ),
  separator: member(z.enum(['tab', ',', ';']), 'between the cells of a new file'),
  mark: member(z.boolean(), 'whether a new file begins with the byte order mark by which spreadsheets know UTF-8'),
});
const schema = z.union([filled(), mapping]);

/** Without these nobody knows whose row is whose. */
const NEEDED = ['key_alias', 'key'];

export const csv: DeliveryForm<z.infer<typeof schema>> = {
  about: 'a CSV file with a row for each key',
  schema,
  delivery: (entry, where) => {
    const { path, columns, separator, mark } = typeof entry === 'string' ? { path: entry } : entry;
    const lacking = columns === undefined ? undefined : NEEDED.find((name) => !columns.includes(name));
    if (lacking !== undefined) {
      const message = `The column ${lacking} is missing: without it nobody knows whose row is whose.`;
      return { message, hint: `Add ${lacking} to columns.` };
    }
    const twice = columns?.find((name, at) => columns.indexOf(name) !== at);
    if (twice !== undefined) return { message: `The column ${twice} is there twice.`, hint: 'Keep one of them.' };
    return {
      to: 'csv',
      path: pathIn(where, path),
      ...(columns === undefined ? {} : { columns }),
      ...(separator === undefined ? {} : { separator: separator === 'tab' ? '\t' : separator }),
      ...(mark === undefined ? {} : { mark }),
    };
  },
};
