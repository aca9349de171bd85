/**
 * The variables of the Ansible role for LiteLLM's keys, as a spec: `litellm_vkey_alias`, `litellm_vkey_models`, …
 * Ansible gives numbers, booleans, lists and mappings as text too, so those are read from text.
 */
import { isList, isObject, parseJson, type Json, type JsonObject } from '../../base/json.ts';
import { isHeld, isNumeral, type Numeral } from '../../base/numeral.ts';
import type { Spec } from '../../model/spec.ts';
import { literal } from '../../base/template.ts';
import { didYouMean } from '../../base/suggest.ts';
import { diagnose, quoted, type Problem, type OnDiagnostic } from '../read/text.ts';
import { setName } from '../set-name.ts';
import { lossOf } from '../read/number.ts';
import type { Path, Source } from '../read/tree.ts';

const PREFIX = 'litellm_vkey_';
/** Members of a spec that no file of variables has by chance. */
const SPEC_MEMBERS = new Set(['set', 'defaults', 'keys', 'deliver']);

/** Each variable, and the member of the spec that it becomes. */
const MEMBERS = {
  state: 'state',
  alias: 'key_alias',
  models: 'models',
  duration: 'duration',
  user_id: 'user_id',
  max_budget: 'max_budget',
  metadata: 'metadata',
  multi_user: 'roster',
  user_count: 'count',
  user_prefix: 'prefix',
  user_domain: 'domain',
  api_url: 'url',
} as const;

type Variable = keyof typeof MEMBERS;
type Variables = { readonly [V in Variable]?: Json };
type Ansible = NonNullable<Spec['ansible']>;
type Fail = (path: Path, problem: Problem, part?: 'name') => void;

export function isAnsible(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** A document of such variables as a spec, whose places are still those of the variables; `null` after a report. */
export function specOfVariables(
  source: Source,
  report: OnDiagnostic,
): { readonly source: Source; readonly ansible: Ansible } | null {
  let isSound = true;
  const fail: Fail = (path, problem, part) => {
    isSound = false;
    report(diagnose(source.text, source.at(path, part), problem));
  };
  const variables = given(source.value, fail);
  const { alias } = variables;
  if (typeof alias !== 'string' && isSound) {
    const message = `litellm_vkey_alias ${alias === undefined ? 'is missing' : 'has to be text'}.`;
    const hint = 'Give the key a name, like litellm_vkey_alias: my-key.';
    fail([`${PREFIX}alias`], { rule: alias === undefined ? 'missing' : 'type', message, hint });
  }
  const many = truthOf(variables.multi_user ?? false);
  if (many === null) {
    const message = 'litellm_vkey_multi_user has to be true or false.';
    fail([`${PREFIX}multi_user`], { rule: 'type', message, hint: 'Write true or false.' });
  }
  if (many === true && variables.user_count === undefined) {
    const message = 'litellm_vkey_user_count is missing.';
    fail([`${PREFIX}multi_user`], {
      rule: 'missing',
      message,
      hint: 'Say how many users, like litellm_vkey_user_count: 5.',
    });
  }
  if (!isSound || typeof alias !== 'string') return null;
  return {
    source: {
      ...source,
      value: specOf(alias, variables, many === true),
      at: (path, part) => source.at(placeOf(path), part),
    },
    ansible: ansibleOf(variables, many === true),
  };
}

/** The variables that have a value, by their names without the prefix; others in the file are not ours. */
function given(value: Json, fail: Fail): Variables {
  const found: { [V in Variable]?: Json } = {};
  for (const [name, each] of [value].filter(isObject).flatMap((members) => Object.entries(members))) {
    const variable = name.slice(PREFIX.length);
    if (SPEC_MEMBERS.has(name)) {
      const message = `The file has Ansible's variables, and ${name} of a spec.`;
      fail([name], { rule: 'ansible', message, hint: 'Put the two into two files.' }, 'name');
    } else if (isAnsible(name) && !isVariable(variable)) {
      const message = `There is no variable ${name}.${didYouMean(
        name,
        Object.keys(MEMBERS).map((known) => PREFIX + known),
      )}`;
      fail([name], { rule: 'unknown-field', message, hint: 'The variables are those of the Ansible role.' }, 'name');
    } else if (isAnsible(name) && isVariable(variable) && each !== null && each !== '') {
      checkRendered(each, [name], fail);
      const lost = READ_FROM_TEXT.has(variable) ? lostIn(jsonOf(each)) : null;
      if (lost !== null) fail([name], lossOf(lost.value));
      found[variable] = each;
    }
  }
  return found;
}

function isVariable(name: string): name is Variable {
  return Object.hasOwn(MEMBERS, name);
}

function checkRendered(value: Json, path: Path, fail: Fail): void {
  if (typeof value === 'string' && /\{\{|\{%/.test(value)) {
    const message = `${quoted(value)} is a Jinja expression, which only Ansible can fill in.`;
    fail(path, { rule: 'ansible', message, hint: 'Let Ansible render the file first, e.g. with its template module.' });
  } else if (isList(value)) {
    for (const [index, item] of value.entries()) checkRendered(item, [...path, index], fail);
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) checkRendered(item, [...path, name], fail);
  }
}

/** Other texts stay texts, whatever they look like. */
const READ_FROM_TEXT: ReadonlySet<string> = new Set(['metadata', 'max_budget', 'user_count']);

/** A value that Ansible may have given as its JSON text. */
function jsonOf(value: Json): Json {
  return typeof value === 'string' ? (parseJson(value) ?? value) : value;
}

function lostIn(value: Json): Numeral | null {
  if (isNumeral(value)) return value;
  const inner = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  return inner.reduce<Numeral | null>((found, each) => found ?? lostIn(each), null);
}

function specOf(alias: string, variables: Variables, many: boolean): JsonObject {
  const { models, metadata } = variables;
  return {
    set: setName(alias),
    server: { url: variables.api_url ?? null },
    ...(variables.state === undefined ? {} : { state: variables.state }),
    keys: [
      {
        key_alias: literal(alias),
        duration: variables.duration ?? DURATION,
        ...(models === undefined ? {} : { models: listOf(models) }),
        ...(variables.max_budget === undefined ? {} : { max_budget: numberOf(variables.max_budget) }),
        ...(metadata === undefined ? {} : { metadata: plain(jsonOf(metadata)) }),
        ...(many ? { roster: rosterOf(variables) } : { user_id: plain(variables.user_id ?? alias) }),
      },
    ],
  };
}

const DURATION = '30d';

function rosterOf({ user_count = null, user_prefix = 'user', user_domain = 'example.com' }: Variables): JsonObject {
  return { count: numberOf(user_count), prefix: user_prefix, domain: user_domain };
}

function ansibleOf({ duration, models, user_count }: Variables, many: boolean): Ansible {
  const list = models === undefined ? [] : listOf(models);
  return {
    duration: typeof duration === 'string' ? duration : DURATION,
    models: isList(list) ? list.map(String) : [],
    user_count: many ? Number(user_count) : null,
  };
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

/** As Ansible's `bool` filter has it; `null` for anything else. */
function truthOf(value: Json): boolean | null {
  if (isObject(value) || isList(value)) return null;
  const text = String(value).toLowerCase();
  if (/^(?:true|yes|on|y|t|1)$/.test(text)) return true;
  return /^(?:false|no|off|n|f|0)$/.test(text) ? false : null;
}

/** The place of a spec's member among the variables. */
function placeOf(path: Path): Path {
  const names = Object.entries(MEMBERS);
  for (const [index, step] of path.entries()) {
    const variable = names.find(([, member]) => member === step && step !== 'roster')?.[0];
    if (variable !== undefined) return [PREFIX + variable, ...path.slice(index + 1)];
  }
  return [`${PREFIX}${path.includes('roster') ? 'multi_user' : 'alias'}`];
}
