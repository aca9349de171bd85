/** The things of specs against the rules, and the rules of specs against those that hold for everybody. */
import { breachesOf, ruledDesired, type Breach } from '../../model/breaches.ts';
import { demandText, remedyText, ruleText } from '../../model/rule-words.ts';
import { loosens, RULED_KINDS } from '../../model/rules.ts';
import type { DesiredAt } from '../desired.ts';
import type { FieldPlace } from '../field-place.ts';
import { diagnose, placeOf, type OnDiagnostic, type Problem } from '../read/text.ts';
import type { RuleAt } from './read.ts';
import { RULED } from './schema.ts';

/** A document's things, and the rules that it has. */
type Part = { readonly set: string; readonly desired: readonly DesiredAt[]; readonly rules: readonly RuleAt[] };

/** What is wrong at one place with the things of these names. */
type Broken = { readonly place: FieldPlace; readonly first: Breach; readonly names: Set<string> };

/** `general`: rules for everybody. What is deleted keeps to none. Of several rules that ask for the same a spec's own comes first. */
export function holdParts(parts: readonly Part[], general: readonly RuleAt[], now: Date, report: OnDiagnostic): void {
  const own = parts.flatMap((part) => tighter(part.rules, general, report));
  const broken = new Map<string, Broken>();
  for (const { set, desired } of parts) {
    const rules = [...own.filter((rule) => rule.set === set), ...general];
    for (const each of desired.filter(({ state }) => state === 'present')) {
      const ruled = RULED_KINDS.filter((kind) => kind === each.ref.kind);
      for (const breach of ruled.flatMap((kind) => breachesOf(rules, ruledDesired(each), RULED[kind], now))) {
        const { kind, field, is } = breach.rule;
        const place = each.fieldAt(field);
        const id = JSON.stringify([place.origin, kind, field, is]);
        const same = broken.get(id);
        if (same === undefined) broken.set(id, { place, first: breach, names: new Set([each.ref.name]) });
        else same.names.add(each.ref.name);
      }
    }
  }
  for (const { place, first, names } of broken.values())
    report(diagnose(place.text, place.origin, breachProblem(first, names.size)));
}

/** Those rules that are not looser than one for everybody, which is reported. */
function tighter(own: readonly RuleAt[], general: readonly RuleAt[], report: OnDiagnostic): readonly RuleAt[] {
  return own.filter((rule) => {
    const tight = general.find((each) => each.kind === rule.kind && each.field === rule.field && loosens(rule, each));
    if (tight === undefined) return true;
    const message = `${ruleText(rule)} is looser than the rule at ${placeOf(tight.origin)}: ${demandText(tight)}.`;
    const hint =
      'A spec can tighten the rules that hold for everybody: take this one out, or ask for more than they do.';
    report(diagnose(rule.text, rule.origin, { rule: 'rules', message, hint }));
    return false;
  });
}

function breachProblem({ rule, found }: Breach, count: number): Problem {
  const many = count === 1 ? '' : ` (the first of ${String(count)} ${rule.kind}s)`;
  return {
    rule: 'rules',
    message: `${found}${many}, against the rule at ${placeOf(rule.origin)}: ${demandText(rule)}.`,
    hint: remedyText(rule, written),
  };
}

/** A field as a spec gives it. */
function written(field: string, value: string): string {
  return field.startsWith('metadata.')
    ? `metadata: {${field.slice('metadata.'.length)}: ${value}}`
    : `${field}: ${value}`;
}
