/** The keys that a command acts on: named by words, by spec files, or by what they have in common. */
import type { Command, OptionValues } from '@commander-js/extra-typings';
import { VkeysError } from '../base/errors.ts';
import { oneLine } from '../encode/terminal.ts';
import type { KeyFilter } from '../model/selector.ts';
import type { Spec } from '../model/spec.ts';
import type { Choice } from '../run/choice.ts';
import type { Written } from '../run/spec-lines.ts';
import type { Reread } from '../spec/write-lines.ts';
import type { Console } from './console.ts';
import { collect } from './option-values.ts';
import type { Globals } from './options.ts';
import { filterFlags, KEY, selectorsIn } from './selectors.ts';
import { DEEP, FILES, onlyThose } from './spec-options.ts';
import { readSpecs } from './specs.ts';

/** The argument and the flags of a command that acts on keys. */
export function choiceFlags(command: Command) {
  return fileChoiceFlags(filterFlags(command)).argument('[key...]', `${KEY}; "lab-*" for several`);
}

/** Of them those that name keys by spec files. */
export function fileChoiceFlags<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option(...FILES)
    .option(...DEEP)
    .option('--only <glob>', 'with -f: only names that match, e.g. "lab-*" (repeatable)', collect);
}

/** All that the files say, and where. */
export type WrittenSpecs = Written & { readonly reread: Reread };

type Filters = Omit<KeyFilter, 'accessibleTo'>;

/** What of the options says which keys are meant. */
export type ChoiceOptions = Globals &
  Filters & {
    readonly file?: readonly string[] | undefined;
    readonly recursive?: true | undefined;
    readonly only?: readonly string[] | undefined;
  };

/** Throws `usage` where nothing is named, and for what does not go together; `spec` for files with mistakes. */
export async function choiceIn(
  console: Console,
  options: ChoiceOptions,
  words: readonly string[],
): Promise<Choice & { readonly written: WrittenSpecs | null }> {
  const { file } = options;
  const filter = filterIn(options);
  if (file !== undefined && words.length > 0) throw bothNamed();
  assertOnly(options);
  if (file !== undefined) return { selectors: [], filter, ...(await specsWithKeys(console, options, file)) };
  if (words.length === 0 && !isFiltered(filter)) throw nothingNamed();
  return { selectors: await selectorsIn(console, options, words), filter, specs: [], written: null };
}

/** Throws `usage` for `--only` without files. */
export function assertOnly({ file, only }: Pick<ChoiceOptions, 'file' | 'only'>): void {
  if (file === undefined && only !== undefined)
    throw new VkeysError('usage', '--only is for -f.', 'For keys whose aliases match: "lab-*" in place of it');
}

export function bothNamed(): VkeysError {
  return new VkeysError(
    'usage',
    'Either name keys or give -f, not both.',
    'For some keys of a file: -f FILE --only GLOB',
  );
}

function nothingNamed(): VkeysError {
  return new VkeysError(
    'usage',
    'No key was named.',
    'Name keys, e.g. by alias, or give --set, --user, --team, --status, --older-than or -f FILE.',
  );
}

/** What the flags say that keys have in common. */
export function filterIn({ set, user, team, status, olderThan }: Filters): Filters {
  return { set, user, team, status, olderThan };
}

export function isFiltered(filter: Filters): boolean {
  return Object.values(filter).some((each) => each !== undefined);
}

/** The specs with those of their keys that are meant. Throws `usage` where that is none. */
export async function specsWithKeys(
  console: Console,
  options: ChoiceOptions,
  files: readonly string[],
): Promise<{ readonly specs: readonly Spec[]; readonly written: WrittenSpecs }> {
  const { only } = options;
  const written = await readSpecs(files, console, options);
  const isMeant = onlyThose(only);
  const specs = written.specs.flatMap((spec) => {
    const desired = spec.desired.filter(({ ref }) => ref.kind === 'key' && isMeant(ref));
    return desired.length === 0 ? [] : [{ ...spec, desired }];
  });
  if (specs.length > 0) return { specs, written };
  const which = only === undefined ? '' : ` that matches ${only.map(oneLine).join(' ')}`;
  throw new VkeysError('usage', `There is no key${which} in ${files.map(oneLine).join(', ')}.`, NAMES);
}

const NAMES = 'See what the spec names: vkeys plan -f FILE';
