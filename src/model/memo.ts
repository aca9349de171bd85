/**
 * What our mark (`metadata.vkeys`) remembers of the key's own metadata, beside whose it is:
 *
 * - `sealed`: LiteLLM encrypts the variables of logging callbacks from 1.108 on and gives back `litellm_enc::…`, another one
 *   after each write. A fingerprint of what was sent tells whether it is still wanted, and `sealed_at` when that was: the
 *   keyring knows what the server made of it then, so that another's writing is noticed.
 * - `hidden`: members whose values came from the environment, which nobody is shown although their names are harmless.
 */
import { digest, fingerprint } from '../base/fingerprint.ts';
import { hidden, isFromEnvironment, isSecretName, secretTexts, type Hidden } from '../base/hidden.ts';
import { isList, isObject, sameJson, type Json, type JsonObject } from '../base/json.ts';
import type { Encryption } from './keyring.ts';

const SEAL = 'litellm_enc::';
/** The members in which LiteLLM looks for callback variables. */
const CALLBACKS: ReadonlySet<string> = new Set(['logging', 'callback_settings']);

type Text = readonly [place: string, text: string];

/**
 * Whether a member of the live `metadata` is as wanted; what the server encrypted is compared by its fingerprint. `known`: what
 * it made of it when vkeys wrote it last, as far as this machine knows.
 */
export function sameMember(name: string, wanted: Json, metadata: JsonObject, known: Encryption | null = null): boolean {
  const sealed = sealedIn(wanted, metadata[name] ?? null, '');
  if (sealed === null || sealed.length === 0) return sealed !== null;
  const now = encryptionIn(metadata);
  const isAnothers = now !== null && now.at === known?.at && now.digest !== known.digest;
  return !isAnothers && fingerprint(sealed) === memoIn(metadata, 'sealed')[name];
}

/** What the server has encrypted of what vkeys wrote; `null`: nothing, or nobody knows when. */
export function encryptionIn(metadata: JsonObject): Encryption | null {
  const at = sealedAt(metadata);
  const texts = Object.keys(memoIn(metadata, 'sealed')).flatMap((name) =>
    textsIn(metadata[name] ?? null, `/${name}`, null)
      .filter(([, text]) => isSealed(text))
      .map(([place, text]) => `${place} ${text}`),
  );
  return at === null || texts.length === 0 ? null : { at, digest: digest(texts.toSorted()) };
}

/** What our mark remembers of the metadata, to go along where all of it is written once more. */
export function memoOf(metadata: JsonObject): JsonObject {
  const sealed = memoIn(metadata, 'sealed');
  const at = sealedAt(metadata);
  const names = hiddenIn(metadata);
  return {
    ...(Object.keys(sealed).length === 0 ? {} : { sealed }),
    ...(at === null ? {} : { sealed_at: at }),
    ...(names.length === 0 ? {} : { hidden: names }),
  };
}

/** The texts of members whose values came from the environment. */
export function hiddenTexts(metadata: JsonObject): ReadonlySet<string> {
  return new Set(hiddenIn(metadata).flatMap((name) => secretTexts(metadata[name] ?? null, 'secret')));
}

/** Members with a text that a server has encrypted, which no other can read. */
export function sealedMembers(metadata: JsonObject): readonly string[] {
  return Object.entries(metadata).flatMap(([name, value]) => (sealedPlaces(value, '').size > 0 ? [name] : []));
}

/** The live metadata without what nobody is shown. */
export function shownMetadata(metadata: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [
      name,
      name === 'vkeys' ? value : shownMember(name, value, metadata),
    ]),
  );
}

/** One member of it; `own`: texts that came from the environment of this run. */
export function shownMember(name: string, value: Json, metadata: JsonObject, own?: Hidden): Json {
  return hidden(value, hiddenIn(metadata).includes(name) ? 'secret' : name, own);
}

/**
 * The mark with what is to be remembered of `members`, which are written with it. `before` is the metadata as the server
 * has it; what is remembered of other members stays.
 */
export function withMemo(
  mark: JsonObject,
  members: JsonObject,
  before: JsonObject,
  now: Date,
  own?: Hidden,
): JsonObject {
  const { sealed: _, sealed_at: __, hidden: ___, ...plain } = mark;
  const kept = (name: string): boolean => !Object.hasOwn(members, name);
  const anew = Object.entries(members).flatMap(([name, value]) => {
    const texts = toBeSealed(name, value, before[name] ?? null);
    return texts.length === 0 ? [] : [[name, fingerprint(texts)] as const];
  });
  const sealed = {
    ...Object.fromEntries(Object.entries(memoIn(before, 'sealed')).filter(([name]) => kept(name))),
    ...Object.fromEntries(anew),
  };
  const at = anew.length > 0 ? now.toISOString() : sealedAt(before);
  const names = [
    ...hiddenIn(before).filter(kept),
    ...Object.entries(members)
      .filter(([name, value]) => isFromEnvironment(value, name, own))
      .map(([name]) => name),
  ];
  return {
    ...plain,
    ...(Object.keys(sealed).length === 0 ? {} : { sealed, ...(at === null ? {} : { sealed_at: at }) }),
    ...(names.length === 0 ? {} : { hidden: names }),
  };
}

function memoIn({ vkeys: mark }: JsonObject, name: 'sealed'): JsonObject {
  const memo = isObject(mark) ? mark[name] : null;
  return isObject(memo) ? memo : {};
}

function sealedAt({ vkeys: mark }: JsonObject): string | null {
  const at = isObject(mark) ? mark['sealed_at'] : null;
  return typeof at === 'string' ? at : null;
}

function hiddenIn({ vkeys: mark }: JsonObject): readonly string[] {
  const names = isObject(mark) ? mark['hidden'] : undefined;
  return isList(names) ? names.filter((name) => typeof name === 'string') : [];
}

/** The wanted texts that the server has encrypted; `null` where anything else differs. */
function sealedIn(wanted: Json, live: Json, place: string): readonly Text[] | null {
  if (typeof wanted === 'string' && typeof live === 'string' && isSealed(live) && wanted !== live) {
    return [[place, wanted]];
  }
  if (isList(wanted) && isList(live) && wanted.length === live.length) {
    return together(wanted.map((item, index) => sealedIn(item, live[index] ?? null, `${place}/${String(index)}`)));
  }
  if (isObject(wanted) && isObject(live)) {
    const names = Object.keys(wanted);
    if (names.length !== Object.keys(live).length || !names.every((name) => Object.hasOwn(live, name))) return null;
    return together(names.map((name) => sealedIn(wanted[name] ?? null, live[name] ?? null, `${place}/${name}`)));
  }
  return sameJson(wanted, live) ? [] : null;
}

function together(parts: readonly (readonly Text[] | null)[]): readonly Text[] | null {
  return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
}

/** The texts that the server will encrypt: those that it has encrypted already, else those that it is known to. */
function toBeSealed(name: string, value: Json, live: Json): readonly Text[] {
  const known = sealedPlaces(live, '');
  const all = textsIn(value, '', null);
  if (known.size > 0) return all.filter(([place]) => known.has(place)).map(([place, text]) => [place, text]);
  if (!CALLBACKS.has(name)) return [];
  return all
    .filter(([, text, variable]) => variable !== null && isSecretName(variable) && text !== '' && !isSealed(text))
    .map(([place, text]) => [place, text]);
}

function isSealed(text: string): boolean {
  return text.startsWith(SEAL);
}

function sealedPlaces(value: Json, place: string): ReadonlySet<string> {
  return new Set(
    textsIn(value, place, null)
      .filter(([, text]) => isSealed(text))
      .map(([at]) => at),
  );
}

/** Texts with their places, and for callback variables their names. */
function textsIn(
  value: Json,
  place: string,
  variable: string | null,
): readonly (readonly [string, string, string | null])[] {
  if (typeof value === 'string') return [[place, value, variable]];
  if (isList(value)) return value.flatMap((item, index) => textsIn(item, `${place}/${String(index)}`, null));
  if (!isObject(value)) return [];
  const isVariables = place.endsWith('/callback_vars');
  return Object.entries(value).flatMap(([name, item]) => textsIn(item, `${place}/${name}`, isVariables ? name : null));
}
