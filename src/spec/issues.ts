/** What zod has found, in words. */
import type * as z from 'zod/mini';
import { isObject, type Json } from '../json.ts';
import { durationHint } from '../reconcile/duration.ts';
import { FIELDS, type FieldName } from '../reconcile/fields.ts';
import { didYouMean } from '../suggest.ts';
import { momentHint } from './moment.ts';
import type { Schema } from './schema.ts';
import { diagnose, quoted, type Problem, type Report } from './text.ts';
import type { Path, Source } from './tree.ts';

type Issue = z.core.$ZodIssue;
type Found = Problem & { readonly path: Path; readonly part?: 'name' };

/**
 * What is sound of a value at this path: all of it, or a mapping without the members that are wrong, each of which is
 * reported; `null` where that is not enough.
 */
export function sound<T>(schema: Schema<T>, value: Json, path: Path, source: Source, report: Report): T | null {
  const first = schema.safeParse(value);
  if (first.success) return first.data;
  for (const issue of first.error.issues) {
    for (const found of explain(issue, value, path)) {
      report(diagnose(source.text, source.at(found.path, found.part), found));
    }
  }
  if (!isObject(value)) return null;
  const wrong = new Set<unknown>(
    first.error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : issue.path.slice(0, 1))),
  );
  const rest = Object.fromEntries(Object.entries(value).filter(([name]) => !wrong.has(name)));
  const second = schema.safeParse(rest);
  return second.success ? second.data : null;
}

function explain(issue: Issue, root: Json, base: Path): readonly Found[] {
  const inner = issue.path as Path;
  const path = [...base, ...inner];
  const label = labelOf(path);
  const value = inner.reduce<Json | undefined>(memberOf, root);
  const say = (rule: string, message: string, hint = aboutHint(path)): readonly Found[] => [
    { rule, message, hint, path },
  ];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((name) => unknownField(name, issue.message.split(' '), path));
    case 'invalid_type':
      if (value === undefined) return say('missing', `${label} is missing.`);
      return say('type', mismatch(label, [issue.expected], value), typeHint(issue.expected, value) ?? aboutHint(path));
    case 'invalid_union':
      return explainUnion(issue.errors, value ?? null, path);
    case 'too_small':
      if (issue.origin === 'number') return say('value', `${label} is less than ${String(issue.minimum)}.`);
      return say('value', `${label} is empty.`, 'Leave it out if it is not to be managed, or write null to clear it.');
    case 'too_big':
      return say('value', `${label} is more than ${String(issue.maximum)}.`);
    case 'invalid_value': {
      const names = issue.values.map(String);
      return say('value', `${label} has to be ${names.join(' or ')}.${didYouMean(String(value), names)}`);
    }
    default:
      return say(
        'value',
        `${label} ${REASONS[issue.message as keyof typeof REASONS]}.`,
        hintFor(issue.message, String(value)),
      );
  }
}

/** The problems of the alternative that has the right type; where none has it, one that names them all. */
function explainUnion(alternatives: readonly (readonly Issue[])[], value: Json, path: Path): readonly Found[] {
  const near = alternatives.find((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code !== 'invalid_type'),
  );
  if (near !== undefined) return near.flatMap((issue) => explain(issue, value, path));
  const wanted = alternatives.flat().flatMap((issue) => (issue.code === 'invalid_type' ? [issue.expected] : []));
  return [{ rule: 'type', message: mismatch(labelOf(path), wanted, value), hint: aboutHint(path), path }];
}

function unknownField(name: string, known: readonly string[], path: Path): Found {
  const found = { path: [...path, name], part: 'name' } as const;
  const ofKey = known.includes('metadata');
  if (ofKey && name === 'key') {
    const message = 'A spec has no secrets in it, so key cannot be given.';
    return { ...found, rule: 'secret', message, hint: 'Take it out: vkeys makes the secret and delivers it.' };
  }
  if (ofKey && name === 'spend') {
    const message = 'spend moves by itself, so it is not managed.';
    return { ...found, rule: 'unknown-field', message, hint: 'Take it out; `vkeys get` shows it.' };
  }
  const other = SYNONYMS[name];
  const guess = other !== undefined && known.includes(other) ? ` Did you mean ${other}?` : didYouMean(name, known);
  const hint = known.includes('extra')
    ? 'A field that vkeys does not know yet goes into extra: {…}.'
    : `Known here: ${known.join(', ')}.`;
  return { ...found, rule: 'unknown-field', message: `There is no field ${quoted(name)} here.${guess}`, hint };
}

const SYNONYMS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null), {
  alias: 'key_alias',
  budget: 'max_budget',
  model: 'models',
  name: 'key_alias',
  team: 'team_id',
  ttl: 'duration',
  user: 'user_id',
  users: 'roster',
});

const REASONS = {
  duration: 'is not a duration',
  expires: 'is not a moment',
  version: 'has to be 1',
  set: 'is not a name for a set',
  url: 'is not an address',
  domain: 'is not a domain',
};

function hintFor(reason: string, value: string): string {
  switch (reason) {
    case 'duration':
      return durationHint(value);
    case 'expires':
      return momentHint(value);
    case 'set':
      return 'Use up to 64 letters, digits, dots, underscores and hyphens.';
    case 'url':
      return 'Write it like https://litellm.example.com, without user, password, ? and #.';
    default:
      return 'Write it like workshop.example.com: user_id becomes user1@workshop.example.com.';
  }
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'null',
};

function mismatch(label: string, wanted: readonly string[], value: Json): string {
  const words = new Set(wanted.map((type) => WORDS[type] ?? type));
  return `${label} has to be ${[...words].join(' or ')}, but it is ${kindOf(value)}.`;
}

function kindOf(value: Json): string {
  if (value === null || value === '') return value === null ? 'null' : 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'boolean' ? String(value) : (WORDS[typeof value] ?? typeof value);
}

function typeHint(expected: string, value: Json): string | null {
  if (expected === 'number' && typeof value === 'string' && /^[0-9.]+$/.test(value)) return 'Write it without quotes.';
  if (expected === 'string' && typeof value === 'number') return 'Put it in quotes.';
  if (expected === 'boolean' && typeof value === 'string') return 'Write true or false, without quotes.';
  if (expected === 'array' && typeof value === 'string') return 'Put it in brackets: [ … ].';
  return null;
}

/** The name of the member that a path leads to, and the item of it. */
function labelOf(path: Path): string {
  const name = path.findLast((step) => typeof step === 'string') ?? 'The spec';
  const last = path.at(-1);
  return typeof last === 'number' ? `${name}[${String(last)}]` : name;
}

function aboutHint(path: Path): string {
  const name = path.findLast((step) => typeof step === 'string');
  if (name !== undefined && Object.hasOwn(FIELDS, name)) return `${name}: ${FIELDS[name as FieldName].about}.`;
  if (name === 'key_alias') return 'Give the key a name, like key_alias: my-key.';
  if (name === 'keys') return 'List the keys, like keys: [{key_alias: my-key}]; [] is none.';
  return '`vkeys init` prints a spec that shows how it is written.';
}

function memberOf(value: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(step)] as Json | undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
