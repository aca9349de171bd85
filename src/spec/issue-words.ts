/** The words for what is wrong with a value of a spec, and what to write instead. */
import type * as z from 'zod/mini';
import { isList, isObject, type Json } from '../base/json.ts';
import { durationHint } from '../base/duration.ts';
import { didYouMean } from '../base/suggest.ts';
import { FIELDS, isFieldName } from '../kinds/key.ts';
import { momentHint } from './moment.ts';
import { quoted } from './read/text.ts';
import type { Path } from './read/tree.ts';

type Words = readonly [rule: string, words: string, hint?: string | null];

/** More names than these are not told. */
const MANY = 8;

export function inWords(issue: z.core.$ZodIssue, value: Json | undefined, name: string): Words {
  if (issue.code === 'invalid_type') {
    if (value === undefined) return ['missing', 'is missing'];
    return ['type', mismatch([issue.expected], value), typeHint(issue.expected, value, name)];
  }
  if (issue.code === 'invalid_value') {
    const names = issue.values.map(String);
    const guess = typeof value === 'string' ? didYouMean(value, names) : '';
    const words = names.length > MANY ? 'is no name that is known here' : `has to be ${names.join(' or ')}`;
    return ['value', words, guess === '' ? null : guess.trim()];
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
    case 'secret':
      return ['has a word in it that begins with sk-, as keys do', 'A name or an id belongs there, and a key nowhere.'];
    case 'url':
      return ['is no address', 'Write it like https://litellm.example.com, without user and password.'];
    case 'dollars':
      return [`${quoted(value)} is no amount of US dollars`, 'Write it like "10" or "2.50".'];
    case 'count':
      return [`${quoted(value)} is no whole number`, 'Write it like "100".'];
    default:
      return ['is no domain', 'Write it like workshop.example.com: the user_id is then user1@workshop.example.com.'];
  }
}

/** What to write instead of a rule that is none. */
export function ruleHint(name: string): string {
  const kind = isFieldName(name) ? FIELDS[name].kind : null;
  const more = '`vkeys help rules` tells how rules are written.';
  if (kind === 'number' || kind === 'integer') return `Write its bounds, like ${name}: {most: 50}; ${more}`;
  return kind === 'duration' ? `Write its bounds, like ${name}: {least: 30d}; ${more}` : more;
}

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

export function mismatch(wanted: readonly string[], value: Json | undefined): string {
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
export function columnHint(name: string): string | null {
  if (!isFieldName(name) && name !== 'duration' && !isMoment(name)) return null;
  return `No placeholder can be here. A column of the roster can be the field: roster: {file: …, fields: [${name}]}.`;
}

function isMoment(name: string): boolean {
  return name === 'expires' || name === 'opens';
}

function typeHint(expected: string, value: Json, name: string): string | null {
  if (expected === 'string' && typeof value === 'number' && isDuration(name)) return durationHint(String(value));
  if (isMoment(name)) return momentHint('');
  if (expected === 'number' && typeof value === 'string' && /^[0-9.]+$/.test(value)) return 'Write it without quotes.';
  if (expected === 'string' && typeof value === 'number') return name === 'budget' ? null : 'Put it in quotes.';
  if (expected === 'boolean' && typeof value === 'string') return 'Write true or false, without quotes.';
  if (expected === 'array' && typeof value === 'string') return 'Put it in brackets: [ … ].';
  return null;
}

function isDuration(name: string): boolean {
  return name === 'duration' || name === 'ends_within' || (isFieldName(name) && FIELDS[name].kind === 'duration');
}

export function nameIn(path: Path): string {
  return path.findLast((step) => typeof step === 'string') ?? 'The spec';
}

/** The name of the member that a path leads to, and the item of it. */
export function labelOf(path: Path): string {
  const name = nameIn(path);
  const last = path.at(-1);
  return typeof last === 'number' ? `${name}[${String(last)}]` : name;
}

/** What can stand at a place, seeing what stands there. */
export function aboutHint(path: Path, value: Json | undefined): string {
  const name = nameIn(path);
  if (path[0] === 'rules') return ruleHint(name);
  if (isFieldName(name)) return `${name}: ${FIELDS[name].about}.`;
  if (name === 'budget') return 'budget is the name of a budget. For US dollars write max_budget: 5.';
  if (name === 'key_alias') return 'Give the key a name, like key_alias: my-key.';
  if (name === 'roster') {
    const file = typeof value === 'string' && /^[\w./-]+$/.test(value) ? value : 'attendees.csv';
    return `Write roster: {file: ${file}}, {count: 25}, or a list of users.`;
  }
  if (name === 'fields') return 'Name the columns, like fields: [max_budget, models], or write fields: all.';
  if (name === 'keys') return 'List the keys, like keys: [{key_alias: my-key}]; [] is none.';
  if (path.length === 0 && typeof value === 'string' && /[,;\t]/.test(value))
    return 'If it is a roster, name it in a spec: keys: [{key_alias: lab, roster: {file: …}}]; `vkeys init` writes one to begin with.';
  if (path.includes('spec')) return '`vkeys help kubernetes` has the fields of resources, and what they become.';
  return '`vkeys init -` prints a spec that shows how it is written; `vkeys help spec` explains it.';
}
