/** What is done with Secrets at an API server. Each change is made to what was read, or not at all. */
import { isObject, type JsonObject } from '../../base/json.ts';
import type { Secret } from '../../base/secret.ts';
import { addressOf, type SecretAddress } from './address.ts';
import type { ApiAnswer, Ask } from './api.ts';
import type { Cluster } from './cluster.ts';
import { isOutdated, refusal } from './refusal.ts';
import { objectIn, objectsIn, textIn } from './members.ts';
import { FIELD_MANAGER, isManaged, storedSecret, type StoredSecret } from './stored-secret.ts';
import type { Leaving, WantedSecret } from './wanted-secret.ts';

/** `outdated`: somebody changed it since it was read, so nothing was done. */
export type Done = 'done' | 'outdated';

/** `null`: there is none. */
export async function readSecret(cluster: Cluster, at: SecretAddress, ask: Ask): Promise<StoredSecret | null> {
  const answer = await ask(cluster, { method: 'GET', url: addressOf(at) });
  if (answer.status === 404 && isObject(answer.body)) return null;
  return storedSecret(bodyOf(answer, cluster, []));
}

export type Applying = {
  readonly stored: StoredSecret | null;
  readonly wanted: WantedSecret;
  readonly isForced: boolean;
  /** Only tries whether it would be done. */
  readonly isDry: boolean;
  /** What is sent. */
  readonly secrets: readonly Secret[];
};

/**
 * A version that no Secret has. An apply that names it makes a Secret where there is none, and is refused where another
 * run was first; without it, it would take away what that run applied, who is the same manager. Tried on 1.33.
 */
const NO_VERSION = '1';

export async function applySecret(
  cluster: Cluster,
  at: SecretAddress,
  { stored, wanted, isForced, isDry, secrets }: Applying,
  ask: Ask,
): Promise<Done> {
  const { data, labels, annotations, type } = wanted;
  const resourceVersion = stored?.resourceVersion ?? NO_VERSION;
  const metadata = { name: at.name, namespace: at.namespace, resourceVersion, labels, annotations };
  const value = { apiVersion: 'v1', kind: 'Secret', metadata, ...(type === undefined ? {} : { type }), data };
  const answer = await ask(cluster, {
    method: 'PATCH',
    url: addressOf(at),
    query: { fieldManager: FIELD_MANAGER, force: String(isForced), ...(isDry ? { dryRun: 'All' } : {}) },
    body: { type: 'application/apply-patch+yaml', value },
  });
  return doneOr(answer, cluster, secrets);
}

/** Takes it out, whoever else has it too: the key is gone. */
export async function stripSecret(
  cluster: Cluster,
  at: SecretAddress,
  { stored, leaving }: { readonly stored: StoredSecret; readonly leaving: Leaving },
  ask: Ask,
): Promise<Done> {
  const nothing = (names: readonly string[]): JsonObject => Object.fromEntries(names.map((name) => [name, null]));
  const { resourceVersion } = stored;
  const metadata = { resourceVersion, labels: nothing(leaving.labels), annotations: nothing(leaving.annotations) };
  const answer = await ask(cluster, {
    method: 'PATCH',
    url: addressOf(at),
    query: { fieldManager: FIELD_MANAGER },
    body: { type: 'application/merge-patch+json', value: { metadata, data: nothing(leaving.data) } },
  });
  return answer.status === 404 ? 'done' : doneOr(answer, cluster, []);
}

/** `forbidden`: the account may not. */
export async function deleteSecret(
  cluster: Cluster,
  at: SecretAddress,
  { resourceVersion }: StoredSecret,
  ask: Ask,
): Promise<Done | 'forbidden'> {
  const value = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { resourceVersion } };
  const answer = await ask(cluster, {
    method: 'DELETE',
    url: addressOf(at),
    body: { type: 'application/json', value },
  });
  if (answer.status === 403) return 'forbidden';
  return answer.status === 404 ? 'done' : doneOr(answer, cluster, []);
}

/** So many to a page. */
const PAGE = '500';

/** The Secrets that we had a hand in, of a namespace or (`null`) of all, without what is in them. `null`: the account may not list them. */
export async function listSecrets(
  cluster: Cluster,
  namespace: string | null,
  ask: Ask,
): Promise<readonly SecretAddress[] | null> {
  const { server } = cluster;
  const found: SecretAddress[] = [];
  let next: string | null = '';
  while (next !== null) {
    const answer: ApiAnswer = await ask(cluster, {
      method: 'GET',
      url: `${server}/api/v1/${namespace === null ? '' : `namespaces/${namespace}/`}secrets`,
      query: { limit: PAGE, ...(next === '' ? {} : { continue: next }) },
      accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
    });
    if (answer.status === 403) return null;
    const body = bodyOf(answer, cluster, []);
    for (const metadata of objectsIn(body, 'items').map((item) => objectIn(item, 'metadata'))) {
      const at = { server, namespace: textIn(metadata, 'namespace') ?? '', name: textIn(metadata, 'name') ?? '' };
      if (isManaged(metadata)) found.push(at);
    }
    next = textIn(objectIn(body, 'metadata'), 'continue');
  }
  return found;
}

function doneOr(answer: ApiAnswer, cluster: Cluster, secrets: readonly Secret[]): Done {
  if (isOutdated(answer)) return 'outdated';
  bodyOf(answer, cluster, secrets);
  return 'done';
}

function bodyOf(answer: ApiAnswer, cluster: Cluster, secrets: readonly Secret[]): JsonObject {
  if (answer.status < 300 && isObject(answer.body)) return answer.body;
  throw refusal(answer, cluster, secrets);
}
