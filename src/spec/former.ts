/** What keys were called before: `previously`, which leads from a name to the one key that had it. */
import { aliasTemplate } from './alias.ts';
import type { DesiredAt } from './desired.ts';
import type { Template } from './layers.ts';
import type { KeyEntry } from './schema.ts';
import { diagnose, placeOf, quoted, type Problem, type OnDiagnostic, type Text } from './read/text.ts';
import type { Path } from './read/tree.ts';

/** Written as the alias is. */
export function formerTemplates({ previously = [], roster }: KeyEntry, path: Path): readonly Template[] {
  const names = typeof previously === 'string' ? [previously] : previously;
  return names.map((name, index) => ({
    template: aliasTemplate(name, roster),
    path: [...path, 'previously', ...(typeof previously === 'string' ? [] : [index])],
  }));
}

/** What is wrong with a key's own former name, apart from what is wrong with any alias. */
export function formerProblem(name: string, key_alias: string): Problem | null {
  if (name !== key_alias) return null;
  const message = `${quoted(name)} is what the key is called now.`;
  return { rule: 'previously', message, hint: 'Say what it was called before, or take previously out.' };
}

/** Over a whole set: no two keys had one name, and no key has the former name of another. */
export function checkFormer(
  parts: readonly { readonly text: Text; readonly desired: readonly DesiredAt[] }[],
  report: OnDiagnostic,
): void {
  const current = new Map(parts.flatMap(({ desired }) => desired.map((each) => [each.ref.name, each])));
  const former = new Map<string, DesiredAt>();
  const reported = new Set<DesiredAt['origin']>();
  for (const { text, desired } of parts) {
    for (const each of desired) {
      for (const name of each.previously) {
        const other = current.get(name) ?? former.get(name);
        former.set(name, each);
        if (other === undefined || reported.has(each.origin)) continue;
        reported.add(each.origin);
        const [has, hint] = current.has(name)
          ? ['has', 'A key keeps its name, or leaves it to nobody: give the other a new name.']
          : ['had', 'Only one key can have come from it: take it out of one of the two.'];
        const message = `Another key of the set ${has} the name ${quoted(name)}, at ${placeOf(other.origin)}.`;
        report(diagnose(text, each.origin, { rule: 'previously', message, hint }));
      }
    }
  }
}
