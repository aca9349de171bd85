/** What the deliveries of a Secret say besides its data: labels, annotations, type, workloads. */
import { VkeysError } from '../../base/errors.ts';
import { isSecret, type Delivery, type SecretParts } from '../../model/delivery.ts';
import { labelFault, nameFault, workloadIn, type NameFault, type Workload } from '../../encode/kubernetes-name.ts';
import { oneLine } from '../../encode/terminal.ts';
import { fillAll, namesFor, type Addressee } from '../handout.ts';
import type { Part } from '../sink.ts';

type Texts = Readonly<Record<string, string>>;
export type WorkloadRef = { readonly kind: Workload; readonly name: string };

/** A label of those that Kubernetes recommends, by which `kubectl get secrets -l` finds what is ours. */
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'vkeys' } as const;

/** The labels and annotations that keys of one Secret ask for. Throws `delivery` where two differ, or one cannot be filled in. */
export function metadataFor(parts: readonly Part<Addressee>[]): {
  readonly labels: Texts;
  readonly annotations: Texts;
} {
  const labels = agreed(parts, 'label', (part) => filled(part, secretParts(part).labels));
  for (const [label, text] of Object.entries(labels)) assertNone(labelFault(label, text));
  return { labels, annotations: agreed(parts, 'annotation', (part) => filled(part, secretParts(part).annotations)) };
}

/** The type that they ask for. */
export function typeFor(parts: readonly Part<Addressee>[]): string | undefined {
  return agreed(parts, 'type', (part) => {
    const { type } = secretParts(part);
    return type === undefined ? {} : { type };
  })['type'];
}

/** The workloads that use them, each once. */
export function workloadsFor(parts: readonly Part<Addressee>[]): readonly WorkloadRef[] {
  const names = parts.flatMap((part) => Object.values(filled(part, Object.fromEntries(rolloutOf(part.delivery)))));
  return [...new Set(names)].map((text) => {
    const workload = workloadIn(text);
    if (workload === null) throw new Error('a workload that the spec did not check');
    assertNone(nameFault('workload', workload.name));
    return workload;
  });
}

function rolloutOf(delivery: Delivery): readonly (readonly [string, string])[] {
  return delivery.to === 'kubernetes' ? (delivery.rollout ?? []).map((text) => [text, text]) : [];
}

/** What the part's delivery says of a Secret. */
export function secretParts({ delivery }: Pick<Part<Addressee>, 'delivery'>): SecretParts {
  if (isSecret(delivery)) return delivery;
  throw new Error('a delivery of a Secret');
}

function filled({ key, to }: Part<Addressee>, templates: Texts = {}): Texts {
  const names = namesFor(key, to);
  return Object.fromEntries(
    Object.entries(templates).map(([name, template]) => [name, fillAll(template, names, key.key_alias)]),
  );
}

function agreed(parts: readonly Part<Addressee>[], what: string, textsOf: (part: Part<Addressee>) => Texts): Texts {
  const all: Record<string, string> = {};
  const owners = new Map<string, string>();
  for (const part of parts) {
    for (const [name, text] of Object.entries(textsOf(part))) {
      const { key_alias } = part.key;
      if ((all[name] ?? text) !== text) throw disagreed(what, name, owners.get(name) ?? '', key_alias);
      all[name] = text;
      owners.set(name, key_alias);
    }
  }
  return all;
}

function disagreed(what: string, name: string, first: string, second: string): VkeysError {
  const message = `${oneLine(first)} and ${oneLine(second)} want the ${what} ${oneLine(name)} of one Secret to be two things.`;
  return new VkeysError('delivery', message, "Put {key_alias} in the Secret's name, or the same in both.");
}

function assertNone(fault: NameFault | null): void {
  if (fault !== null) throw new VkeysError('delivery', fault.message, fault.hint);
}
