/** The flags that set the fields of a team, a user, a budget or a member: one for each row of its table that a word can say. */
import type { Command, OptionValues } from '@commander-js/extra-typings';
import type { Json, JsonObject } from '../base/json.ts';
import type { Field, FieldTable } from '../model/fields.ts';
import type { KindFacts } from '../model/kind.ts';
import { fieldOf, metadata, number } from './field-values.ts';
import { list } from './option-values.ts';

type Reader = { readonly term: string; readonly read: (text: string) => Json };

const READERS: Partial<Record<Field['kind'], Reader>> = {
  number: { term: 'n', read: number },
  integer: { term: 'n', read: number },
  string: { term: 'text', read: (text) => text },
  duration: { term: 'duration', read: (text) => text },
  strings: { term: 'a,b', read: list },
};

/** A flag for each field that a word can say. */
export function tableFlags<A extends unknown[], O extends OptionValues>(
  command: Command<A, O>,
  fields: FieldTable,
): Command<A, O> {
  for (const [name, { kind, about }] of Object.entries(fields)) {
    const reader = READERS[kind];
    if (reader !== undefined) command.option(`${flagOf(name)} <${reader.term}>`, about, reader.read);
  }
  return command;
}

/** The same, and flags for all that is no word: metadata, and other fields as JSON. */
export function thingFieldFlags<A extends unknown[], O extends OptionValues>(
  command: Command<A, O>,
  { fields, marks }: Pick<KindFacts, 'fields' | 'marks'>,
): Command<A, O> {
  tableFlags(command, fields).option(
    '--field <name=json>',
    'any other field of LiteLLM (repeatable)',
    fieldOf(Object.keys(fields)),
  );
  if (marks === 'metadata') command.option('--metadata <k=v>', 'k=v, or a JSON object (repeatable)', metadata);
  return command;
}

/** What the flags say, as fields of a spec. */
export function thingFieldsIn(fields: FieldTable, options: object): JsonObject {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the readers above, and those of --field and --metadata, made them
  const given = options as { readonly [option: string]: Json | undefined } & {
    readonly field?: JsonObject;
    readonly metadata?: JsonObject;
  };
  const named = Object.keys(fields).flatMap((name) => {
    const value = given[attributeOf(name)];
    return value === undefined ? [] : [[name, value] as const];
  });
  const others = Object.entries(given.field ?? {});
  const known = others.filter(([name]) => Object.hasOwn(fields, name));
  const extra = others.filter(([name]) => !Object.hasOwn(fields, name));
  return {
    ...Object.fromEntries([...named, ...known]),
    ...(given.metadata === undefined ? {} : { metadata: given.metadata }),
    ...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra) }),
  };
}

function flagOf(name: string): string {
  return `--${name.replaceAll('_', '-')}`;
}

/** As commander calls it. */
function attributeOf(name: string): string {
  return name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
