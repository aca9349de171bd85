import { EXIT_CODES, VkeysError } from '../base/errors.ts';
import type { Diagnostic } from '../model/model.ts';
import { redact } from '../base/secret.ts';
import { diagnosticsJson, diagnosticsText } from '../view/diagnostics.ts';
import { errorJson, errorText } from '../view/error.ts';
import { jsonText } from '../encode/json.ts';
import { lookOf } from './output.ts';
import type { World } from '../run/world.ts';

/** The one place that turns an error into words on stderr and an exit code. A bug shows its stack only with --debug. */
export function report(thrown: unknown, argv: readonly string[], world: World): number {
  const error = interruptionOf(world, thrown) ?? toError(thrown, argv.includes('--debug'));
  const look = lookOf(world, world.stderr, { color: !argv.includes('--no-color') });
  const diagnostics = diagnosticsOf(error);
  if (wantsJson(argv, world)) {
    const { exitCode: _, ...facts } = errorJson(error).error;
    const shown = diagnostics.length === 0 ? facts : { ...facts, diagnostics: diagnosticsJson(diagnostics) };
    world.stderr.write(jsonText({ error: shown }));
  } else if (diagnostics.length > 0) {
    world.stderr.write(diagnosticsText(diagnostics, look));
  } else {
    world.stderr.write(errorText(error, look));
  }
  const { exitCode } = error.details;
  return typeof exitCode === 'number' ? exitCode : EXIT_CODES[error.kind];
}

/** After Ctrl-C, that is why the run ended, whatever the server said last. A bug stays a bug. */
function interruptionOf({ stop }: World, thrown: unknown): VkeysError | null {
  return stop.aborted && thrown instanceof VkeysError && stop.reason instanceof VkeysError ? stop.reason : null;
}

function toError(thrown: unknown, debug: boolean): VkeysError {
  if (thrown instanceof VkeysError) return thrown;
  const { name, message, stack = '' } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const detail = debug ? `\n${stack}` : '';
  return new VkeysError(
    'internal',
    redact(`This is a bug in vkeys: ${name}: ${message}${detail}`),
    'Please report it with the output of the same command and --debug. What was done so far is safe in the keyring: run the command again.',
  );
}

/** Read from the words of the command line, because they may be what is wrong. */
function wantsJson(argv: readonly string[], { env }: World): boolean {
  const at = argv.findIndex((word) => word === '-o' || word === '--output');
  const asked =
    at === -1 ? argv.find((word) => /^(-o|--output=)/.test(word))?.replace(/^(-o=?|--output=)/, '') : argv[at + 1];
  return ['json', 'ansible'].includes(asked ?? env['VKEYS_OUTPUT'] ?? '');
}

function diagnosticsOf({ details }: VkeysError): readonly Diagnostic[] {
  const { diagnostics } = details;
  // oxlint-disable-next-line no-unsafe-type-assertion -- only readSpecs sets it
  return Array.isArray(diagnostics) ? (diagnostics as readonly Diagnostic[]) : [];
}
