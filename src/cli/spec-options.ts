/** The flags of `apply` and `plan`, and what they say. */
import type { Command, OptionValues } from '@commander-js/extra-typings';
import { refText, type Ref } from '../model/ref.ts';
import { parseMaxDeletions } from '../plan/guard.ts';
import type { SpecOptions } from '../run/options.ts';
import { matcher } from '../base/glob.ts';
import { collect } from './option-values.ts';

/** What of them says what a run is to do with its specs. */
export type SpecFlags = {
  readonly prune?: true | undefined;
  readonly maxDeletions?: string | undefined;
  readonly adopt?: true | undefined;
  readonly marksOnly?: true | undefined;
  readonly recreate?: true | undefined;
  readonly cascade?: true | undefined;
  readonly only?: readonly string[] | undefined;
  readonly scan?: true | undefined;
  readonly modelCheck?: boolean | undefined;
  readonly rotate?: boolean | undefined;
  readonly recursive?: true | undefined;
  readonly deliver?: readonly string[] | undefined;
};

/** What `-f` is, wherever there is one. */
export const FILES = [
  '-f, --file <path...>',
  "spec files or folders, Ansible's files, Kubernetes resources, - for standard input",
] as const;
export const DEEP = ['-r, --recursive', 'read the folders in folders, too'] as const;

/** Files may stand without `-f` where nothing else can. */
export function fileFlags(command: Command) {
  return command
    .argument('[file...]', 'spec files or folders; vkeys.yaml if none is given')
    .option(...FILES)
    .option(...DEEP);
}

/** The guard of what nobody named. */
export const MAX_DELETIONS = [
  '--max-deletions <n>',
  'let more than 30 % be deleted that nobody named: a number or a percentage',
] as const;

/** What is not the run's own may go with what it deletes. */
export const CASCADE = [
  '--cascade',
  'let keys of others be deleted with the team or user that they belong to',
] as const;

/** Another place for keys. */
export const DELIVER = [
  '--deliver <place>',
  'put keys there too, like dotenv=secrets/{key_alias}.env, or an item of deliver:; of a spec, as long as it is given (repeatable)',
] as const;

export function specFlags<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option('--prune', 'delete keys of the set that the spec does not mention (any more)')
    .option(...MAX_DELETIONS)
    .option('--adopt', 'take over keys that are there under a wanted alias')
    .option('--recreate', 'make keys anew that vanished from the server, with new secrets')
    .option(...CASCADE)
    .option('--only <glob>', 'only names that match, e.g. "lab-*", or "team/*" for a kind (repeatable)', collect)
    .option(...DELIVER, collect)
    .option('--scan', 'look at every key of the server, not only at those that matter to the spec')
    .option('--no-rotate', 'leave secrets that are due by `rotate:` as they are')
    .option('--no-model-check', 'do not look whether the server offers the models');
}

/** A pattern is of a name, or of a kind and a name. */
export function onlyThose(globs: readonly string[] | undefined): (ref: Ref) => boolean {
  const matches = matcher(globs);
  return (ref) => matches(ref.name) || matches(refText(ref));
}

/** Throws `usage` for a number of deletions that is none. */
export function specOptions(flags: SpecFlags): SpecOptions {
  return {
    prune: flags.prune === true,
    adopt: flags.adopt === true,
    marksOnly: flags.marksOnly === true,
    recreate: flags.recreate === true,
    scan: flags.scan === true,
    only: onlyThose(flags.only),
    cascade: flags.cascade === true,
    maxDeletions: flags.maxDeletions === undefined ? null : parseMaxDeletions(flags.maxDeletions),
    ...(flags.rotate === false ? { rotation: { which: 'none', terms: {} } } : {}),
    modelCheck: flags.modelCheck !== false,
  };
}
