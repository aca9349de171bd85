import * as z from 'zod/mini';
import { literal } from '../../base/template.ts';
import { described, filled, member, strict } from '../schema-parts.ts';
import { pathIn, VARIABLE_MEMBERS, variablesIn, type DeliveryForm } from './form.ts';

const schema = strict({
  path: described(filled(), 'the file, one for each key'),
  recipient: member(filled(), 'who can read it, e.g. {ssh_key}: age1…, ssh-ed25519 … or ssh-rsa …, one or more'),
  recipients_file: member(filled(), 'a file of recipients, one a line, who can read all of these files'),
  ...VARIABLE_MEMBERS,
  template: member(filled(), 'a file: the text that is encrypted, in place of variables'),
  armor: member(z.boolean(), 'whether the file is ASCII, to be pasted into a mail'),
});

export const age: DeliveryForm<z.infer<typeof schema>> = {
  about: 'a file for each key, encrypted with age for whoever gets it',
  schema,
  delivery: async ({ path, recipient, recipients_file, template, armor = false, ...variables }, where) => {
    if (recipient === undefined && recipients_file === undefined) {
      const hint = "Write recipient: '{ssh_key}' with a column of the roster, or recipients_file: FILE, or both.";
      return { message: 'Nobody is named who could read it.', hint };
    }
    if (template !== undefined && (variables.variables ?? variables.for) !== undefined) {
      return {
        message: 'template is the whole text, so nothing else goes with it.',
        hint: 'Keep template, or the rest.',
      };
    }
    const all = recipients_file === undefined ? null : await where.read(recipients_file);
    if (all !== null && typeof all !== 'string') return all;
    const common = {
      to: 'age',
      path: pathIn(where, path),
      recipients: [...(recipient === undefined ? [] : [recipient]), ...(all === null ? [] : [literal(all)])],
      armor,
    } as const;
    if (template === undefined) return { ...common, ...variablesIn(variables) };
    const text = await where.read(template);
    return typeof text === 'string' ? { ...common, template: text } : text;
  },
};
