import { POD_TOKEN } from '../base/pod.ts';
import { redact } from '../base/secret.ts';
import { variable } from '../base/variables.ts';
import type { Ports, Search } from './credential.ts';
import { fromFile, fromVariable, given, type SourceAnswer, type CredentialSource } from './sources.ts';

/** A cluster token: an explicit one, else that of the user who is logged in, else that of the pod. */
export function openshiftSources(
  { openshiftTokenFile }: Search,
  ports: Ports,
  tokenFile?: string,
): readonly CredentialSource[] {
  const kind = 'openshift';
  const path = variable(ports.env, 'VKEYS_SERVICEACCOUNT_TOKEN_FILE') ?? POD_TOKEN;
  return [
    ...(openshiftTokenFile === undefined
      ? []
      : [fromFile(kind, `--openshift-token-file ${openshiftTokenFile}`, openshiftTokenFile, ports)]),
    fromVariable(kind, 'LITELLM_OPENSHIFT_TOKEN', ports),
    ...(tokenFile === undefined ? [] : [fromFile(kind, tokenFile, tokenFile, ports)]),
    fromOc(ports),
    fromPod(path, ports),
  ];
}

function fromOc({ run }: Ports): CredentialSource {
  const name = 'oc whoami -t';
  const look = async (): Promise<SourceAnswer> => {
    const { exitCode, stdout, stderr } = await run('oc', ['whoami', '-t']);
    if (exitCode === null) return { state: stderr === '' ? 'oc is not installed' : `oc: ${redact(stderr)}` };
    if (exitCode !== 0) return { state: 'not logged in' };
    return given('openshift', name, stdout) ?? { state: 'logged in without a token' };
  };
  return { name, look };
}

/** The cluster owns this file and its mode. */
function fromPod(path: string, { readFile }: Ports): CredentialSource {
  const look = async (): Promise<SourceAnswer> => {
    const file = await readFile(path);
    return (file === null ? null : given('openshift', path, file.text)) ?? { state: 'no such file: not in a pod' };
  };
  return { name: path, look };
}
