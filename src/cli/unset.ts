/** Fields that `--unset` clears. */
import { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { didYouMean } from '../base/suggest.ts';

/** Each as a field of a spec that is `null`. `known`: the fields that the kind has. Throws `usage` for others. */
export function cleared(names: readonly string[], known: readonly string[]): JsonObject {
  for (const name of names) {
    if (known.includes(name) || name.startsWith('metadata.')) continue;
    throw new VkeysError(
      'usage',
      `There is no field ${name}.${didYouMean(name, known)}`,
      `It is one of ${known.join(', ')}, or metadata.NAME.`,
    );
  }
  const metadata = names
    .filter((name) => name.startsWith('metadata.'))
    .map((name) => [name.slice('metadata.'.length), null] as const);
  const fields = names
    .filter((name) => !name.startsWith('metadata.'))
    .map((name) => [name === 'expires' ? 'duration' : name, null] as const);
  return {
    ...Object.fromEntries(fields),
    ...(metadata.length === 0 ? {} : { metadata: Object.fromEntries(metadata) }),
  };
}
