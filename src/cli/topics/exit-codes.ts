import { ERROR_KINDS, SIGNALS } from '../../base/errors.ts';
import { EXIT_OF, EXITS } from '../exit-codes.ts';
import { heading, shell, table, text, type Block } from '../../view/page.ts';

export function blocks(): readonly Block[] {
  return [
    table(
      ['code', 'when'],
      Object.values(EXITS).map(({ code, when }) => [String(code), when]),
    ),
    text(
      `After a signal it is 128 and the signal's number: ${Object.entries(SIGNALS)
        .map(([name, code]) => `${String(code)} for ${name}`)
        .join(', ')}.`,
    ),
    text(
      'An `apply` that was cut goes on where it stopped when it is run again: a script may repeat 1 and 5 without looking closer;',
      '3, 4 and 6 stay what they are until somebody mends or decides something.',
    ),
    heading('In a script'),
    shell(
      'code=0',
      'vkeys plan -f vkeys.yaml --exit-code || code=$?',
      'case $code in',
      '  0) echo "as it should be" ;;',
      '  2) echo "apply would do something" ;;',
      '  *) exit $code ;;',
      'esac',
    ),
    heading('Kinds of errors'),
    text('`-o json` has the kind in `error.kind`, and its words in `error.message` and `error.hint`.'),
    table(
      ['kind', 'exit code'],
      ERROR_KINDS.map((kind) => [kind, String(EXITS[EXIT_OF[kind]].code)]),
    ),
  ];
}
