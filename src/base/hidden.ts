/**
 * What of a key's open members (`metadata`, `extra`, `config`) nobody is shown: values that are secrets by their name,
 * came from the environment, look like a key, have a password in an address, or were encrypted or masked by the server. One rule for plans, reports,
 * lists, notices and errors. Pure.
 */
import { isList, isObject, type Json } from './json.ts';
import { isNumeral } from './numeral.ts';
import { hasKey } from './secret.ts';

/** Stands for what is not shown. */
export const HIDDEN = '(secret)';

/** Texts that came from the environment. */
export type Hidden = ReadonlySet<string>;
const NONE: Hidden = new Set();

/** Words of a name that make it a secret's, whatever else is in it. */
const ALWAYS =
  /passwo?r?d|passphrase|secrets?$|(api|access|private)(key|token)$|^(pwd|passcode|credentials?|authorization|bearer|cookie|private)$/;
/** Words that do, unless the name counts something: `max_tokens`, `input_cost_per_token`. */
const OFTEN = /tokens?$|^(keys?|auth)$/;
const COUNTS = /^(max|min|limits?|counts?|costs?|budgets?|per|rate|tpm|rpm|used|usage|num|number|total|input|output)$/;
/** What LiteLLM itself calls so, and is none. */
const NAMES = /^key_(alias|name|id|type)$/;

/** What is a secret below a name: nothing, texts, or numbers too. */
type Secrecy = 'none' | 'texts' | 'all';

function secrecyOf(name: string): Secrecy {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  if (words.some((word) => ALWAYS.test(word))) return 'all';
  const isOften = words.some((word) => OFTEN.test(word)) && !words.some((word) => COUNTS.test(word));
  return isOften && !NAMES.test(name) ? 'texts' : 'none';
}

function below(name: string, around: Secrecy): Secrecy {
  const own = secrecyOf(name);
  return around === 'all' || own === 'none' ? around : own;
}

/** Whether a text of this name is a secret: `api_key`, `langfuseSecretKey`, `db-password`, and not `max_tokens` or `key_alias`. */
export function isSecretName(name: string): boolean {
  return secrecyOf(name) !== 'none';
}

/** A value with `(secret)` in the place of each secret in it. `name`: the member's own; what is below a secret's name is one. */
export function hidden(value: Json, name = '', own: Hidden = NONE): Json {
  return replaced(value, secrecyOf(name), own);
}

/** Whether anything in a value is hidden only because it came from the environment. */
export function isFromEnvironment(value: Json, name: string, own: Hidden = NONE): boolean {
  const secrecy = secrecyOf(name);
  return textsOf(value, secrecy, own).length > textsOf(value, secrecy, NONE).length;
}

/** A value of which only those texts and numbers are shown that `shown` has too. */
export function hiddenUnless(value: Json, shown: Json): Json {
  const open = new Set(leavesOf(shown));
  const others = leavesOf(value).filter((leaf) => !open.has(leaf));
  return replaced(value, 'none', new Set(others));
}

function leavesOf(value: Json): readonly string[] {
  if (isList(value)) return value.flatMap(leavesOf);
  if (isObject(value)) return Object.values(value).flatMap(leavesOf);
  return typeof value === 'string' || typeof value === 'number' || isNumeral(value) ? [String(value)] : [];
}

/** The secrets in a value, to be taken out of what others say about it. */
export function secretTexts(value: Json, name = ''): readonly string[] {
  return textsOf(value, secrecyOf(name), NONE);
}

function replaced(value: Json, secrecy: Secrecy, own: Hidden): Json {
  if (isList(value)) return value.map((item) => replaced(item, secrecy, own));
  if (!isObject(value)) return isHidden(value, secrecy, own) ? HIDDEN : value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, replaced(item, below(name, secrecy), own)]),
  );
}

function textsOf(value: Json, secrecy: Secrecy, own: Hidden): readonly string[] {
  if (isList(value)) return value.flatMap((item) => textsOf(item, secrecy, own));
  if (!isObject(value)) return isHidden(value, secrecy, own) ? [String(value)] : [];
  return Object.entries(value).flatMap(([name, item]) => textsOf(item, below(name, secrecy), own));
}

/** LiteLLM's encrypted and masked values (`litellm_enc::…`, `abcd****wxyz`, `sk-...wXyZ`) are no better than what they stand for. */
const SERVERS = /^litellm_enc::|\*{3,}|^sk-\.{3}/;
/** An address with a password in it: `postgres://user:password@host`. */
const ADDRESS = /:\/\/[^\s/?#@:]*:[^\s/?#@]+@/;

function isHidden(value: Json, secrecy: Secrecy, own: Hidden): boolean {
  if (typeof value === 'number' || isNumeral(value)) return secrecy === 'all' || own.has(String(value));
  if (typeof value !== 'string' || value === '') return false;
  return secrecy !== 'none' || own.has(value) || SERVERS.test(value) || ADDRESS.test(value) || hasKey(value);
}
