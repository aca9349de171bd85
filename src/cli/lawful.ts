/** A single thing against the rules that hold for all. */
import { VkeysError } from '../base/errors.ts';
import { oneLine } from '../encode/terminal.ts';
import { KINDS } from '../kinds/kinds.ts';
import { breachesOf, ruledDesired, type Breach } from '../model/breaches.ts';
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
  await assertAllLawful(console, options, [desired], (_, field) => isMeant(field));
}

/** The same for several things; the first that breaks a rule is told. */
export async function assertAllLawful(
  console: Console,
  options: Pick<Globals, 'quiet' | 'color' | 'insecure'>,
  all: readonly Desired[],
  isMeant: (desired: Desired, field: string) => boolean,
): Promise<void> {
  const { rules } = await readSpecs([], console, options, generalRules(console));
  for (const desired of all) {
    const meant = rules.filter(({ field }) => isMeant(desired, field));
    assertKept(breachesOf(meant, ruledDesired(desired), factsOf(KINDS, desired.ref.kind), console.now()));
  }
}

function assertKept(breaches: readonly Breach[]): void {
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
