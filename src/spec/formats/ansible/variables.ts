/** A role's variables where it is used, filled in. */
import { isList, isObject, parseJson, type Json } from '../../../base/json.ts';
import { isNumeral, type Numeral } from '../../../base/numeral.ts';
import { hold, Secret } from '../../../base/secret.ts';
import { literal } from '../../../base/template.ts';
import type { Environment } from '../../../base/variables.ts';
import { lossOf } from '../../read/number.ts';
import type { Problem } from '../../read/text.ts';
import type { Fail } from './playbook.ts';
import { render, type Filling, type Unrendered } from './render.ts';
import { nameOf, VARIABLES, type Variable } from './roles.ts';
import type { Scope } from './scope.ts';

/** What has a value, by itself or by the role's defaults. `ofEnvironment`: the environment has a part in it. */
export type Given = Readonly<Partial<Record<Variable, { readonly value: Json; readonly ofEnvironment: boolean }>>>;

const CREDENTIAL = ['master_key', 'openshift_token', 'username', 'password'] as const;
/** No other variable may have these in it, and no problem shows them. */
const SECRETIVE: ReadonlySet<Variable> = new Set(CREDENTIAL);
/** What may also be said elsewhere, so that an environment without it is no mistake. */
const OPTIONAL: ReadonlySet<Variable> = new Set([...CREDENTIAL, 'api_url']);
/** Ansible may give these as their JSON texts; other texts stay texts, whatever they look like. */
const READ_FROM_TEXT: ReadonlySet<Variable> = new Set(['metadata', 'max_budget', 'user_count', 'api_timeout']);
const TEXTS: ReadonlySet<Variable> = new Set([
  ...(['alias', 'duration', 'user_id', 'user_prefix', 'user_domain'] as const),
  ...CREDENTIAL,
]);

/** What is wrong is reported. */
export function givenIn(scope: Scope, env: Environment, fail: Fail): Given {
  const given: { [V in Variable]?: { readonly value: Json; readonly ofEnvironment: boolean } } = {};
  /* Credentials first: the lines around a problem show none that is known by then. */
  for (const variable of new Set([...CREDENTIAL, ...VARIABLES])) {
    const filling: Filling = { lookUp: scope.lookUp, env, found: { variables: new Set(), environment: new Set() } };
    const value = valueOf(variable, scope, filling, fail);
    const { variables, environment } = filling.found;
    const leaked = CREDENTIAL.find((each) => variables.has(nameOf(scope.role, each)));
    if (leaked !== undefined && !SECRETIVE.has(variable)) wouldShow(variable, leaked, scope, fail);
    else if (value !== null) given[variable] = { value, ofEnvironment: environment.size > 0 };
    if (typeof value === 'string' && SECRETIVE.has(variable) && variable !== 'username') hold(new Secret(value.trim()));
  }
  checkShown(given, scope, fail);
  return given;
}

function wouldShow(variable: Variable, credential: Variable, { role, placeOf }: Scope, fail: Fail): void {
  const message = `${nameOf(role, variable)} would show ${nameOf(role, credential)}.`;
  fail(placeOf(variable), { rule: 'secret', message, hint: 'Take the credential out of it.' });
}

/** A shorter text is in others by chance. */
const SHORTEST = 6;

/** A credential may have come into another variable from where it came itself. */
function checkShown(given: Given, scope: Scope, fail: Fail): void {
  for (const credential of CREDENTIAL) {
    const text = credential === 'username' ? '' : textIn(given, credential).trim();
    if (text.length < SHORTEST) continue;
    const inJson = JSON.stringify(text).slice(1, -1);
    for (const variable of VARIABLES) {
      const { value = null } = given[variable] ?? {};
      if (!SECRETIVE.has(variable) && JSON.stringify(value).includes(inJson))
        wouldShow(variable, credential, scope, fail);
    }
  }
}

/** `null` where there is none, or none that could be filled in. */
function valueOf(variable: Variable, scope: Scope, filling: Filling, fail: Fail): Json {
  const own = scope.own(variable);
  if (own !== null) {
    const found = render(own.value, filling);
    if ('problem' in found) {
      const { problem, missing, path } = found;
      if (missing?.missing === 'environment' && OPTIONAL.has(variable)) return null;
      const told = SECRETIVE.has(variable) ? untold(nameOf(scope.role, variable), found) : problem;
      fail([...own.path, ...path], told);
      return null;
    }
    if (!isEmpty(found.value)) {
      const lost = READ_FROM_TEXT.has(variable) ? lostIn(jsonOf(found.value)) : null;
      if (lost !== null) fail(own.path, lossOf(lost.value));
      return asText(variable, own.value, found.value);
    }
  }
  const raw = scope.role.defaults[variable] ?? null;
  const found = render(raw, filling);
  if ('value' in found) return asText(variable, raw, found.value);
  const { problem, missing } = found;
  if (missing === null) fail(scope.placeOf(variable), problem);
  else if (variable === 'alias') fail(scope.placeOf(variable), neededByDefault(missing.name));
  return null;
}

function neededByDefault(name: string): Problem {
  const hint = `The role names the key by it: write ${name}: … into the file.`;
  return { rule: 'missing', message: `The variable ${name} is missing.`, hint };
}

/** What is wrong with a credential's value, without a part of it. */
function untold(name: string, { missing }: Unrendered): Problem {
  const message =
    missing === null
      ? `${name} has Jinja in it that only Ansible can fill in.`
      : `${name} needs the variable ${missing.name}, which is not in this file.`;
  const hint =
    'Take the line out and give the credential to vkeys itself: LITELLM_MASTER_KEY, or --master-key-command.';
  return { rule: 'ansible', message, hint };
}

/** A number that was filled in where only a text can be meant is one. */
function asText(variable: Variable, raw: Json, value: Json): Json {
  return TEXTS.has(variable) && typeof raw === 'string' && typeof value === 'number' ? String(value) : value;
}

export function isEmpty(value: Json): boolean {
  return value === null || value === '';
}

export function valueIn(given: Given, variable: Variable): Json {
  return given[variable]?.value ?? null;
}

/** A text, or nothing: of other values somebody else complains. */
export function textIn(given: Given, variable: Variable): string {
  const value = valueIn(given, variable);
  return typeof value === 'string' ? value : '';
}

/** A value that Ansible may have given as its JSON text. */
export function jsonOf(value: Json): Json {
  return typeof value === 'string' ? (parseJson(value) ?? value) : value;
}

function lostIn(value: Json): Numeral | null {
  if (isNumeral(value)) return value;
  const inner = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  return inner.reduce<Numeral | null>((found, each) => found ?? lostIn(each), null);
}

/** The texts of the metadata that came from the environment, as they are and as templates. */
export function environmentTexts({ lookUp, own }: Scope, env: Environment): ReadonlySet<string> {
  const texts = textsIn(own('metadata')?.value ?? null).flatMap((text) => {
    const found: Filling['found'] = { variables: new Set(), environment: new Set() };
    const filled = render(text, { lookUp, env, found });
    return 'value' in filled && found.environment.size > 0 ? textsIn(jsonOf(filled.value)) : [];
  });
  return new Set(texts.flatMap((text) => [text, literal(text)]));
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  const inner = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  return inner.flatMap(textsIn);
}
