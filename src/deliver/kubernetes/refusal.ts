/** What an API server refuses, in words. Its own are kept where they say more, without what they may have of secrets. */
import { VkeysError } from '../../base/errors.ts';
import { isObject, type Json } from '../../base/json.ts';
import { redact, Secret } from '../../base/secret.ts';
import { oneLine } from '../../encode/terminal.ts';
import type { ApiAnswer } from './api.ts';
import type { Cluster } from './cluster.ts';
import { objectIn, objectsIn, textIn } from './members.ts';

/** Of a field that another has: who, and which. */
type Conflict = { readonly manager: string; readonly field: string };

/** Whether it is somebody else's change in the meantime, after which the same may be done. */
export function isOutdated(answer: ApiAnswer): boolean {
  return answer.status === 409 && conflictsIn(answer.body).length === 0;
}

/** `secrets`: what was sent. */
export function refusal(answer: ApiAnswer, cluster: Cluster, secrets: readonly Secret[] = []): VkeysError {
  const [why, hint] = wordsFor(answer, cluster, cleaned(messageIn(answer.body), secrets));
  return new VkeysError('delivery', `${why}.`, `${hint} Then run the same command again.`, {
    facts: { status: answer.status },
  });
}

/** What to do about what somebody else has. */
export const TAKE_OVER = 'Choose another name for it, or take it over with force: true in the delivery.';

function wordsFor({ status, body }: ApiAnswer, { name, server }: Cluster, said: string): readonly [string, string] {
  const [conflict, ...others] = conflictsIn(body);
  if (!isObject(body) || status < 400) return [`${server} is no API server of Kubernetes`, 'Mend the kubeconfig.'];
  const details = objectIn(body, 'details');
  if (conflict !== undefined) {
    const more = others.length === 0 ? '' : ` (and ${String(others.length)} more)`;
    const why = `${oneLine(conflict.manager)} has ${oneLine(conflict.field)}${more} with another value`;
    return [why, TAKE_OVER];
  }
  if (status === 401) return [`${server} does not know ${name}`, 'Log in to the cluster again.'];
  if (status === 403) {
    const hint = 'Give it the Role of `vkeys help places`: get, create, patch and delete on secrets.';
    return [`the cluster refuses it to ${name}: ${said}`, hint];
  }
  if (status === 404 && details['kind'] === 'namespaces') {
    const namespace = oneLine(textIn(details, 'name') ?? '');
    return [`there is no namespace ${namespace}`, `Make it, like \`kubectl create namespace ${namespace}\`.`];
  }
  if (status === 409) return ['others change it all the time', 'Find out who it is.'];
  if (status === 429 || status >= 500) return [`the cluster did not do it: ${said}`, 'Wait until it is well.'];
  return [`the cluster refuses it: ${said}`, 'Change the delivery, or what is there.'];
}

function conflictsIn(body: Json | undefined): readonly Conflict[] {
  const causes = isObject(body) ? objectsIn(objectIn(body, 'details'), 'causes') : [];
  return causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map((cause) => ({
      manager: /conflict with "([^"]*)"/.exec(textIn(cause, 'message') ?? '')?.[1] ?? 'another field manager',
      field: (textIn(cause, 'field') ?? '').replace(/^\./, ''),
    }));
}

function messageIn(body: Json | undefined): string {
  return (isObject(body) ? textIn(body, 'message') : null) ?? 'it does not say why';
}

/** What stands between a client and the cluster may say what it was sent, as it was sent. */
function cleaned(message: string, secrets: readonly Secret[]): string {
  const sent = secrets.flatMap((secret) => [secret, new Secret(Buffer.from(secret.reveal()).toString('base64'))]);
  return oneLine(redact(message, sent)).slice(0, 400).replace(/\.$/, '');
}
