import { jsonText } from '../../encode/json.ts';
import { mergeDotenv } from '../../encode/dotenv.ts';
import type { CommandDelivery } from '../../model/delivery.ts';
import { fillAll, namesFor, secretsIn } from '../handout.ts';
import type { Part } from '../sink.ts';
import { valuesFor, VARIABLE } from '../variables.ts';

/** What the program reads: the only thing that has the secret. Throws `delivery` for what cannot be filled in. */
export function contentFor({ stdin = '{key}', variables, format }: CommandDelivery, part: Part): string {
  if (variables !== undefined) {
    const values = valuesFor([part], VARIABLE);
    return format === 'json' ? jsonText(Object.fromEntries(values)) : mergeDotenv('', values);
  }
  const names = { ...namesFor(part.key, part.to), ...secretsIn(part.key) };
  return fillAll(stdin, format === 'json' ? escaped(names) : names, part.key.key_alias);
}

/** As the inside of a text of JSON. */
function escaped(names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(names).map(([name, value]) => [name, JSON.stringify(value).slice(1, -1)]));
}
