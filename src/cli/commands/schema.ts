import type { Command } from '@commander-js/extra-typings';
import { specJsonSchema } from '../../spec/json-schema.ts';
import { OUTPUT_SCHEMA } from '../../view/output-schema.ts';
import type { Console } from '../console.ts';
import { assertNoFormat } from '../output.ts';
import type { OptionsOf } from '../options.ts';

export function flags(command: Command) {
  return command.addHelpText('after', '\nOf what `-o json` prints, for scripts:  vkeys schema --output');
}

/** Prints a JSON Schema: the spec's, or with `--output` that of the documents which all commands print. */
export function action(console: Console, options: OptionsOf<typeof flags>): Promise<number> {
  if (options.output !== true && options.output !== 'json') assertNoFormat(options);
  const printed = options.output === true ? OUTPUT_SCHEMA : specJsonSchema();
  console.stdout.write(`${JSON.stringify(printed, null, 2)}\n`);
  return Promise.resolve(0);
}
