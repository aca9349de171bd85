/** A role's variables as a spec, whose places are still those of the variables. */
import { isList, isObject, parseJson, type Json, type JsonObject } from '../../../base/json.ts';
import { isHeld } from '../../../base/numeral.ts';
import { literal } from '../../../base/template.ts';
import type { Spec } from '../../../model/spec.ts';
import type { Path } from '../../read/tree.ts';
import { setName } from '../../set-name.ts';
import type { Fail } from './playbook.ts';
import { nameOf, VARIABLES, type Variable } from './roles.ts';
import type { Scope } from './scope.ts';
import { notTrueOrFalse, truthOf } from './truth.ts';
import { jsonOf, textIn, valueIn, type Given } from './variables.ts';

/** The members of a spec that the variables become. */
const MEMBERS: Readonly<Partial<Record<Variable, string>>> = {
  state: 'state',
  alias: 'key_alias',
  models: 'models',
  duration: 'duration',
  user_id: 'user_id',
  max_budget: 'max_budget',
  metadata: 'metadata',
  user_count: 'count',
  user_prefix: 'prefix',
  user_domain: 'domain',
  api_url: 'url',
};

export type Translation = {
  readonly value: JsonObject;
  readonly ansible: NonNullable<Spec['ansible']>;
  /** The place of a spec's member among the variables. */
  readonly placeOf: (path: Path) => Path;
};

/** What is missing is reported. */
export function translate(given: Given, scope: Scope, fail: Fail): Translation {
  const value = (variable: Variable): Json => valueIn(given, variable);
  const state = STATES.get(textIn(given, 'state')) ?? value('state');
  const isMany = truthOf(value('multi_user')) === true;
  const models = listOf(value('models') ?? []);
  const count = numberOf(value('user_count'));
  checkAlias(value('alias'), scope, fail);
  if (state !== 'absent') checkModels(models, scope, fail);
  checkUsers(value, isMany, scope, fail);
  const key: JsonObject = {
    key_alias: literal(textIn(given, 'alias')),
    duration: value('duration'),
    ...(given.models === undefined ? {} : { models }),
    ...(given.max_budget === undefined ? {} : { max_budget: numberOf(value('max_budget')) }),
    metadata: plain(jsonOf(value('metadata'))),
    ...(isMany
      ? { roster: { count, prefix: value('user_prefix'), domain: value('user_domain') } }
      : { user_id: plain(value('user_id')) }),
  };
  return {
    value: { set: setName(textIn(given, 'alias')), server: { url: value('api_url') }, state, keys: [key] },
    ansible: {
      duration: textIn(given, 'duration'),
      models: isList(models) ? models.map(String) : [],
      user_count: isMany ? Number(count) : null,
    },
    placeOf: (path) => placeAmong(path, scope),
  };
}

/** What the role of the Red Hat Demo Platform calls its states. */
const STATES: ReadonlyMap<string, string> = new Map([
  ['provision', 'present'],
  ['create', 'present'],
  ['destroy', 'absent'],
  ['remove', 'absent'],
]);

function checkAlias(alias: Json, { role, placeOf }: Scope, fail: Fail): void {
  if (typeof alias === 'string') return;
  const name = nameOf(role, 'alias');
  const [rule, words] = alias === null ? ['missing', 'is missing'] : ['type', 'has to be text'];
  fail(placeOf('alias'), { rule, message: `${name} ${words}.`, hint: `Give the key a name, like ${name}: my-key.` });
}

function checkModels(models: Json, { role, placeOf }: Scope, fail: Fail): void {
  if (!isList(models) || models.length > 0) return;
  const name = nameOf(role, 'models');
  const hint = `Name one or more, like ${name}: [gpt-4o-mini]; all that the server has are [all-proxy-models].`;
  fail(placeOf('models'), { rule: 'missing', message: `${name} is missing, and the role wants it.`, hint });
}

function checkUsers(value: (variable: Variable) => Json, isMany: boolean, scope: Scope, fail: Fail): void {
  const { role, own, placeOf } = scope;
  const name = (variable: Variable): string => nameOf(role, variable);
  const count = numberOf(value('user_count'));
  if (truthOf(value('multi_user')) === null) fail(placeOf('multi_user'), notTrueOrFalse(name('multi_user')));
  if (isMany && count === 0) {
    const hint = `To delete the keys, write ${name('state')}: absent.`;
    fail(placeOf('user_count'), { rule: 'value', message: `${name('user_count')} has to be 1 or more.`, hint });
  }
  if (isMany) return;
  if (own('multi_user') === null && typeof count === 'number' && count > 1) {
    const message = `${name('user_count')} is ${String(count)}, but the role makes one key without ${name('multi_user')}.`;
    const hint = `Write ${name('multi_user')}: true for a key for each user, or take ${name('user_count')} away.`;
    fail(placeOf('user_count'), { rule: 'ansible', message, hint });
  }
  if (value('alias') !== null && value('user_id') === null) {
    const hint = `Say whose key it is, like ${name('user_id')}: ada@example.com.`;
    fail(placeOf('user_id'), { rule: 'missing', message: `${name('user_id')} is missing.`, hint });
  }
}

/** The value with braces that stand for themselves: Ansible's variables have no placeholders of ours. */
function plain(value: Json): Json {
  if (typeof value === 'string') return literal(value);
  if (isList(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

function listOf(value: Json): Json {
  if (typeof value !== 'string') return value;
  if (value.trimStart().startsWith('[')) return parseJson(value) ?? value;
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function numberOf(value: Json): Json {
  return typeof value === 'string' && /^[0-9]+(?:\.[0-9]+)?$/.test(value.trim()) && isHeld(value.trim())
    ? Number(value)
    : value;
}

function placeAmong(path: Path, { placeOf }: Scope): Path {
  for (const [index, step] of path.entries()) {
    const found = VARIABLES.find((variable) => MEMBERS[variable] === step);
    if (found !== undefined) return [...placeOf(found), ...path.slice(index + 1)];
  }
  return placeOf(path.includes('roster') ? 'multi_user' : 'alias');
}
