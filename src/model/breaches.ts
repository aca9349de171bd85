/**
 * Things against rules: what is wanted and what is live are looked at alike. A limit or a list that is not there is everything
 * for the server, so that it breaks a rule of its size. Pure.
 */
import { firstOf } from '../base/first-of.ts';
import { globPattern } from '../base/glob.ts';
import { isList, stringifyJson, type Json } from '../base/json.ts';
import { isCleared } from './fields.ts';
import type { KindFacts } from './kind.ts';
import { ALIKE } from './lifetime.ts';
import type { Desired, Live } from './resource.ts';
import { measure, type Demand, type Rule } from './rules.ts';

/** `found`: what is there instead, in words: `max_budget is 500`. */
export type Breach = { readonly rule: Rule; readonly found: string };

/** What of a thing rules are about. */
export type Ruled = Pick<Desired, 'settings' | 'metadata' | 'lifetime'> & { readonly name: string | null };

/** What is given by its name is given. */
export function ruledDesired({ ref, names, settings, ...desired }: Desired): Ruled {
  return { ...desired, settings: { ...settings, ...names }, name: ref.name };
}

export function ruledLive({ name, settings, metadata, expires }: Live): Ruled {
  return { name, settings, metadata, lifetime: expires === null ? 'never' : { expires } };
}

/** The rules of its kind that a thing breaks, in their order. */
export function breachesOf(rules: readonly Rule[], thing: Ruled, facts: KindFacts, now: Date): readonly Breach[] {
  return rules.flatMap((rule) => {
    if (rule.kind !== facts.kind) return [];
    const found = foundAgainst(rule, thing, facts, now);
    return found === null ? [] : [{ rule, found }];
  });
}

function foundAgainst(rule: Rule, thing: Ruled, facts: KindFacts, now: Date): string | null {
  const { field } = rule;
  if (rule.is === 'within') return endAgainst(rule, thing, now);
  const row = facts.fields[field];
  const value = valueOf(field, thing, facts);
  const isNone = value === '' || (row === undefined ? value == null : isCleared(row, value));
  const isNothing = row?.none === 'nothing';
  const notSet = `${field} is not set`;
  switch (rule.is) {
    case 'most':
    case 'least': {
      const size = sizeOf(isNone ? (isNothing ? 0 : Infinity) : value);
      const keeps = rule.is === 'most' ? size <= measure(rule.bound) : size >= measure(rule.bound);
      return keeps ? null : isNone ? notSet : `${field} is ${textOf(value)}`;
    }
    case 'among': {
      if (row?.kind === 'strings' && isNone) return isNothing ? null : `${notSet}, which is all`;
      const texts = isNone ? textsIn(row?.unset) : textsIn(value);
      return texts.length === 0 ? notSet : othersAgainst(rule, field, texts);
    }
    case 'all': {
      const lacking = rule.names.filter((name) => !textsIn(value).includes(name));
      return lacking.length === 0 ? null : `${field} lacks ${firstOf(lacking, SOME)}`;
    }
    case 'exactly':
      return (value === true) === rule.value ? null : `${field} is ${String(value === true)}`;
    case 'set':
      return isNone ? notSet : null;
    case 'unset':
      return isNone ? null : `${field} is set`;
  }
}

function endAgainst(
  { bound }: Extract<Demand, { readonly is: 'within' }>,
  { lifetime = 'never' }: Ruled,
  now: Date,
): string | null {
  if (lifetime === 'never') return 'expires is not set';
  if ('duration' in lifetime) {
    const { duration } = lifetime;
    return measure(duration) <= measure(bound) ? null : `duration is ${duration}`;
  }
  const left = Date.parse(lifetime.expires) - now.getTime();
  return left <= measure(bound) + ALIKE ? null : `expires is ${lifetime.expires}`;
}

type Names = { readonly names: readonly string[] };

function othersAgainst({ names }: Names, field: string, texts: readonly string[]): string | null {
  const patterns = names.map(globPattern);
  const others = texts.filter((text) => !patterns.some((pattern) => pattern.test(text)));
  return others.length === 0 ? null : `${field} is ${firstOf(others, SOME)}`;
}

/** So many names are enough to see what is wrong. */
const SOME = 8;

function valueOf(field: string, { name, settings, metadata }: Ruled, { naming }: KindFacts): Json | undefined {
  if (field === naming) return name;
  const [, member] = /^metadata\.(.*)$/s.exec(field) ?? [];
  if (member !== undefined) return Object.hasOwn(metadata, member) ? metadata[member] : undefined;
  return settings[field];
}

/** What is no number, and no duration, is more than any. */
function sizeOf(value: Json | undefined): number {
  return typeof value === 'number' || typeof value === 'string' ? measure(value) : Infinity;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : stringifyJson(value);
}

function textsIn(value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  return isList(value) ? value.map(textOf) : [textOf(value)];
}
