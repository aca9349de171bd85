/** What things were called before: `previously`, which leads from a name to the one thing that had it. */
import { nameTemplate } from './alias.ts';
import { refText } from '../model/ref.ts';
import type { DesiredAt } from './desired.ts';
import type { Template } from './layers.ts';
import type { Entry, Form } from './forms.ts';
import { diagnose, placeOf, quoted, type Problem, type OnDiagnostic, type Text } from './read/text.ts';
import type { Path } from './read/tree.ts';

/** Written as the name is. */
export function formerTemplates({ previously = [], roster }: Entry, path: Path): readonly Template[] {
  const names = typeof previously === 'string' ? [previously] : previously;
  return names.map((name, index) => ({
    template: nameTemplate(name, roster),
    path: [...path, 'previously', ...(typeof previously === 'string' ? [] : [index])],
  }));
}

/** What is wrong with a thing's own former name, apart from what is wrong with any name. */
export function formerProblem(was: string, name: string, { facts }: Form): Problem | null {
  if (was !== name) return null;
  const message = `${quoted(was)} is what the ${facts.kind} is called now.`;
  return { rule: 'previously', message, hint: 'Say what it was called before, or take previously out.' };
}

/** Over a whole set: no two keys had one name, and no key has the former name of another. */
export function checkFormer(
  parts: readonly { readonly text: Text; readonly desired: readonly DesiredAt[] }[],
  report: OnDiagnostic,
): void {
  const current = new Map(parts.flatMap(({ desired }) => desired.map((each) => [refText(each.ref), each])));
  const former = new Map<string, DesiredAt>();
  const reported = new Set<DesiredAt['origin']>();
  for (const { text, desired } of parts) {
    for (const each of desired) {
      for (const name of each.previously) {
        const ref = refText({ kind: each.ref.kind, name });
        const other = current.get(ref) ?? former.get(ref);
        former.set(ref, each);
        if (other === undefined || reported.has(each.origin)) continue;
        reported.add(each.origin);
        const { kind } = each.ref;
        const [has, hint] = current.has(ref)
          ? ['has', `A ${kind} keeps its name, or leaves it to nobody: give the other a new name.`]
          : ['had', `Only one ${kind} can have come from it: take it out of one of the two.`];
        const message = `Another ${kind} of the set ${has} the name ${quoted(name)}, at ${placeOf(other.origin)}.`;
        report(diagnose(text, each.origin, { rule: 'previously', message, hint }));
      }
    }
  }
}
