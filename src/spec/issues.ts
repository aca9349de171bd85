/** What zod has found, in words. */
import type * as z from 'zod/mini';
import { isList, isObject, type Json } from '../base/json.ts';
import { durationHint } from '../base/duration.ts';
import { placeholdersOf } from '../base/template.ts';
import { FIELDS, isFieldName } from '../kinds/key.ts';
import { didYouMean } from '../base/suggest.ts';
import { momentHint } from './moment.ts';
import type { Schema } from './schema.ts';
import { diagnose, quoted, type Problem, type OnDiagnostic } from './read/text.ts';
import type { Path, Source } from './read/tree.ts';

type Issue = z.core.$ZodIssue;
type ProblemAt = Problem & { readonly path: Path; readonly part?: 'name' };

/**
 * What is sound of a value at this path: all of it, or a mapping without the members that are wrong, each of which is
 * reported; `null` where that is not enough.
 */
export function sound<T>(schema: Schema<T>, value: Json, path: Path, source: Source, report: OnDiagnostic): T | null {
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

function explain(issue: Issue, root: Json | undefined, base: Path): readonly ProblemAt[] {
  const inner = issue.path.filter((step) => typeof step !== 'symbol');
  const path = [...base, ...inner];
  const value = inner.reduce<Json | undefined>(memberOf, root);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => unknownField(name, issue.message.split(' '), path));
  }
  if (issue.code === 'invalid_union') return explainUnion(issue.errors, value, path);
  const [rule, words, hint] = inWords(issue, value, nameIn(path));
  const filled = typeof value === 'string' && placeholdersOf(value).length > 0 ? columnHint(nameIn(path)) : null;
  return [{ rule, message: `${labelOf(path)} ${words}.`, hint: filled ?? hint ?? aboutHint(path), path }];
}

type Words = readonly [rule: string, words: string, hint?: string | null];

function inWords(issue: Issue, value: Json | undefined, name: string): Words {
  if (issue.code === 'invalid_type') {
    if (value === undefined) return ['missing', 'is missing'];
    return ['type', mismatch([issue.expected], value), typeHint(issue.expected, value, name)];
  }
  if (issue.code === 'invalid_value') {
    const names = issue.values.map(String);
    const guess = typeof value === 'string' ? didYouMean(value, names) : '';
    return ['value', `has to be ${names.join(' or ')}`, guess === '' ? null : guess.trim()];
  }
  if (issue.code === 'too_big') return ['value', `is more than ${String(issue.maximum)}`];
  if (typeof value !== 'string') return ['value', 'is less than 0'];
  if (value === '') return ['value', 'is empty', 'Leave it out, or write null to clear it on the server.'];
  return ['value', ...reasonAgainst(issue.message, value)];
}

/** What a check of `schema.ts` found, and what to write instead. */
function reasonAgainst(check: string, value: string): readonly [string, string] {
  switch (check) {
    case 'duration':
      return [`${quoted(value)} is no duration`, durationHint(value)];
    case 'expires':
      return [`${quoted(value)} is no moment`, momentHint(value)];
    case 'set':
      return ['is no name for a set', 'Use up to 64 letters, digits, dots, underscores and hyphens.'];
    case 'time_zone': {
      const hint = 'Write a name of the time-zone database, like Europe/Berlin.';
      const near = didYouMean(value, Intl.supportedValuesOf('timeZone'));
      return [`${quoted(value)} is no time zone`, `${near} ${hint}`.trim()];
    }
    case 'prefix':
      return ['cannot have a placeholder in it', 'The names of the users are numbers behind it, like user1.'];
    case 'url':
      return ['is no address', 'Write it like https://litellm.example.com, without user and password.'];
    default:
      return ['is no domain', 'Write it like workshop.example.com: the user_id is then user1@workshop.example.com.'];
  }
}

/** The problems of the alternative that has the right type; where none has it, one that names them all. */
function explainUnion(
  alternatives: readonly (readonly Issue[])[],
  value: Json | undefined,
  path: Path,
): readonly ProblemAt[] {
  const near = alternatives.find((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code !== 'invalid_type'),
  );
  if (near !== undefined) return near.flatMap((issue) => explain(issue, value, path));
  const wanted = alternatives
    .flat()
    .filter((issue) => issue.code === 'invalid_type')
    .map(({ expected }) => expected);
  return [{ rule: 'type', message: `${labelOf(path)} ${mismatch(wanted, value)}.`, hint: aboutHint(path), path }];
}

function unknownField(name: string, known: readonly string[], path: Path): ProblemAt {
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
  const other = SYNONYMS.get(name);
  const guess = other !== undefined && known.includes(other) ? ` Did you mean ${other}?` : didYouMean(name, known);
  const hint = known.includes('extra')
    ? 'A field that vkeys does not know yet goes into extra: {…}.'
    : `Known here: ${known.join(', ')}.`;
  return { ...found, rule: 'unknown-field', message: `There is no field ${quoted(name)} here.${guess}`, hint };
}

const SYNONYMS = new Map([
  ['alias', 'key_alias'],
  ['budget', 'max_budget'],
  ['model', 'models'],
  ['name', 'key_alias'],
  ['team', 'team_id'],
  ['ttl', 'duration'],
  ['user', 'user_id'],
  ['users', 'roster'],
]);

function wordFor(type: string): string {
  switch (type) {
    case 'string':
      return 'text';
    case 'number':
      return 'a number';
    case 'int':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'null':
      return 'null';
    default:
      return 'a mapping';
  }
}

function mismatch(wanted: readonly string[], value: Json | undefined): string {
  const words = new Set(wanted.map(wordFor));
  return `has to be ${[...words].join(' or ')}, but it is ${kindOf(value)}`;
}

function kindOf(value: Json | undefined): string {
  if (value === null) return 'null';
  if (value === '') return 'empty';
  if (isList(value)) return 'a list';
  return typeof value === 'string' ? 'text' : isObject(value) ? 'a mapping' : String(value);
}

/** What to do about a placeholder where none can be. */
function columnHint(name: string): string | null {
  if (!isFieldName(name) && name !== 'duration' && name !== 'expires') return null;
  return `No placeholder can be here. A column of the roster can be the field: roster: {file: …, fields: [${name}]}.`;
}

function typeHint(expected: string, value: Json, name: string): string | null {
  if (expected === 'string' && typeof value === 'number' && isDuration(name)) return durationHint(String(value));
  if (name === 'expires') return momentHint('');
  if (expected === 'number' && typeof value === 'string' && /^[0-9.]+$/.test(value)) return 'Write it without quotes.';
  if (expected === 'string' && typeof value === 'number') return 'Put it in quotes.';
  if (expected === 'boolean' && typeof value === 'string') return 'Write true or false, without quotes.';
  if (expected === 'array' && typeof value === 'string') return 'Put it in brackets: [ … ].';
  return null;
}

function isDuration(name: string): boolean {
  return name === 'duration' || (isFieldName(name) && FIELDS[name].kind === 'duration');
}

function nameIn(path: Path): string {
  return path.findLast((step) => typeof step === 'string') ?? 'The spec';
}

/** The name of the member that a path leads to, and the item of it. */
function labelOf(path: Path): string {
  const name = nameIn(path);
  const last = path.at(-1);
  return typeof last === 'number' ? `${name}[${String(last)}]` : name;
}

function aboutHint(path: Path): string {
  const name = nameIn(path);
  if (isFieldName(name)) return `${name}: ${FIELDS[name].about}.`;
  if (name === 'key_alias') return 'Give the key a name, like key_alias: my-key.';
  if (name === 'roster') return 'Write roster: {file: attendees.csv}, {count: 25}, or a list of users.';
  if (name === 'fields') return 'Name the columns, like fields: [max_budget, models], or write fields: all.';
  if (name === 'keys') return 'List the keys, like keys: [{key_alias: my-key}]; [] is none.';
  return '`vkeys init` prints a spec that shows how it is written.';
}

function memberOf(value: Json | undefined, step: string | number): Json | undefined {
  if (isList(value)) return value[Number(step)];
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
