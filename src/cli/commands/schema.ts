import { specJsonSchema } from '../../spec/json-schema.ts';
import { OUTPUT_SCHEMA } from '../../view/output-schema.ts';
import type { Console } from '../console.ts';
import { assertNoFormat } from '../output.ts';
import type { Globals } from '../options.ts';

export const examples = ['vkeys schema > vkeys.schema.json', 'vkeys schema --output > output.schema.json'];

/** Prints a JSON Schema: the spec's, or with `--output` that of the documents which all commands print. */
export function action(console: Console, options: Globals): Promise<number> {
  if (options.output !== true && options.output !== 'json') assertNoFormat(options);
  const printed = options.output === true ? OUTPUT_SCHEMA : specJsonSchema();
  console.stdout.write(`${JSON.stringify(printed, null, 2)}\n`);
  return Promise.resolve(0);
}
