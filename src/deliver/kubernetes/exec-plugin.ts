/**
 * Programs that log in, as clouds have them. Their answer is kept until it ends, or is refused.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
import { resolve } from 'node:path';
import { VkeysError } from '../../base/errors.ts';
import { isList, isObject, parseJson, stringifyJson, type Json } from '../../base/json.ts';
import { redact } from '../../base/secret.ts';
import { oneLine } from '../../encode/terminal.ts';
import type { SinkPorts } from '../sink.ts';
import { tokenOf, type Account, type Identity } from './identity.ts';
import { objectsIn, textIn } from './members.ts';

type Plugin = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly apiVersion: string;
  /** What tells a user how to get the program. */
  readonly installHint: string | null;
};
type Answer = Identity & { readonly until: number };

/** `user` is the kubeconfig's name for it. Throws `delivery` for what is no plugin, or one that wants to talk. */
export function execCredential(
  exec: Json,
  folder: string,
  user: string,
  { run, now }: Pick<SinkPorts, 'run' | 'now'>,
): Account {
  const plugin = pluginIn(exec, folder, user);
  let kept: Promise<Answer> | null = null;
  return async (isRefused) => {
    const answer = isRefused ? null : await kept?.catch(() => null);
    if (answer != null && answer.until > now().getTime()) return answer;
    kept = ask(plugin, run);
    return kept;
  };
}

function pluginIn(exec: Json, folder: string, user: string): Plugin {
  const value = isObject(exec) ? exec : {};
  const [command, apiVersion] = [textIn(value, 'command'), textIn(value, 'apiVersion')];
  if (command === null || apiVersion === null) {
    const hint = 'Mend it there: `kubectl config view` shows it.';
    throw new VkeysError(
      'delivery',
      `exec: of the kubeconfig's user ${oneLine(user)} has no command and apiVersion.`,
      hint,
    );
  }
  if (textIn(value, 'interactiveMode') === 'Always') {
    const message = `${oneLine(command)}, which logs ${oneLine(user)} in, wants a terminal (interactiveMode: Always).`;
    throw new VkeysError('delivery', message, 'Use a context whose user needs none, such as a service account.');
  }
  const args: Json | undefined = value['args'];
  const env = objectsIn(value, 'env').map((item) => [textIn(item, 'name') ?? '', textIn(item, 'value') ?? ''] as const);
  return {
    command: /[/\\]/.test(command) ? resolve(folder, command) : command,
    args: isList(args) ? args.map(String) : [],
    env: Object.fromEntries(env.filter(([name]) => name !== '')),
    apiVersion,
    installHint: textIn(value, 'installHint'),
  };
}

async function ask({ command, args, env, apiVersion, installHint }: Plugin, run: SinkPorts['run']): Promise<Answer> {
  const info = stringifyJson({ apiVersion, kind: 'ExecCredential', spec: { interactive: false } });
  const { exitCode, stdout, stderr } = await run(command, args, { env: { ...env, KUBERNETES_EXEC_INFO: info } });
  const failed = (why: string): VkeysError =>
    new VkeysError(
      'delivery',
      `${oneLine(command)}, which logs in to the cluster, ${why}.`,
      `${oneLine(installHint ?? 'Try `kubectl get secrets`, which runs it too').replace(/\.$/, '')}. Then run the same command again.`,
    );
  if (exitCode === null && stderr === '') throw failed('is not installed');
  const said = oneLine(redact(stderr).trim()).slice(0, 300);
  if (exitCode !== 0) throw failed(`failed${said === '' ? '' : `: ${said.replace(/\.$/, '')}`}`);
  const answer = parseJson(stdout);
  const status = isObject(answer) && isObject(answer['status']) ? answer['status'] : null;
  if (status === null) throw failed('answered with no ExecCredential');
  const [token, cert, key] = ['token', 'clientCertificateData', 'clientKeyData'].map((name) => textIn(status, name));
  const end = Date.parse(textIn(status, 'expirationTimestamp') ?? '');
  return {
    token: token == null ? null : tokenOf(token),
    cert: cert ?? null,
    key: key ?? null,
    until: Number.isNaN(end) ? Number.POSITIVE_INFINITY : end,
  };
}
