/** What a key makes of a Secret's names, as far as it is known before the key is made. */
import { fill, filledLength, placeholdersOf } from '../../base/template.ts';
import { labelFault, LONGEST_DATA, nameFault } from '../../encode/kubernetes-name.ts';
import { isSecret, type Delivery } from '../../model/delivery.ts';
import type { Desired } from '../../model/resource.ts';
import { quoted } from '../read/text.ts';
import { valuesOf, type Trouble } from './collisions.ts';

/** Why Kubernetes would not take what this key makes of it; `null` for other deliveries, too. */
export function misnamedSecret(delivery: Delivery, each: Desired): Trouble | null {
  if (!isSecret(delivery)) return null;
  const values = { ...valuesOf(each), key_id: '0'.repeat(64) };
  const filled = (template: string): string => fill(template, values);
  const { name, namespace, variables, labels = {} } = delivery;
  const known = Object.entries(labels).filter(([, template]) =>
    placeholdersOf(template).every((placeholder) => Object.hasOwn(values, placeholder)),
  );
  const rollout = delivery.to === 'kubernetes' ? (delivery.rollout ?? []) : [];
  const fault =
    nameFault('Secret', filled(name)) ??
    (namespace === undefined ? null : nameFault('namespace', filled(namespace))) ??
    firstOf(known, ([label, template]) => labelFault(label, filled(template))) ??
    firstOf(rollout, (template) => nameFault('workload', filled(template.slice(template.indexOf('/') + 1)))) ??
    firstOf(Object.keys(variables), (template) => nameFault('value of data', filled(template))) ??
    sizeFault(Object.values(variables), values);
  return fault === null ? null : { ...fault, message: `For the key ${quoted(each.ref.name)}: ${fault.message}` };
}

function sizeFault(templates: readonly string[], values: Readonly<Record<string, string>>): Trouble | null {
  const size = templates.reduce((sum, template) => sum + filledLength(template, values), 0);
  if (size <= LONGEST_DATA) return null;
  return {
    message: 'Its data are longer than 1 MiB, which no Secret takes.',
    hint: 'Make the values in data: shorter.',
  };
}

function firstOf<T>(items: readonly T[], fault: (item: T) => Trouble | null): Trouble | null {
  for (const item of items) {
    const found = fault(item);
    if (found !== null) return found;
  }
  return null;
}
