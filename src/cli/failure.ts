import { CommanderError } from '@commander-js/extra-typings';
import { VkeysError } from '../base/errors.ts';
import { redact } from '../base/secret.ts';
import { variable } from '../base/variables.ts';
import { SpecError } from '../spec/spec-error.ts';
import { documentOf } from '../view/document.ts';
import type { Console } from './console.ts';
import { exitCodeFor, interruptionOf, UnprintedError } from './exit.ts';
import { formatIn } from './options.ts';
import { emit } from './output.ts';
import { pointed } from './pointers.ts';
import { sayError } from './say.ts';

/** The words of the command line: they may be what is wrong. */
export type Circumstances = {
  readonly argv: readonly string[];
  readonly started: Date;
  /** Something is on stdout already. */
  readonly isPrinted: boolean;
};

/**
 * The one place that turns an error into words on stderr, into the document that was asked for, and into an exit code. A bug
 * shows its stack only with --debug. What cannot be printed hides nothing.
 */
export async function report(thrown: unknown, console: Console, circumstances: Circumstances): Promise<number> {
  const { argv, started, isPrinted } = circumstances;
  const error = errorOf(thrown, console, argv.includes('--debug'));
  const format = isPrinted ? null : documentFormat(argv, console);
  const diagnostics = error instanceof SpecError ? { diagnostics: error.diagnostics } : {};
  if (format !== null) {
    const document = documentOf({ started, ended: console.now(), error, ...diagnostics });
    await emit(console, format, document).catch(() => undefined);
  }
  /* Commander has said its own already. */
  if (!(thrown instanceof CommanderError)) await sayError(console, { color: !argv.includes('--no-color') }, error);
  return exitCodeFor(error);
}

/** After Ctrl-C, that is why the run ended, whatever the server said last. A bug stays a bug. */
function errorOf(thrown: unknown, console: Console, debug: boolean): VkeysError {
  if (thrown instanceof UnprintedError) return thrown;
  if (thrown instanceof VkeysError) return interruptionOf(console) ?? thrown;
  if (thrown instanceof CommanderError) {
    return new VkeysError(
      'usage',
      thrown.code === 'commander.help'
        ? 'A command is missing.'
        : redact(pointed(thrown.message.replace(/^error: /, ''))),
      'Run the command with --help to see what it takes.',
    );
  }
  const { name, message, stack = '' } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const detail = debug ? `\n${stack}` : '';
  return new VkeysError(
    'internal',
    redact(`This is a bug in vkeys: ${name}: ${message}${detail}`),
    'Please report it with the output of the same command and --debug. What was done so far is safe in the keyring: run the command again.',
  );
}

/** Whether a document was asked for, by the words of the command line: they may be what Commander does not understand. */
function documentFormat(argv: readonly string[], { env }: Console): 'json' | 'yaml' | null {
  const format = formatIn(argv) ?? variable(env, 'VKEYS_OUTPUT');
  return format === 'json' || format === 'yaml' ? format : null;
}
