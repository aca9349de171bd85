/** Jinja in values → values, as far as it is understood here. Variables are looked up where the caller says. */
import { isList, isObject, type Json } from '../../../base/json.ts';
import type { Environment } from '../../../base/variables.ts';
import { quoted, type Problem } from '../../read/text.ts';
import type { Path } from '../../read/tree.ts';
import { hasJinja, parseTemplate, type Expression, type Filter, type Operator } from './jinja.ts';
import { truthOf } from './truth.ts';

/** What a value is filled in with, and what was found to be in it. */
export type Filling = {
  /** `undefined`: there is no such variable. */
  readonly lookUp: (name: string) => Json | undefined;
  readonly env: Environment;
  /** The names of all variables that were looked up, and of those of the environment that are set. */
  readonly found: { readonly variables: Set<string>; readonly environment: Set<string> };
};

/** `missing`: all that is wrong is that this is not there. `path` leads to the text inside the value. */
export type Unrendered = { readonly problem: Problem; readonly path: Path; readonly missing: Missing | null };
export type Rendered = { readonly value: Json } | Unrendered;
type Missing = { readonly missing: 'variable' | 'environment'; readonly name: string };

/** So many values and characters come out of one at most: variables multiply. */
const MOST = 100_000;

/** `within`: the variables whose values these are, outermost first. */
type Turn = Filling & { readonly within: readonly string[]; readonly room: { left: number } };

/** A value with its Jinja filled in; the first thing in it that cannot be. */
export function render(value: Json, filling: Filling): Rendered {
  return rendered(value, [], { ...filling, within: [], room: { left: MOST } });
}

function rendered(value: Json, path: Path, turn: Turn): Rendered {
  turn.room.left -= typeof value === 'string' ? value.length + 1 : 1;
  if (turn.room.left < 0) return failed('What stands for this is too long.', 'Make the variables shorter.', path);
  if (typeof value === 'string') return hasJinja(value) ? renderedText(value, path, turn) : { value };
  if (isList(value)) return renderedEach(value.entries(), path, turn, (items) => items.map(([, item]) => item));
  return isObject(value) ? renderedEach(Object.entries(value), path, turn, Object.fromEntries) : { value };
}

function renderedEach<Step extends string | number>(
  entries: Iterable<[Step, Json]>,
  path: Path,
  turn: Turn,
  join: (entries: readonly (readonly [Step, Json])[]) => Json,
): Rendered {
  const done: (readonly [Step, Json])[] = [];
  for (const [step, item] of entries) {
    const one = rendered(item, [...path, step], turn);
    if ('problem' in one) return one;
    done.push([step, one.value]);
  }
  return { value: join(done) };
}

function failed(message: string, hint: string, path: Path, missing: Missing | null = null): Rendered {
  return { problem: { rule: 'ansible', message, hint }, path, missing };
}

function renderedText(text: string, path: Path, turn: Turn): Rendered {
  const template = parseTemplate(text);
  if (template === null) return unknown(text, path);
  const values: Json[] = [];
  for (const part of template) {
    const one: Answer = typeof part === 'string' ? { value: part } : evaluate(part, turn);
    if ('missing' in one) return notThere(one, text, path);
    if ('wrong' in one) return one.wrong === null ? unknown(text, path) : failed(one.wrong, one.hint, path);
    values.push(one.value);
  }
  const [only = null] = values;
  if (values.length === 1) return { value: only };
  const texts = values.map(textOf);
  const isText = (one: string | null): one is string => one !== null;
  return texts.every(isText) ? { value: texts.join('') } : unknown(text, path);
}

function unknown(text: string, path: Path): Rendered {
  return failed(
    `${quoted(text)} is a Jinja expression, which only Ansible can fill in.`,
    "Write its value, or what vkeys reads too: {{ lookup('env', 'NAME') }}, {{ a_variable_of_this_file }}, | default('…').",
    path,
  );
}

function notThere(it: Missing, text: string, path: Path): Rendered {
  const { missing, name } = it;
  return missing === 'variable'
    ? failed(
        `${quoted(text)} needs the variable ${name}, which is not in this file.`,
        `Write ${name} into the file, or a default: {{ ${name} | default('…') }}.`,
        path,
        it,
      )
    : failed(
        `The environment variable ${name} is not set.`,
        `Set it, or give a default: {{ lookup('env', '${name}') | default('…') }}.`,
        path,
        it,
      );
}

/** A value, what would be needed for one, or that there can be none, and why where that is not plain to see. */
type Answer = { readonly value: Json } | Missing | { readonly wrong: string | null; readonly hint: string };
const NONE: Answer = { wrong: null, hint: '' };

function evaluate(expression: Expression, turn: Turn): Answer {
  switch (expression.is) {
    case 'value':
      return expression;
    case 'variable':
      return evaluateVariable(expression, turn);
    case 'environment': {
      const { name, fallback } = expression;
      const value = turn.env[name] ?? '';
      if (value !== '') turn.found.environment.add(name);
      if (value !== '') return { value };
      return fallback === null ? { missing: 'environment', name } : evaluate(fallback, turn);
    }
    case 'filtered':
      return filtered(evaluate(expression.of, turn), expression.filter, expression.with, turn);
    case 'joined': {
      const left = evaluate(expression.left, turn);
      const right = evaluate(expression.right, turn);
      if (!('value' in left)) return left;
      return 'value' in right ? combined(left.value, expression.operator, right.value) : right;
    }
  }
}

function evaluateVariable({ name, steps }: Expression & { readonly is: 'variable' }, turn: Turn): Answer {
  turn.found.variables.add(name);
  if (turn.within.includes(name)) {
    return { wrong: `The variable ${name} leads back to itself.`, hint: 'Give one of the variables a value.' };
  }
  const raw = turn.lookUp(name);
  if (raw === undefined) return { missing: 'variable', name };
  const one = rendered(raw, [], { ...turn, within: [...turn.within, name] });
  if ('problem' in one) return one.missing ?? { wrong: one.problem.message, hint: one.problem.hint };
  let value: Json | undefined = one.value;
  for (const step of steps) {
    if (isList(value)) value = value[Number(step)];
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value === undefined ? { missing: 'variable', name: [name, ...steps].join('.') } : { value };
}

/** `default` stands in for what is missing, and with a second argument that is true for what is empty too. */
function filtered(of: Answer, filter: Filter, given: readonly Expression[], turn: Turn): Answer {
  if (filter === 'default' || filter === 'd') {
    const [fallback, onEmpty] = given;
    const isOnEmpty = onEmpty?.is === 'value' && onEmpty.value === true;
    const isEmpty = 'value' in of && isOnEmpty && (of.value === '' || of.value === null || of.value === false);
    if ('value' in of ? !isEmpty : !('missing' in of)) return of;
    return fallback === undefined ? { value: '' } : evaluate(fallback, turn);
  }
  if (!('value' in of) || given.length > 0) return 'value' in of ? NONE : of;
  const text = textOf(of.value);
  if (filter === 'bool') return { value: truthOf(of.value) ?? false };
  if (text === null) return NONE;
  if (filter === 'int') return { value: Number.parseInt(text, 10) || 0 };
  return { value: filter === 'trim' ? text.trim() : text };
}

function combined(left: Json, operator: Operator, right: Json): Answer {
  const isNumbers = typeof left === 'number' && typeof right === 'number';
  if (operator === '>') return isNumbers ? { value: left > right } : NONE;
  if (operator === '+' && (typeof left !== 'string' || typeof right !== 'string')) return NONE;
  const [first, second] = [textOf(left), textOf(right)];
  return first === null || second === null ? NONE : { value: first + second };
}

/** As Ansible writes a value into a text; `null` for lists and mappings. */
function textOf(value: Json): string | null {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null) return '';
  return isList(value) || isObject(value) ? null : String(value);
}
