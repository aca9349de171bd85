/**
 * Starts workloads anew whose Secret has changed, as `kubectl rollout restart` does it: by an annotation of their pods. Its
 * value is a digest of what we put there, so it is known whether they have started with it, also after a run that was cut.
 */
import { VkeysError } from '../../base/errors.ts';
import { digest } from '../../base/digest.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { WORKLOADS } from '../../encode/kubernetes-name.ts';
import { oneLine } from '../../encode/terminal.ts';
import type { ApiAnswer, Ask } from './api.ts';
import type { Cluster } from './cluster.ts';
import type { WorkloadRef } from './parts.ts';
import { refusal } from './refusal.ts';
import { objectIn } from './members.ts';
import { FIELD_MANAGER } from './stored-secret.ts';
import type { WantedSecret } from './wanted-secret.ts';

/** Workloads of a namespace, and what their pods are to have. */
export type Rollout = {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly workloads: readonly WorkloadRef[];
  readonly annotation: readonly [string, string];
};

/** The digest is of our data alone, with the keys in it: others may have what is easy to guess. */
export function annotationFor(secret: string, { data }: Pick<WantedSecret, 'data'>): readonly [string, string] {
  const name = secret.length <= LONGEST ? secret : `${secret.slice(0, LONGEST - 9)}-${digest(secret).slice(0, 8)}`;
  return [`vkeys/${name}`, digest(data).slice(0, 16)];
}

/** Of an annotation's name, behind its prefix. */
const LONGEST = 63;

/** Those that have not started with it. Throws `delivery` for what is not there. */
export async function unrolled(rollout: Rollout, ask: Ask): Promise<readonly WorkloadRef[]> {
  const { cluster, namespace, workloads, annotation } = rollout;
  const found = await Promise.all(
    workloads.map(async (workload): Promise<readonly WorkloadRef[]> => {
      const answer = await ask(cluster, { method: 'GET', url: urlOf(rollout, workload) });
      if (answer.status === 404) throw missing(workload, namespace);
      const [name, wanted] = annotation;
      return annotationsIn(bodyOf(answer, cluster))[name] === wanted ? [] : [workload];
    }),
  );
  return found.flat();
}

/** Gives them the annotation, after which their pods start anew; `isDry`: only tries whether it may. */
export async function roll(
  rollout: Rollout,
  workloads: readonly WorkloadRef[],
  isDry: boolean,
  ask: Ask,
): Promise<void> {
  const { cluster, annotation } = rollout;
  const [name, wanted] = annotation;
  const value = { spec: { template: { metadata: { annotations: { [name]: wanted } } } } };
  for (const workload of workloads) {
    const answer = await ask(cluster, {
      method: 'PATCH',
      url: urlOf(rollout, workload),
      query: { fieldManager: FIELD_MANAGER, ...(isDry ? { dryRun: 'All' } : {}) },
      body: { type: 'application/merge-patch+json', value },
    });
    if (answer.status === 404) throw missing(workload, rollout.namespace);
    bodyOf(answer, cluster);
  }
}

function urlOf({ cluster, namespace }: Rollout, { kind, name }: WorkloadRef): string {
  return `${cluster.server}/apis/apps/v1/namespaces/${namespace}/${WORKLOADS[kind]}/${name}`;
}

function annotationsIn(body: JsonObject): JsonObject {
  return ['spec', 'template', 'metadata', 'annotations'].reduce(objectIn, body);
}

function bodyOf(answer: ApiAnswer, cluster: Cluster): JsonObject {
  if (answer.status < 300 && isObject(answer.body)) return answer.body;
  throw refusal(answer, cluster);
}

function missing({ kind, name }: WorkloadRef, namespace: string): VkeysError {
  return new VkeysError(
    'delivery',
    `There is no ${kind} ${oneLine(name)} in the namespace ${oneLine(namespace)}, which is to start anew.`,
    'Make it first, or take it out of rollout:. Then run the same command again.',
  );
}
