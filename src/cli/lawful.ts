/** A single thing against the rules that hold for all. */
import { VkeysError } from '../base/errors.ts';
import { oneLine } from '../encode/terminal.ts';
import { KINDS } from '../kinds/kinds.ts';
import { breachesOf, ruledDesired } from '../model/breaches.ts';
import { factsOf } from '../model/kind.ts';
import type { Desired } from '../model/resource.ts';
import { demandText, remedyText } from '../model/rule-words.ts';
import { placeOf } from '../spec/read/text.ts';
import type { Console } from './console.ts';
import { flagText } from './field-options.ts';
import type { Globals } from './options.ts';
import { generalRules, readSpecs } from './specs.ts';

/** Throws `usage` where it breaks a rule about one of these fields, and `SpecError` where the rules are wrong. */
export async function assertLawful(
  console: Console,
  options: Pick<Globals, 'quiet' | 'color' | 'insecure'>,
  desired: Desired,
  isMeant: (field: string) => boolean = () => true,
): Promise<void> {
  const { rules } = await readSpecs([], console, options, generalRules(console));
  const meant = rules.filter(({ field }) => isMeant(field));
  const breaches = breachesOf(meant, ruledDesired(desired), factsOf(KINDS, desired.ref.kind), console.now());
  if (breaches.length === 0) return;
  const lines = breaches.map(
    ({ rule, found }) => `${oneLine(found)}, against the rule at ${placeOf(rule.origin)}: ${demandText(rule)}.`,
  );
  const hints = new Set(breaches.map(({ rule }) => remedyText(rule, flagText)));
  throw new VkeysError('usage', lines.join('\n'), [...hints].join('\n'));
}

/** Whether what is wanted says anything of a field. */
export function isManagedBy({ settings, metadata, lifetime }: Desired, field: string): boolean {
  if (field === 'expires') return lifetime !== undefined;
  return Object.hasOwn(settings, field) || Object.keys(metadata).some((name) => `metadata.${name}` === field);
}
