/** Fields that `--unset` clears. */
import { VkeysError } from '../base/errors.ts';
import { isObject, type JsonObject } from '../base/json.ts';
import { didYouMean } from '../base/suggest.ts';

/**
 * The fields that are given, and those to clear as `null`. `known`: the fields that the kind has. Throws `usage` for others,
 * and for what is both cleared and given.
 */
export function withCleared(given: JsonObject, names: readonly string[], known: readonly string[]): JsonObject {
  const nulls = nullsOf(names, known);
  const { metadata: cleared, ...fields } = nulls;
  const { metadata, ...others } = given;
  const inner = [isObject(metadata) ? metadata : {}, isObject(cleared) ? cleared : {}] as const;
  const both = [
    ...Object.keys(fields).filter((name) => Object.hasOwn(others, name)),
    ...Object.keys(inner[1]).flatMap((name) => (Object.hasOwn(inner[0], name) ? [`metadata.${name}`] : [])),
  ];
  if (both.length > 0) {
    const message = `There is a value for ${both.join(', ')}, and --unset that takes it away.`;
    throw new VkeysError('usage', message, 'Give one of them.');
  }
  const members = { ...inner[0], ...inner[1] };
  return { ...others, ...fields, ...(Object.keys(members).length === 0 ? {} : { metadata: members }) };
}

function nullsOf(names: readonly string[], known: readonly string[]): JsonObject {
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
