/**
 * A place in Vault is called by the address of its API: `https://HOST/v1/[NAMESPACE/]MOUNT/data/NAME`. A namespace may be
 * given in the path as well as in a header, says Vault's documentation; so that one name says all, it is in the path.
 */
import { fill } from '../../base/template.ts';
import { pathFor } from '../path.ts';

/** `mount`: with the namespace before it. */
export type At = { readonly base: string; readonly mount: string; readonly name: string };

/** What of the engine is asked for, by the word that its API has after the mount. */
export type Door = 'data' | 'metadata' | 'delete' | 'destroy';

export function atOf(path: string): At {
  const [, base, mount, name] = /^(.+?\/v1)\/(.+?)\/data\/(.*)$/s.exec(path) ?? [];
  if (base === undefined || mount === undefined || name === undefined) throw new Error(`no place in Vault: ${path}`);
  return { base, mount, name };
}

/** Below `/v1/`. */
export function doorTo({ mount, name }: At, door: Door): string {
  return `${mount}/${door}/${name}`;
}

/** The place for one key. What strangers chose may be a name in a folder, never a folder. Throws `delivery`. */
export function placeFor(template: string, names: Readonly<Record<string, string>>, key_alias: string): string {
  const start = template.indexOf('/v1/');
  return fill(template.slice(0, start), {}) + pathFor(template.slice(start), names, key_alias, 'linux');
}
