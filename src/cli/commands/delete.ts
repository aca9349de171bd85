/** Deleting by alias or hash: what is named is deleted, whoever made it, and the question says whose it is. */
import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import type { Notice } from '../../model/plan.ts';
import { deleteNamed, type Doomed } from '../../run/delete.ts';
import type { Console } from '../console.ts';
import { exitCodeOf } from '../exit.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import { formatAmong } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { confirm } from '../prompt.ts';
import { sayNotices } from '../say.ts';
import { FILES, specOptions } from '../spec-options.ts';
import { collect } from '../option-values.ts';
import { readSpecs } from '../specs.ts';
import { applyAndReport } from '../apply-specs.ts';
import { printRun } from '../report.ts';
import { planText } from '../../view/plan.ts';

export function flags(command: Command) {
  return command
    .argument('[alias...]')
    .option(...FILES)
    .option('--key-id <hash>', 'the key with this hash (repeatable)', collect)
    .option('--prune', 'with -f: also keys of the set that the spec does not mention')
    .option('--only <glob>', 'with -f: only aliases that match (repeatable)', collect)
    .option('-y, --yes', 'do not ask');
}

type Options = OptionsOf<typeof flags>;

export async function action(console: Console, aliases: readonly string[], options: Options): Promise<number> {
  const { file, keyId = [] } = options;
  if (file !== undefined && aliases.length + keyId.length > 0) {
    throw new VkeysError(
      'usage',
      'Either name keys or give -f, not both.',
      'For some keys of a file: -f FILE --only GLOB',
    );
  }
  if (file !== undefined) return removeSpecs(console, options, file);
  if (aliases.length + keyId.length === 0) {
    throw new VkeysError('usage', 'Nothing to delete was named.', 'Name aliases, --key-id HASH or -f FILE.');
  }
  for (const hash of keyId) {
    if (!/^[0-9a-f]{64}$/.test(hash))
      throw new VkeysError(
        'usage',
        '--key-id takes the hash of a key: 64 hex digits.',
        'See the hashes: vkeys list --columns key_alias,key_id',
      );
  }
  return removeNamed(console, aliases, keyId, options);
}

/** All keys of the specs, as `state: absent` would. `--yes` is enough: the file names them. */
async function removeSpecs(console: Console, options: Options, files: readonly string[]): Promise<number> {
  const specs = await readSpecs(files, console, options);
  const absent = specs.map((spec) => ({
    ...spec,
    state: 'absent' as const,
    desired: spec.desired.map((desired) => ({ ...desired, state: 'absent' as const })),
  }));
  return applyAndReport(console, { ...options, modelCheck: false, maxDeletions: '100%' }, absent);
}

function missingNotice(name: string): Notice {
  return { code: 'missing', ref: { kind: 'key', name }, message: 'Is not there.', hint: null };
}

async function removeNamed(
  console: Console,
  aliases: readonly string[],
  hashes: readonly string[],
  options: Options,
): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml', 'csv']);
  const context = contextOf(console, { ...options, ...specOptions({}) });
  const approve = async ({ plans, missing }: Doomed): Promise<void> => {
    if (options.yes === true) return;
    for (const plan of plans) console.stderr.write(planText(plan, lookOf(console, console.stderr, options)));
    await sayNotices(console, options, missing.map(missingNotice));
    const gone = plans.reduce((sum, { changes }) => sum + changes.length, 0);
    await confirm(console, false, `${gone === 1 ? '1 key' : `${String(gone)} keys`} will be deleted.`);
  };
  const ran = await deleteNamed(context, aliases, hashes, approve);
  await printRun(console, options, ran, { format, ansible: [] });
  return exitCodeOf(console, ran);
}
