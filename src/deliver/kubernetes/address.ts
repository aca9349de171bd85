/** The address of a Secret, which is what its place is called: `https://host:6443/api/v1/namespaces/NAMESPACE/secrets/NAME`. */
import { VkeysError } from '../../base/errors.ts';
import { literal, placeholdersOf } from '../../base/template.ts';
import { nameFault } from '../../encode/kubernetes-name.ts';
import { oneLine } from '../../encode/terminal.ts';
import { fillAll } from '../handout.ts';

export type SecretAddress = { readonly server: string; readonly namespace: string; readonly name: string };

/** The template of an address, whose `namespace` and `name` are templates. */
export function templateOf({ server, namespace, name }: SecretAddress): string {
  return addressOf({ server: literal(server), namespace, name });
}

export function addressOf({ server, namespace, name }: SecretAddress): string {
  return `${server}/api/v1/namespaces/${namespace}/secrets/${name}`;
}

/** The parts of an address, or of its template. */
export function partsOf(address: string): SecretAddress {
  const [, server, namespace, name] = /^(.+)\/api\/v1\/namespaces\/(.*)\/secrets\/(.*)$/s.exec(address) ?? [];
  if (server !== undefined && namespace !== undefined && name !== undefined) return { server, namespace, name };
  throw new VkeysError(
    'delivery',
    `${oneLine(address)} is not the address of a Secret.`,
    'The keyring remembers it as one: run the version of vkeys that made it.',
  );
}

/**
 * The address for one key. Throws `delivery` for what is no name in Kubernetes: names have no `/`, so none chooses another
 * place than the template does.
 */
export function addressFor(template: string, names: Readonly<Record<string, string>>, key_alias: string): string {
  const refuse = (why: string, hint: string): VkeysError =>
    new VkeysError('delivery', `${oneLine(key_alias)} was not delivered: ${why}`, hint, { facts: { key_alias } });
  if (placeholdersOf(template).includes('key')) {
    throw refuse('its name contains {key}, and names are no secret.', 'Use {key_id}, or another name.');
  }
  const { server, namespace, name } = partsOf(template);
  const filled = {
    server: fillAll(server, {}, key_alias),
    namespace: fillAll(namespace, names, key_alias),
    name: fillAll(name, names, key_alias),
  };
  const fault = nameFault('namespace', filled.namespace) ?? nameFault('Secret', filled.name);
  if (fault !== null) throw refuse(fault.message, fault.hint);
  return addressOf(filled);
}
