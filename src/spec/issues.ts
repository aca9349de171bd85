/** What zod has found, in words. */
import type * as z from 'zod/mini';
import { isList, isObject, type Json } from '../base/json.ts';
import { placeholdersOf } from '../base/template.ts';
import { didYouMean } from '../base/suggest.ts';
import { aboutHint, columnHint, inWords, labelOf, mismatch, nameIn } from './issue-words.ts';
import type { Schema } from './schema-parts.ts';
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
  return [{ rule, message: `${labelOf(path)} ${words}.`, hint: filled ?? hint ?? aboutHint(path, value), path }];
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
  return [
    { rule: 'type', message: `${labelOf(path)} ${mismatch(wanted, value)}.`, hint: aboutHint(path, value), path },
  ];
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
  if (name === 'shared_with') {
    const message = 'Only keys are shared, so shared_with cannot be here.';
    return { ...found, rule: 'unknown-field', message, hint: 'Write it at the keys, or for all of them in defaults.' };
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
  ['duration', 'ends_within'],
  ['expires', 'ends_within'],
  ['max', 'most'],
  ['min', 'least'],
  ['budget', 'max_budget'],
  ['model', 'models'],
  ['name', 'key_alias'],
  ['team', 'team_id'],
  ['ttl', 'duration'],
  ['user', 'user_id'],
  ['users', 'roster'],
]);

function memberOf(value: Json | undefined, step: string | number): Json | undefined {
  if (isList(value)) return value[Number(step)];
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
