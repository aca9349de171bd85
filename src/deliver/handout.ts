import { VkeysError } from '../base/errors.ts';
import { isList } from '../base/json.ts';
import { fill, placeholdersOf } from '../base/template.ts';
import { Secret } from '../base/secret.ts';
import type { Placed, Due } from '../apply/ports.ts';
import { variablePart } from '../encode/variable.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Settings } from '../model/fields.ts';
import type { Seat } from '../model/keyring.ts';
import { usersOf } from '../model/sharing.ts';
import type { Delivery } from '../model/delivery.ts';

/** One key as it is handed out, but for its secret. */
export type Addressee = {
  /** `key_alias`, `user`, the roster's columns, `set`. */
  readonly placeholders: Readonly<Record<string, string>>;
  readonly key_alias: string;
  readonly user: string | null;
  readonly user_id: string | null;
  /** All who have access to it. */
  readonly users: readonly string[];
  /** The secret's SHA-256. */
  readonly key_id: string;
  /** RFC 3339; `null` is never. Not known of a key that is gone. */
  readonly expires?: string | null;
};

/** One key with its secret; `seat`: the code of the person whose it is. */
export type Handout = Addressee & { readonly secret: Secret; readonly seat?: Seat | undefined };

/** What templates may name that nobody else may see: no path has it, and no keyring's place. */
export function secretsIn({ secret, seat }: Pick<Handout, 'secret' | 'seat'>): Readonly<Record<string, string>> {
  const code = seat === undefined ? {} : { code: seat.code.reveal(), seat: String(seat.seat) };
  return { key: secret.reveal(), ...code };
}

/** The server that the keys are for. */
export type DeliverTo = {
  /** Without `/v1`. */
  readonly api_endpoint: string;
  /** With it: what OpenAI clients take. */
  readonly api_base_url: string;
};

/** A delivery and the address that its hand-outs carry. */
export type Addressed = { readonly delivery: Delivery; readonly to: DeliverTo };
/** `path`: what its places are called, a template. */
export type Located = Addressed & { readonly path: string };

/** What templates of a delivery may name besides the key's own placeholders. No secret is among them. */
export function namesFor(
  { placeholders, key_alias, key_id, expires }: Addressee,
  to: DeliverTo,
): Readonly<Record<string, string>> {
  const names = { ...placeholders, ...to, key_alias, key_id, KEY_ALIAS: variablePart(key_alias) };
  return expires === undefined ? names : { ...names, expires: expires ?? '' };
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

/** The key as the server has it; who has access is the spec's to say, as anybody who may change a key may change its mark. */
export function addresseeOf(
  { desired, live }: Pick<Placed, 'desired' | 'live'>,
  set: string,
): Addressee & { readonly expires: string | null } {
  const { user_id } = live.settings;
  return {
    placeholders: { set, ...limitsIn(live.settings), ...desired.placeholders },
    key_alias: desired.ref.name,
    user: desired.user,
    user_id: typeof user_id === 'string' ? user_id : null,
    users: usersOf(desired),
    key_id: live.id,
    expires: live.expires,
  };
}

/**
 * What hand-outs say of what the key may: `models`, `max_budget` (US dollars), each empty without a limit, and `model` where
 * there is but one that is no pattern.
 */
function limitsIn({ models, max_budget }: Settings): Readonly<Record<string, string>> {
  const names = isList(models) ? models.map(String) : [];
  const [model, ...others] = names;
  const isOne = model !== undefined && others.length === 0 && !/[*]|^all-/.test(model);
  const budget = typeof max_budget === 'number' ? String(max_budget) : '';
  return { models: names.join(', '), max_budget: budget, ...(isOne ? { model } : {}) };
}

const NOBODYS: Seat = { seat: 1, code: new Secret('1-0000-0000-0000'), at: '' };

/** As the key will be handed out, with a secret that nobody has; a key whose secret is not known is not handed out. */
export function imagined({ desired, live, secret }: Due, set: string): readonly Handout[] {
  if (live !== null) return secret === null ? [] : [{ ...addresseeOf({ desired, live }, set), secret, seat: NOBODYS }];
  const made = new Secret(`sk-${new Secret(desired.ref.name).hash().slice(0, 43)}`);
  const { user_id } = desired.settings;
  return [
    {
      placeholders: { set, ...limitsIn(desired.settings), ...desired.placeholders },
      key_alias: desired.ref.name,
      user: desired.user,
      user_id: typeof user_id === 'string' ? user_id : null,
      users: usersOf(desired),
      key_id: made.hash(),
      secret: made,
      seat: NOBODYS,
      expires: null,
    },
  ];
}
