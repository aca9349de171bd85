/** Programs by name, as a shell without aliases finds them. */
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path';
import { variable, type Environment } from './variables.ts';

/** Where systems look that are told nothing. */
const USUAL = '/usr/bin:/bin';

/** Whether a program is there, is not, or is a file that this user may not run. */
export async function lookForProgram(
  program: string,
  { env, cwd }: { readonly env: Environment; readonly cwd: string },
): Promise<'there' | 'missing' | 'closed'> {
  const isPath = isAbsolute(program) || program.includes('/') || program.includes(sep);
  const places = isPath
    ? [resolve(cwd, program)]
    : (variable(env, 'PATH') ?? USUAL).split(delimiter).map((at) => join(at, program));
  const endings =
    process.platform === 'win32' ? ['', ...(variable(env, 'PATHEXT') ?? '.EXE;.CMD;.BAT').split(';')] : [''];
  const found = await Promise.all(places.flatMap((at) => endings.map((ending) => stateOf(`${at}${ending}`))));
  return found.find((state) => state === 'there') ?? found.find((state) => state === 'closed') ?? 'missing';
}

async function stateOf(path: string): Promise<'there' | 'missing' | 'closed'> {
  try {
    if (!(await stat(path)).isFile()) return 'missing';
  } catch {
    return 'missing';
  }
  return access(path, constants.X_OK).then(
    () => 'there',
    () => 'closed',
  );
}
