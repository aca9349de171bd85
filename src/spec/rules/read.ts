/** `rules:` → rules, each with its place. */
import type { Json } from '../../base/json.ts';
import type { KindFacts } from '../../model/kind.ts';
import { RULED_KINDS, type Demand, type Rule } from '../../model/rules.ts';
import { ruleHint } from '../issue-words.ts';
import { sound } from '../issues.ts';
import { diagnose, type OnDiagnostic, type Text } from '../read/text.ts';
import type { Path, Source } from '../read/tree.ts';
import { RULED, rulesSchema } from './schema.ts';

/** A rule, and the text that it stands in. */
export type RuleAt = Rule & { readonly text: Text };

/** The rules in a document, for things of this set, or of everybody's. What is wrong with them is reported. */
export function rulesIn(rules: Json, source: Source, set: string | null, report: OnDiagnostic): readonly RuleAt[] {
  const { text, at } = source;
  // oxlint-disable-next-line no-unsafe-type-assertion -- the schema lets nothing else in
  const whole = (sound(rulesSchema, rules, ['rules'], source, report) ?? {}) as Whole;
  return RULED_KINDS.flatMap((kind) =>
    Object.entries(whole[`${kind}s`] ?? {}).flatMap(([name, rule]) => {
      const path = ['rules', `${kind}s`, name];
      const found = demandsOf(name, rule, RULED[kind]);
      if (found.length === 0) {
        const message = `${name} asks for nothing.`;
        report(diagnose(text, at(path), { rule: 'rules', message, hint: ruleHint(name) }));
      }
      return found.map(({ demand, field, steps }) => {
        return { ...demand, kind, set, field, origin: at([...path, ...steps]), text };
      });
    }),
  );
}

/** How the rule of one field is written: `null`, what it has to be, what it may be or has to have, or bounds. */
type Written = null | boolean | string | readonly string[] | { readonly most?: Bound; readonly least?: Bound };
type Bound = number | string;
/** Of each list of things the rules by their names. */
type Whole = { readonly [list: string]: Readonly<Record<string, Written>> | undefined };

/** `steps`: where it stands below its name. */
type Found = { readonly demand: Demand; readonly field: string; readonly steps: Path };

function demandsOf(name: string, rule: Written, facts: KindFacts): readonly Found[] {
  const each = (field: (text: string) => string): readonly Found[] =>
    textsIn(rule).map((text, index) => ({ demand: { is: 'set' }, field: field(text), steps: [index] }));
  switch (name) {
    case 'ends_within':
      return textsIn(rule).map((bound) => ({ demand: { is: 'within', bound }, field: 'expires', steps: [] }));
    case 'required':
      return each((field) => field);
    case 'metadata':
      return each((member) => `metadata.${member}`);
    default:
      return ofField(rule, facts.fields[name]?.asks === true).map(([demand, steps]) => ({
        demand,
        field: name,
        steps,
      }));
  }
}

function ofField(rule: Written, asks: boolean): readonly (readonly [Demand, Path])[] {
  if (rule === null) return [[{ is: 'unset' }, []]];
  if (typeof rule === 'boolean') return [[{ is: 'exactly', value: rule }, []]];
  if (typeof rule === 'object' && !isNames(rule)) {
    return (['most', 'least'] as const).flatMap((is) => {
      const bound = rule[is];
      return bound === undefined ? [] : [[{ is, bound }, [is]] as const];
    });
  }
  const names = textsIn(rule);
  return names.length === 0 ? [] : [[{ is: asks ? 'all' : 'among', names }, []]];
}

function textsIn(rule: Written): readonly string[] {
  return [rule].flat().filter((text) => typeof text === 'string');
}

function isNames(rule: Written): rule is readonly string[] {
  return Array.isArray(rule);
}
