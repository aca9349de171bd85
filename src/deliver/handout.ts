import { VkeysError } from '../base/errors.ts';
import { fill, placeholdersOf } from '../base/template.ts';
import type { Secret } from '../base/secret.ts';
import { variablePart } from '../encode/variable.ts';
import { oneLine } from '../encode/terminal.ts';

/** One key with its secret, as it is handed out. */
export type Handout = {
  /** `key_alias`, `user`, the roster's columns, `set`. */
  readonly placeholders: Readonly<Record<string, string>>;
  readonly key_alias: string;
  readonly user: string | null;
  readonly user_id: string | null;
  readonly key_id: string;
  readonly secret: Secret;
  /** RFC 3339; `null` is never. */
  readonly expires: string | null;
};

/** A key that is gone from the server. */
export type Gone = Pick<Handout, 'placeholders' | 'key_alias' | 'key_id'> & { readonly secret: Secret | null };

/** The server that the keys are for. */
export type DeliverTo = {
  /** Without `/v1`. */
  readonly api_endpoint: string;
  /** With it: what OpenAI clients take. */
  readonly api_base_url: string;
};

/** What templates of a delivery may name besides the key's own placeholders. No secret is among them. */
export function namesFor(
  key: Pick<Handout, 'placeholders' | 'key_alias' | 'key_id'> & { readonly expires?: string | null },
  to: DeliverTo,
): Readonly<Record<string, string>> {
  const { placeholders, key_alias, key_id } = key;
  const names = { ...placeholders, ...to, key_alias, key_id, KEY_ALIAS: variablePart(key_alias) };
  return key.expires === undefined ? names : { ...names, expires: key.expires ?? '' };
}

/** The template filled. Throws `delivery` when it names what the key does not have. */
export function fillAll(template: string, names: Readonly<Record<string, string>>, key_alias: string): string {
  const unknown = placeholdersOf(template).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return fill(template, names);
  throw new VkeysError(
    'delivery',
    `${oneLine(key_alias)} has no {${oneLine(unknown)}}, which its delivery asks for.`,
    `It has: ${Object.keys(names).map(oneLine).join(', ')}. To write a brace, double it: {{.`,
  );
}
