/** The same keys on another server: nobody who uses them notices. */
import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../base/errors.ts';
import type { Notice } from '../../model/plan.ts';
import type { Verified } from '../../model/verified.ts';
import type { Ran } from '../../run/apply.ts';
import { changeKeys } from '../../run/change-keys.ts';
import { migrateChosen, type Migrated, type Servers } from '../../run/migrate.ts';
import { hasWorkIn, refusalsOf, RefusedError, type RunPlan } from '../../run/plan.ts';
import { verifyKeys } from '../../run/verify.ts';
import { choiceFlags, choiceIn } from '../choice.ts';
import type { Console } from '../console.ts';
import { exitCodeFor, exitCodeOf } from '../exit.ts';
import { contextOf } from '../listen.ts';
import { formatAmong } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { emitPlan, showPlan } from '../plan-specs.ts';
import { agree, isAttended } from '../prompt.ts';
import { printRun } from '../report.ts';
import { specOptions } from '../spec-options.ts';

export const examples = [
  'vkeys migrate --from old --to new --set lab --dry-run',
  "vkeys migrate --from old --to new 'lab-*' --spend --yes",
];

export function flags(command: Command) {
  return choiceFlags(command)
    .requiredOption('--from <profile>', 'the server that has the keys, a saved connection')
    .requiredOption('--to <profile>', 'the one that is to have them')
    .option('--spend', 'with what was spent, so that nobody has a second budget')
    .option('--new-secrets', 'keys whose secret no keyring has are made with another one')
    .option('--public-url <url>', "with -f: the new server's address in hand-outs, where it is another one for users")
    .option('--block-old', 'afterwards, block the old keys that are proven to work on the new server')
    .option('--no-model-check', 'do not look whether the new server offers the models')
    .option('--dry-run', 'show the plan and stop')
    .option('-y, --yes', 'do not ask');
}

type Options = OptionsOf<typeof flags>;

export async function action(console: Console, words: readonly string[], options: Options): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  assertTwo(options);
  const { publicUrl } = options;
  const choice = await choiceIn(console, options, words);
  const specs = choice.specs.map((spec) => (publicUrl === undefined ? spec : { ...spec, publicUrl }));
  const servers = serversOf(console, options);
  const started = console.now();
  const how = { spend: options.spend === true, newSecrets: options.newSecrets === true };
  const planned: RunPlan[] = [];
  const migrated = await migrateChosen(servers, { ...choice, specs }, how, async (plan) => {
    planned.push(plan);
    if (options.dryRun === true) return false;
    if (hasWorkIn(plan) && refusalsOf(plan).length === 0 && options.yes !== true && isAttended(console)) {
      showPlan({ ...console, stdout: console.stderr }, options, plan);
      await agree(console, `This will be done on ${options.to}.`);
    }
    return true;
  });
  const [plan] = planned;
  if (options.dryRun === true && plan !== undefined) {
    const refusals = refusalsOf(plan);
    const error = refusals.length === 0 ? null : new RefusedError(refusals);
    if (format === 'table') showPlan(console, options, plan);
    else await emitPlan(console, format, plan, { started, error, notices: [] });
    return error === null ? 0 : exitCodeFor(error);
  }
  const ran = await withProof(servers, options, migrated);
  await printRun(console, options, ran, { format, ansible: [], notices: [] });
  return exitCodeOf(console, ran);
}

/** Throws `usage` where a flag says one server alone. */
function assertTwo({
  url,
  profile,
  sandbox,
  masterKey,
  masterKeyFile,
  masterKeyStdin,
  masterKeyCommand,
}: Options): void {
  const single = [url, profile, sandbox, masterKey, masterKeyFile, masterKeyStdin, masterKeyCommand];
  if (single.every((each) => each === undefined)) return;
  throw new VkeysError(
    'usage',
    '--url, --profile, --sandbox and the flags of a credential are about one server, and migrate is about two.',
    'Save both: vkeys auth login --profile NAME --url URL; and name them: --from OLD --to NEW',
  );
}

function serversOf(console: Console, options: Options): Servers {
  const context = contextOf(console, { ...options, ...specOptions({ modelCheck: options.modelCheck }) });
  const at = (profile: string): Servers['from'] => ({ ...context, options: { ...context.options, profile } });
  return { from: at(options.from), to: at(options.to) };
}

/** Each key is tried on the new server, and the old one blocked where that is wanted and it works. */
async function withProof({ from, to }: Servers, options: Options, { ran, keys }: Migrated): Promise<Ran> {
  const verified = await verifyKeys(to, keys, { expected: 'works', chat: undefined, wait: false });
  const works = new Set(verified.flatMap(({ verdict, key_id }) => (verdict === 'works' ? [key_id] : [])));
  const doubtful = verified.filter(({ key_id }) => !works.has(key_id)).map(doubt);
  const told = withNotices(ran, doubtful);
  const proven = keys.filter(({ key_id }) => works.has(key_id));
  if (options.blockOld !== true || proven.length === 0 || ran.error !== null) return told;
  const selectors = proven.map(({ key_id, name }) => ({ is: 'hash', text: key_id ?? '', label: name }) as const);
  const wish = {
    old: 'along' as const,
    look: { fields: new Set(['blocked']) },
    wishFor: () => ({ fields: { settings: { blocked: true } }, notices: [] }),
    afterwards: [],
  };
  const blocked = await changeKeys(from, { selectors, filter: {}, specs: [] }, wish, () => Promise.resolve([]));
  if (blocked === null) return told;
  const sets = [...told.report.sets, ...blocked.report.sets];
  return { report: { ...told.report, ended: blocked.report.ended, sets }, error: blocked.error };
}

function doubt({ name, verdict, why }: Verified): Notice {
  const message = `On the new server it does not work: ${verdict}${why === null ? '' : `, ${why}`}`;
  return { code: 'migrate', ref: { kind: 'key', name }, message, hint: null };
}

function withNotices({ report, error }: Ran, notices: readonly Notice[]): Ran {
  const sets = report.sets.map((set, index) => (index === 0 ? { ...set, notices: [...set.notices, ...notices] } : set));
  return { report: { ...report, sets }, error };
}
