import * as z from 'zod/mini';
import { placeholdersOf } from '../../base/template.ts';
import type { VaultServer } from '../../model/delivery.ts';
import { quoted } from '../read/text.ts';
import { address, described, filled, member, strict } from '../schema-parts.ts';
import type { Trouble } from './collisions.ts';
import { pathIn, VARIABLE_MEMBERS, variablesIn, type DeliveryForm } from './form.ts';

const kubernetes = strict({
  role: described(filled(), 'the role that is bound to the service account'),
  mount: member(filled(), 'where that way of logging in is, if not at kubernetes'),
});
const auth = strict({
  token_file: member(filled(), 'a file with the token'),
  kubernetes: member(kubernetes, "to log in with the token of the pod's service account"),
});
const mapping = strict({
  path: described(filled(), 'MOUNT/data/NAME, with placeholders in the name: "secret/data/llm/{user}"'),
  data: member(VARIABLE_MEMBERS.variables, 'NAME: "{key}", one or more'),
  for: VARIABLE_MEMBERS.for,
  address: member(address(), 'where it is, if not at VAULT_ADDR'),
  namespace: member(filled(), 'its namespace, if not VAULT_NAMESPACE'),
  auth: member(auth, 'how to log in, if not with VAULT_TOKEN'),
});
const schema = z.union([filled(), mapping]);

export const vault: DeliveryForm<z.infer<typeof schema>> = {
  about: 'a secret in HashiCorp Vault or OpenBao (KV version 2)',
  schema,
  delivery: (entry, where) => {
    const { path, ...more } = typeof entry === 'string' ? { path: entry } : entry;
    const { data, for: client, address: url, namespace, auth: login }: Omit<z.infer<typeof mapping>, 'path'> = more;
    const { token_file, kubernetes: pod } = login ?? {};
    const found = troubleIn(path) ?? troubleOf(namespace) ?? (pod?.mount === undefined ? null : troubleOf(pod.mount));
    if (found !== null) return found;
    if (login !== undefined && (token_file === undefined) === (pod === undefined)) {
      return { message: 'auth names one way to log in.', hint: 'Keep token_file or kubernetes.' };
    }
    const server: VaultServer = {
      ...(url === undefined ? {} : { address: url }),
      ...(namespace === undefined ? {} : { namespace: trimmed(namespace) }),
      ...(token_file === undefined ? {} : { token_file: pathIn(where, token_file) }),
      ...(pod === undefined ? {} : { kubernetes: { role: pod.role, mount: trimmed(pod.mount ?? 'kubernetes') } }),
    };
    return {
      to: 'vault',
      path: [url?.replace(/\/+$/, ''), server.namespace, path].filter((part) => part !== undefined).join('/'),
      secret: path,
      vault: server,
      ...variablesIn({ variables: data, for: client }),
    };
  },
};

/** Only the name may depend on the key, or a name would choose where it goes. */
function troubleIn(path: string): Trouble | null {
  if (/^https?:/.test(path))
    return trouble(path, 'is an address', 'Write address: beside it, and secret/data/llm/{user} here.');
  const parts = path.split('/');
  if (parts.some((part) => /^\.{0,2}$/.test(part)))
    return trouble(path, 'has a part that is empty or only dots', 'Write it like secret/data/llm/{user}.');
  const at = parts.indexOf('data', 1);
  if (at === -1 || at === parts.length - 1) {
    const [mount = '', ...name] = parts[0] === 'v1' ? parts.slice(1) : parts;
    const right = [mount, 'data', ...(name.length === 0 || at !== -1 ? ['llm', '{key_alias}'] : name)].join('/');
    return trouble(
      path,
      'has no data/ between the mount and the name',
      `Write ${right}, as the API of Vault calls it.`,
    );
  }
  const mount = parts.slice(0, at).join('/');
  if (placeholdersOf(mount).length === 0) return null;
  return trouble(path, 'has a placeholder in its mount', 'Name the mount itself; placeholders come after data/.');
}

function troubleOf(name: string | undefined): Trouble | null {
  if (name === undefined) return null;
  if (/^(?!\.\.?$)[^\s{}\\]+$/.test(name)) return null;
  return {
    message: `${quoted(name)} is none that Vault has.`,
    hint: 'Write it like team-a or team-a/prod, without placeholders.',
  };
}

function trouble(path: string, why: string, hint: string): Trouble {
  return { message: `The path ${quoted(path)} ${why}.`, hint };
}

function trimmed(name: string): string {
  return name.replaceAll(/^\/+|\/+$/g, '');
}
