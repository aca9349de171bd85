/** The shape of `rules:`, which follows from the fields of each kind that can have some. */
import * as z from 'zod/mini';
import { KEY } from '../../kinds/key.ts';
import { TEAM } from '../../kinds/team.ts';
import { USER } from '../../kinds/user.ts';
import type { Field } from '../../model/fields.ts';
import type { KindFacts } from '../../model/kind.ts';
import { RULED_KINDS, type RuledKind } from '../../model/rules.ts';
import { duration, filled, json, member, strict } from '../schema-parts.ts';

export const RULED: Readonly<Record<RuledKind, KindFacts>> = { key: KEY, team: TEAM, user: USER };

const names = () => z.array(filled());
const words = () => z.union([filled(), names()]);

function bounds(bound: () => z.ZodMiniType<number | string>) {
  return strict({
    most: member(bound(), 'not more; nothing is as much as there is'),
    least: member(bound(), 'not less'),
  });
}

const KINDS = {
  number: () => bounds(() => z.number().check(z.minimum(0))),
  integer: () => bounds(() => z.int().check(z.minimum(0))),
  duration: () => bounds(duration),
  string: words,
  boolean: () => z.boolean(),
  strings: names,
  object: z.null,
  objects: z.null,
} satisfies Record<Field['kind'], () => z.ZodMiniType>;

const ABOUT: Readonly<Record<Field['kind'], string>> = {
  number: 'its bounds',
  integer: 'its bounds',
  duration: 'its bounds',
  string: 'what it may be, with * and ? for any text',
  boolean: 'what it has to be',
  strings: 'what may be in it, with * and ? for any text',
  object: 'null: it may not be set',
  objects: 'null: it may not be set',
};

function aboutRule({ kind, asks }: Field): string {
  return asks === true ? 'what has to be in it' : ABOUT[kind];
}

/** A field that no row tells could be held against nothing that is live. */
function rulesOfKind({ fields, naming, hasSecret }: KindFacts) {
  const told = Object.entries(fields).filter(([, { untold }]) => untold !== true);
  const ofFields = told.map(([name, row]) => {
    const rule: z.ZodMiniType = KINDS[row.kind]();
    return [name, member(z.nullable(rule), aboutRule(row))] as const;
  });
  return strict({
    ...(hasSecret ? { ends_within: member(duration(), 'each has an end, at most so long from now') } : {}),
    required: member(z.array(z.enum(told.map(([name]) => name))), 'fields that have to be set'),
    metadata: member(names(), 'members of the metadata that have to be set'),
    [naming]: member(words(), 'what the name may be, with * and ? for any text'),
    ...Object.fromEntries(ofFields),
  });
}

export const rulesSchema = strict(
  Object.fromEntries(
    RULED_KINDS.map((kind) => [`${kind}s`, member(rulesOfKind(RULED[kind]), `for each of the ${kind}s`)]),
  ),
);
/** A file of rules, without the rules themselves. */
export const rulesFileSchema = strict({ version: member(z.literal(1), 'the version: 1'), rules: json });
