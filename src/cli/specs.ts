import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { oneLine } from '../encode/terminal.ts';
import { hold, Secret } from '../base/secret.ts';
import { variable } from '../base/variables.ts';
import type { Notice } from '../model/plan.ts';
import type { Rule } from '../model/rules.ts';
import type { Diagnostic, Spec } from '../model/spec.ts';
import type { Written } from '../run/spec-lines.ts';
import type { Reread } from '../spec/write-lines.ts';
import { loadSpecs, type Loaded, type SpecIo } from '../spec/load.ts';
import { SpecError } from '../spec/spec-error.ts';
import { placeOf } from '../spec/read/text.ts';
import { someNames } from '../view/names.ts';
import { nameText } from '../model/ref.ts';
import { onlyThose } from './spec-options.ts';
import type { Console } from './console.ts';
import type { Globals } from './options.ts';
import { sayNotices } from './say.ts';

/** `notices` are said already. */
export type ReadSpecs = { readonly specs: readonly Spec[]; readonly notices: readonly Notice[] };

/** `rules`: those of the specs, and those that hold for all. */
type RuledSpecs = ReadSpecs & {
  readonly rules: readonly Rule[];
  readonly fieldAt: Written['fieldAt'];
  /** The same once more, as if these files said something else. Throws `SpecError`. */
  readonly reread: Reread;
};

const USUAL = 'vkeys.yaml';

/** The files that `-f` names; else what `vkeys init` writes, if it is there. */
export function usualFiles(
  { file = [] }: { readonly file?: readonly string[] | undefined },
  { cwd }: Console,
): readonly string[] {
  return file.length === 0 && existsSync(resolve(cwd, USUAL)) ? [USUAL] : file;
}

/** The same, with those that a command line names without `-f`. Throws `usage` where there is none. */
export function filesOf(
  bare: readonly string[],
  { file = [] }: { readonly file?: readonly string[] | undefined },
  world: Console,
): readonly string[] {
  const files = usualFiles({ file: [...file, ...bare] }, world);
  if (files.length > 0) return files;
  throw new VkeysError(
    'usage',
    `No spec was named, and there is no ${USUAL} here.`,
    'Name one: -f FILE. Or write one to begin with: vkeys init',
  );
}

/** The rules that hold for all keys. */
export function generalRules({ env }: Console): Pick<SpecIo, 'rulesFile'> {
  return { rulesFile: variable(env, 'VKEYS_RULES') ?? null };
}

type Flags = Pick<Globals, 'quiet' | 'color' | 'insecure'> & {
  readonly recursive?: true | undefined;
  readonly deliver?: readonly string[] | undefined;
};

/** Spec files with keys that keep to all rules. Throws as `readSpecs` does, and `usage` where the files have rules alone. */
export async function readLawful(files: readonly string[], world: Console, options: Flags): Promise<RuledSpecs> {
  const read = await readSpecs(files, world, options, { ...generalRules(world), heldAt: world.now() });
  if (read.specs.length > 0 || read.rules.length === 0) return read;
  throw new VkeysError(
    'usage',
    `There is no spec in ${files.map(oneLine).join(', ')}, only rules.`,
    'Name a spec too, with keys: in it. To check the rules alone: vkeys validate -f FILE',
  );
}

/** Reads spec files, and says what is worth saying of them; what came into them from the environment is held, so that no server's words show it. `keeping`: which rules there are beside those of the files, and when keys have to keep to them. Throws `SpecError` with every problem of every file. */
export async function readSpecs(
  files: readonly string[],
  world: Console,
  options: Flags,
  keeping: Pick<SpecIo, 'rulesFile' | 'heldAt'> = {},
): Promise<RuledSpecs> {
  const load = (instead?: SpecIo['instead']): Promise<Loaded> =>
    loadSpecs(files, {
      isDeep: options.recursive === true,
      deliver: options.deliver,
      cwd: world.cwd,
      env: world.env,
      readStdin: () => world.stdin.read(),
      ...(instead === undefined ? {} : { instead }),
      ...keeping,
    });
  const reread: Reread = async (instead) => {
    const again = await load(instead);
    if (again.diagnostics.length > 0) throw new SpecError(again.diagnostics);
    return again.specs;
  };
  const { specs, rules, diagnostics, notices, fieldAt } = await load();
  for (const { desired } of specs) {
    for (const { secrets = [] } of desired) for (const text of secrets) hold(new Secret(text));
  }
  const worth = notices.filter(({ rule }) => !(rule === 'insecure' && options.insecure === true)).map(noticeOf);
  await sayNotices(world, options, worth);
  if (diagnostics.length === 0) return { specs, rules, notices: worth, fieldAt, reread };
  throw new SpecError(diagnostics);
}

/** A filter that was mistyped looks like a spec that is done: with it, that is worth saying, too. */
export async function withUnmatched(
  { specs, notices }: ReadSpecs,
  world: Console,
  options: Pick<Globals, 'quiet' | 'color'> & { readonly only?: readonly string[] | undefined },
): Promise<ReadSpecs> {
  const { only = [] } = options;
  const refs = specs.flatMap(({ desired }) => desired.map(({ ref }) => ref));
  if (only.length === 0 || refs.length === 0 || refs.some(onlyThose(only))) return { specs, notices };
  const globs = only.map((glob) => `--only ${oneLine(glob)}`).join(' ');
  const message = `Nothing in the spec matches ${globs}: there are ${someNames(refs.map(nameText)).join(', ')}.`;
  const unmatched: Notice = { code: 'spec', ref: null, message, hint: null };
  await sayNotices(world, options, [unmatched]);
  return { specs, notices: [...notices, unmatched] };
}

function noticeOf({ origin, message, hint }: Diagnostic): Notice {
  return { code: 'spec', ref: null, message: `${placeOf(origin)}: ${message}`, hint };
}
