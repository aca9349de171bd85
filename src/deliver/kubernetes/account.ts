/** Who asks a cluster: the user of a kubeconfig's context, or the pod's service account. */
import { resolve } from 'node:path';
import { VkeysError } from '../../base/errors.ts';
import { oneLine } from '../../encode/terminal.ts';
import type { SinkPorts } from '../sink.ts';
import { execCredential } from './exec-plugin.ts';
import { tokenOf, type Account } from './identity.ts';
import { pemIn, readNamed, type Entry } from './kubeconfig.ts';
import { textIn } from './members.ts';

const UNSUPPORTED: Readonly<Record<string, string>> = {
  username: 'Kubernetes knows no passwords since 1.19. Use a token or a certificate.',
  'auth-provider': 'Use exec: with the plugin of your cluster, as kubectl does since 1.26.',
  as: 'Use a context whose user may do it itself.',
};

/** Throws `delivery` for a way to log in that vkeys does not have. */
export function accountOf(user: Entry, name: string, ports: Pick<SinkPorts, 'run' | 'now'>): Account {
  const { value, folder } = user;
  for (const [member, hint] of Object.entries(UNSUPPORTED)) {
    if (value[member] === undefined) continue;
    throw new VkeysError('delivery', `vkeys does not know ${member}: of the kubeconfig's user ${oneLine(name)}.`, hint);
  }
  if (value['exec'] !== undefined) return execCredential(value['exec'], folder, name, ports);
  return async () => {
    const file = textIn(value, 'tokenFile');
    const token = file === null ? textIn(value, 'token') : await readNamed(resolve(folder, file));
    return {
      token: token === null ? null : tokenOf(token),
      cert: await pemIn(user, 'client-certificate'),
      key: await pemIn(user, 'client-key'),
    };
  };
}

/** The token in a file that the cluster writes anew from time to time. */
export function accountOfPod(path: string): Account {
  return async () => ({ token: tokenOf(await readNamed(path)), cert: null, key: null });
}
