import type { Environment } from '../../base/variables.ts';
import { sound } from '../issues.ts';
import type { OnDiagnostic, Text } from '../read/text.ts';
import type { TreeDocument } from '../read/tree.ts';
import { readTree } from '../read/value.ts';
import { rulesIn, type RuleAt } from './read.ts';
import { rulesFileSchema } from './schema.ts';

/** The rules of a document that has nothing else: for everybody's things. What is wrong is reported. */
export function rulesOf(
  document: TreeDocument,
  text: Text,
  env: Environment,
  { report, note }: { readonly report: OnDiagnostic; readonly note: OnDiagnostic },
): readonly RuleAt[] {
  const source = readTree(document, text, env, report, note);
  if (source === null) return [];
  const file = sound(rulesFileSchema, source.value, [], source, report);
  return file === null ? [] : rulesIn(file.rules, source, null, report);
}
