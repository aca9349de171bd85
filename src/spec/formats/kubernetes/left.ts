/** What of resources is not carried over: each field is told once, however many have it. */
import type { Diagnostic } from '../../../model/spec.ts';
import { diagnose } from '../../read/text.ts';
import { RESOURCES } from './fields.ts';
import type { Resource } from './resource.ts';

const OF_KEY = 'LiteLLM has it for keys alone, and autoCreateKey asks for none';

export function leftNotices(resources: readonly Resource[]): readonly Diagnostic[] {
  const left = new Map<
    string,
    { readonly first: Resource; readonly field: string; readonly why: string; count: number }
  >();
  for (const resource of resources) {
    const { kind, spec } = resource;
    for (const [field, row] of Object.entries(RESOURCES[kind])) {
      const isOfKey = row.to === undefined && row.ofKey !== undefined && spec['autoCreateKey'] !== true;
      const why = row.left ?? (isOfKey ? OF_KEY : undefined);
      if (why === undefined || spec[field] === undefined || spec[field] === false) continue;
      const id = `${kind} ${field}`;
      const same = left.get(id) ?? { first: resource, field, why, count: 0 };
      left.set(id, { ...same, count: same.count + 1 });
    }
  }
  return [...left.values()].map(({ first: { kind, place }, field, why, count }) => {
    const more = count === 1 ? '' : ` (the first of ${String(count)})`;
    const { text, at } = place.source;
    const message = `${field} of a ${kind} is not carried over${more}: ${why}.`;
    const hint = 'Nothing has to be done about it; without the field there is no notice.';
    return diagnose(text, at([...place.path, 'spec', field], 'name'), { rule: 'kubernetes', message, hint });
  });
}
