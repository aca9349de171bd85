/**
 * A file for one key, whole, made from a template. A file that is there is ours when it has the key's secret, or could have
 * been made from the template for another key: whatever else is there is nothing to write over.
 */
import { patternOf } from '../../base/template.ts';
import type { TextFormat } from '../format.ts';
import { fillAll, namesFor, secretsIn } from '../handout.ts';
import { heldIn } from '../held.ts';
import { notOurs } from '../not-ours.ts';
import { onlyPart } from '../only-part.ts';

export const text: TextFormat = {
  detail: () => null,
  put: async (before, parts) => {
    const { key, to, delivery, before: remembered } = onlyPart(parts);
    const template = delivery.to === 'text' ? delivery.template : '';
    const isOurs =
      before === null ||
      before.trim() === '' ||
      remembered.length > 0 ||
      patternOf(template).test(before) ||
      heldIn(before, new Set([key.key_id])).length > 0;
    if (!isOurs) throw notOurs('was not made from this template');
    return fillAll(template, { ...namesFor(key, to), ...secretsIn(key) }, key.key_alias);
  },
  held: (content, key_ids) => Promise.resolve(new Set(heldIn(content, key_ids))),
  remove: async (content, left) =>
    heldIn(content, new Set(left.map(({ key_id }) => key_id))).length > 0 ? null : content,
};
