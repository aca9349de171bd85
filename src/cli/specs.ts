import { oneLine } from '../encode/terminal.ts';
import { hold, Secret } from '../base/secret.ts';
import type { Notice } from '../model/plan.ts';
import type { Diagnostic, Spec } from '../model/spec.ts';
import { loadSpecs } from '../spec/load.ts';
import { SpecError } from '../spec/spec-error.ts';
import { placeOf } from '../spec/read/text.ts';
import { someNames } from '../view/names.ts';
import type { Console } from './console.ts';
import { matcher } from '../base/glob.ts';
import type { Globals } from './options.ts';
import { say, sayNotices } from './say.ts';

/** A filter that was mistyped looks like a spec that is done. */
export function sayUnmatched(
  world: Console,
  { only = [], quiet }: { readonly only?: readonly string[] | undefined; readonly quiet?: true | undefined },
  specs: readonly Spec[],
): void {
  const names = specs.flatMap(({ desired }) => desired.map(({ ref }) => ref.name));
  if (only.length === 0 || names.length === 0 || names.some(matcher(only))) return;
  const globs = only.map((glob) => `--only ${oneLine(glob)}`).join(' ');
  say(world, { quiet }, `No key of the spec matches ${globs}: there are ${someNames(names).join(', ')}.`);
}

/** Reads spec files, and says what is worth saying of them; what came into them from the environment is held, so that no server's words show it. Throws `SpecError` with every problem of every file. */
export async function readSpecs(
  files: readonly string[],
  world: Console,
  options: Pick<Globals, 'quiet' | 'color' | 'insecure'>,
): Promise<readonly Spec[]> {
  const { specs, diagnostics, notices } = await loadSpecs(files, {
    cwd: world.cwd,
    env: world.env,
    readStdin: () => world.stdin.read(),
  });
  for (const { desired } of specs) {
    for (const { secrets = [] } of desired) for (const text of secrets) hold(new Secret(text));
  }
  const worth = notices.filter(({ rule }) => !(rule === 'insecure' && options.insecure === true));
  await sayNotices(world, options, worth.map(noticeOf));
  if (diagnostics.length === 0) return specs;
  throw new SpecError(diagnostics);
}

function noticeOf({ origin, message, hint }: Diagnostic): Notice {
  return { code: 'spec', ref: null, message: `${placeOf(origin)}: ${message}`, hint };
}
