/** A Secret of Kubernetes, in a cluster or, with `manifests:`, as files of YAML. */
import * as z from 'zod/mini';
import { fill, literal, placeholdersOf } from '../../base/template.ts';
import { nameFault, workloadIn, WORKLOADS } from '../../encode/kubernetes-name.ts';
import type { Variables } from '../../model/delivery.ts';
import { described, filled, member, strict } from '../schema-parts.ts';
import { quoted } from '../read/text.ts';
import type { Trouble } from './collisions.ts';
import { pathIn, VARIABLE_MEMBERS, variablesIn, type DeliveryForm } from './form.ts';

const texts = () => z.record(z.string(), z.string());

const mapping = strict({
  name: described(filled(), "the Secret's name, like llm-{user}; without a placeholder it is one for all keys"),
  namespace: member(filled(), 'its namespace, like team-{team}; without, that of the context'),
  data: member(z.record(z.string(), filled()), 'NAME: "{key}", one or more'),
  for: VARIABLE_MEMBERS.for,
  labels: member(texts(), 'its labels, beside app.kubernetes.io/managed-by'),
  annotations: member(texts(), 'its annotations, beside those that say which keys are in it'),
  type: member(filled(), 'its type, where it is not Opaque'),
  rollout: member(z.union([filled(), z.array(filled())]), 'deployment/NAME, …: what starts anew when the data change'),
  context: member(
    filled(),
    'the context of the kubeconfig; without, the current one, or the cluster that this pod is in',
  ),
  force: member(z.boolean(), 'true: takes over fields that other programs set otherwise'),
  manifests: member(filled(), 'a folder: the Secrets are written there as files of YAML, and to no cluster'),
});
const schema = z.union([filled(), mapping]);
type Entry = z.infer<typeof mapping>;

export const kubernetes: DeliveryForm<z.infer<typeof schema>> = {
  about: 'a Secret of Kubernetes for each key, or one for all of them',
  schema,
  delivery: (written, where) => {
    const entry = typeof written === 'string' ? named(written) : written;
    const { name, namespace, data, for: client, labels, annotations, type, context, force, manifests } = entry;
    const rollout = typeof entry.rollout === 'string' ? [entry.rollout] : entry.rollout;
    const problem = problemOf(entry, rollout ?? []);
    if (problem !== null) return problem;
    const parts = {
      name,
      ...variablesIn({ variables: data, for: client }),
      ...given({ namespace, labels, annotations, type }),
    };
    if (manifests !== undefined) {
      return { to: 'manifest', path: pathIn(where, joined(manifests, namespace, `${name}.yaml`)), ...parts };
    }
    const cluster = context === undefined ? undefined : literal(context);
    const path = `kubernetes:${joined(cluster, namespace, name)}`;
    return { to: 'kubernetes', path, ...parts, ...given({ rollout, context, force }) };
  },
};

/** `NAME` or `NAMESPACE/NAME`. */
function named(text: string): Entry {
  const at = text.indexOf('/');
  return at === -1 ? { name: text } : { namespace: text.slice(0, at), name: text.slice(at + 1) };
}

function problemOf(entry: Entry, rollout: readonly string[]): Trouble | null {
  const { name, namespace, labels = {}, annotations = {} } = entry;
  const fault = nameFault('Secret', sample(name)) ?? (namespace === undefined ? null : namespaceFault(namespace));
  return fault ?? metadataFault(labels, annotations) ?? rolloutFault(rollout) ?? withManifests(entry);
}

/**
 * What strangers write in a roster may be a part of it, and not choose any. `{namespace}` is what the operator's resources
 * say of themselves, `{set}` what the spec says.
 */
function namespaceFault(namespace: string): Trouble | null {
  if (fill(namespace, { ...emptied(namespace), namespace: 'x', set: 'x' }) !== '')
    return nameFault('namespace', sample(namespace));
  const message = `The namespace ${quoted(namespace)} could be any, as a roster says it.`;
  return { message, hint: `Give it a part that is yours, like team-${namespace}, or write an item for each.` };
}

const OURS = /^(?:vkeys\/|app\.kubernetes\.io\/managed-by$)/;

function metadataFault(labels: Variables, annotations: Variables): Trouble | null {
  for (const [name, text] of [...Object.entries(labels), ...Object.entries(annotations)]) {
    const fault = nameFault('label', name);
    if (fault !== null) return fault;
    if (OURS.test(name)) return { message: `${quoted(name)} is what vkeys says itself.`, hint: 'Take it out.' };
    if (placeholdersOf(text).includes('key')) {
      const message = `{key} is in ${quoted(name)}, and labels and annotations are no secret.`;
      return { message, hint: 'Put it in data:, and {key_id} here.' };
    }
  }
  return null;
}

function rolloutFault(rollout: readonly string[]): Trouble | null {
  for (const text of rollout) {
    const workload = workloadIn(text);
    if (workload === null) {
      const hint = `Write it like ${Object.keys(WORKLOADS)
        .map((kind) => `${kind}/NAME`)
        .join(', ')}.`;
      return { message: `${quoted(text)} is nothing that can start anew.`, hint };
    }
    const fault = nameFault('workload', sample(workload.name));
    if (fault !== null) return fault;
  }
  return null;
}

function withManifests({ manifests, ...entry }: Entry): Trouble | null {
  const idle = (['rollout', 'context', 'force'] as const).find((name) => entry[name] !== undefined);
  if (manifests === undefined || idle === undefined) return null;
  return { message: `${idle}: is of a cluster, and manifests: are files.`, hint: 'Take one of them out.' };
}

/** As it may become, to see whether what stands around the placeholders will do. */
function sample(template: string): string {
  return fill(template, Object.fromEntries(placeholdersOf(template).map((name) => [name, 'x'])));
}

function emptied(template: string): Variables {
  return Object.fromEntries(placeholdersOf(template).map((name) => [name, '']));
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join('/');
}

/** Without the members that are not there. */
function given<T extends object>(members: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what is undefined is left out
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: NonNullable<T[Name]>;
  };
}
