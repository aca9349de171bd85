/**
 * What is remembered of a command's place, filled in: how to look there and how to take the key away, whatever the spec says by
 * then. Free of secrets.
 */
import { VkeysError } from '../../base/errors.ts';
import { isList, isObject, type Json, type JsonObject } from '../../base/json.ts';
import { argumentFault } from '../../encode/argument.ts';
import { oneLine } from '../../encode/terminal.ts';
import type { Argv, CommandDelivery } from '../../model/delivery.ts';
import { fillAll, namesFor, type Addressee, type DeliverTo } from '../handout.ts';

export type Ways = {
  readonly check?: Argv;
  /** What `check` says on its stderr where there is nothing. */
  readonly missing?: string;
  readonly remove?: Argv;
  /** Variables of the programs. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Milliseconds. */
  readonly timeout?: number;
};

type Names = Readonly<Record<string, string>>;

/** Throws `delivery` for what cannot be filled in. */
export function waysOf(
  { check, missing, remove, env = {}, folder, timeout }: CommandDelivery,
  key: Addressee,
  to: DeliverTo,
): Ways {
  const names = namesFor(key, to);
  return {
    ...(check === undefined ? {} : { check: argvOf(check, names, key.key_alias) }),
    ...(missing === undefined ? {} : { missing }),
    ...(remove === undefined ? {} : { remove: argvOf(remove, names, key.key_alias) }),
    env: { ...fieldsOf(key, to), ...envOf(env, names, key.key_alias) },
    folder,
    ...(timeout === undefined ? {} : { timeout }),
  };
}

/** The arguments for one key. Throws `delivery` where a value would choose another place than the template does. */
export function argvOf(argv: Argv, names: Names, key_alias: string): Argv {
  return argv.map((template) => argumentOf(template, names, key_alias));
}

export function argumentOf(template: string, names: Names, key_alias: string): string {
  const fault = argumentFault(template, names);
  if (fault === null) return fillAll(template, names, key_alias);
  throw new VkeysError(
    'delivery',
    `${oneLine(key_alias)} was not delivered: {${oneLine(fault.name)}} ${fault.why}, and is in an argument.`,
    'Change that name, or use {key_id}. Programs have the fields as they are in VKEYS_USER, VKEYS_KEY_ALIAS, …',
  );
}

function envOf(env: Names, names: Names, key_alias: string): Names {
  return Object.fromEntries(
    Object.entries(env).map(([name, template]) => [name, argumentOf(template, names, key_alias)]),
  );
}

/** What programs are told of the key, without its secret. */
function fieldsOf({ key_alias, key_id, placeholders, user, expires }: Addressee, to: DeliverTo): Names {
  const fields = {
    VKEYS_KEY_ALIAS: key_alias,
    VKEYS_KEY_ID: key_id,
    VKEYS_SET: placeholders['set'] ?? '',
    VKEYS_USER: user ?? '',
    VKEYS_EXPIRES: expires ?? '',
    VKEYS_API_BASE_URL: to.api_base_url,
    VKEYS_API_ENDPOINT: to.api_endpoint,
  };
  /* No variable of a process can hold it. */
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.replaceAll('\0', '')]));
}

export function detailOf(ways: Ways): JsonObject {
  return { ...ways };
}

/** As the keyring has them; `null` for anything else. */
export function readWays(detail: JsonObject | null | undefined): Ways | null {
  const { check, missing, remove, env, folder, timeout } = detail ?? {};
  if (typeof folder !== 'string' || !isTexts(env)) return null;
  return {
    ...(isArgv(check) ? { check } : {}),
    ...(typeof missing === 'string' ? { missing } : {}),
    ...(isArgv(remove) ? { remove } : {}),
    env,
    folder,
    ...(typeof timeout === 'number' ? { timeout } : {}),
  };
}

function isArgv(json: Json | undefined): json is readonly string[] {
  return isList(json) && json.length > 0 && json.every((item) => typeof item === 'string');
}

function isTexts(json: Json | undefined): json is Readonly<Record<string, string>> {
  return isObject(json) && Object.values(json).every((item) => typeof item === 'string');
}
