/** Policies: bundles of fields with a name, which an entry counts as its own where it says nothing itself. */
import type { Json } from '../base/json.ts';
import type { Common } from './expand.ts';
import type { Entry, Form } from './forms.ts';
import { guess } from './guess.ts';
import { sound } from './issues.ts';
import { checkLayer, type Layer, type LayerAt } from './layers.ts';
import { policySchema } from './people-schema.ts';
import { diagnose, quoted, type Problem } from './read/text.ts';
import type { Path } from './read/tree.ts';

/** What each policy says, by its name, and where. */
export type Policies = ReadonlyMap<string, { readonly layer: Layer; readonly path: Path }>;

/** The policies of a document; what is wrong with them is reported. */
export function policiesOf(policies: Readonly<Record<string, Json>>, { source, zone, report }: Common): Policies {
  return new Map(
    Object.entries(policies).flatMap(([name, item]) => {
      const path = ['policies', name];
      const layer = sound(policySchema, item, path, source, report);
      if (layer === null) return [];
      checkLayer({ layer, path, fields: {} }, source, zone, report);
      return [[name, { layer, path }] as const];
    }),
  );
}

/** The layer of the policy that an entry names. A field that its kind does not have is reported there. */
export function policyUnder(
  { policy }: Entry,
  path: Path,
  { facts: { fields, kind } }: Form,
  policies: Policies,
  { source, report }: Common,
): readonly LayerAt[] {
  if (policy === undefined) return [];
  const fail = (problem: Omit<Problem, 'rule'>): void => {
    report(diagnose(source.text, source.at([...path, 'policy']), { rule: 'policy', ...problem }));
  };
  const known = policies.get(policy);
  if (known === undefined) {
    const message = `There is no policy ${quoted(policy)}.${guess(policy, [...policies.keys()])}`;
    fail({ message, hint: 'Write it under policies:, like policies: {standard: {max_budget: 5}}.' });
    return [];
  }
  const foreign = Object.keys(known.layer).filter((name) => !Object.hasOwn(fields, name) && !OPEN.has(name));
  if (foreign.length > 0) {
    const message = `The policy ${quoted(policy)} has ${foreign.join(', ')}, which a ${kind} does not have.`;
    fail({ message, hint: `Give the ${kind} a policy of its own.` });
  }
  return [{ ...known, fields }];
}

const OPEN: ReadonlySet<string> = new Set(['metadata', 'extra']);
