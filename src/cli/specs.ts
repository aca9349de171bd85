import { hold, Secret } from '../base/secret.ts';
import type { Spec } from '../model/spec.ts';
import { loadSpecs } from '../spec/load.ts';
import { SpecError } from '../spec/spec-error.ts';
import type { Console } from './console.ts';

/** Reads spec files; what came into them from the environment is held, so that no server's words show it. Throws `SpecError` with every problem of every file. */
export async function readSpecs(files: readonly string[], world: Console): Promise<readonly Spec[]> {
  const { specs, diagnostics } = await loadSpecs(files, {
    cwd: world.cwd,
    env: world.env,
    readStdin: () => world.stdin.read(),
  });
  for (const { desired } of specs) {
    for (const { secrets = [] } of desired) for (const text of secrets) hold(new Secret(text));
  }
  if (diagnostics.length === 0) return specs;
  throw new SpecError(diagnostics);
}
