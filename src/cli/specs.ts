import { VkeysError } from '../base/errors.ts';
import type { Spec } from '../model/model.ts';
import { loadSpecs } from '../spec/load.ts';
import type { World } from '../run/world.ts';

/** Reads spec files. Throws `spec` with every problem of every file in `details.diagnostics`. */
export async function readSpecs(files: readonly string[], world: World): Promise<readonly Spec[]> {
  const { specs, diagnostics } = await loadSpecs(files, {
    cwd: world.cwd,
    env: world.env,
    readStdin: () => world.stdin.read(),
  });
  if (diagnostics.length === 0) return specs;
  const many = diagnostics.length === 1 ? 'a problem' : `${String(diagnostics.length)} problems`;
  throw new VkeysError(
    'spec',
    `The spec has ${many}.`,
    'Mend what is marked and check it with `vkeys validate -f FILE`.',
    {
      details: { diagnostics },
    },
  );
}
