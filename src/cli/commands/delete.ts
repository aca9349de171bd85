/** Deleting by alias or hash: what is named is deleted, whoever made it, and the question says whose it is. */
import { VkeysError } from '../../base/errors.ts';
import { listKeys } from '../../litellm/keys.ts';
import type { Change, Live, Notice, Outcome, Plan, Report, Snapshot } from '../../model/model.ts';
import { planText } from '../../view/plan.ts';
import type { Globals } from '../options.ts';
import { withKeyring } from '../../run/keyrings.ts';
import { confirm, formatAmong, lookOf } from '../output.ts';
import { exitCodeOf, printReports, type Told } from '../reporting.ts';
import { aheadOf } from '../../run/plan.ts';
import { runPlan, type Ground } from '../../run/apply.ts';
import { withSessions } from '../../run/open.ts';
import { applySpecs } from '../applying.ts';
import { readSpecs } from '../specs.ts';
import type { World } from '../../run/world.ts';

export type DeleteOptions = Globals & {
  readonly file?: readonly string[];
  readonly keyId?: readonly string[];
  readonly prune?: boolean;
  readonly only?: readonly string[];
  readonly yes?: boolean;
};

export async function remove(world: World, aliases: readonly string[], options: DeleteOptions): Promise<number> {
  const { file, keyId = [] } = options;
  if (file !== undefined && aliases.length + keyId.length > 0) {
    throw new VkeysError(
      'usage',
      'Either name keys or give -f, not both.',
      'For some keys of a file: -f FILE --only GLOB',
    );
  }
  if (file !== undefined) return removeSpecs(world, { ...options, file });
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
  return removeNamed(world, aliases, keyId, options);
}

/** All keys of the specs, as `state: absent` would. `--yes` is enough: the file names them. */
async function removeSpecs(
  world: World,
  options: DeleteOptions & { readonly file: readonly string[] },
): Promise<number> {
  const specs = await readSpecs(options.file, world);
  const absent = specs.map((spec) => ({
    ...spec,
    state: 'absent' as const,
    desired: spec.desired.map((desired) => ({ ...desired, state: 'absent' as const })),
  }));
  return applySpecs(world, { ...options, modelCheck: false, maxDeletions: '100%' }, absent);
}

async function removeNamed(
  world: World,
  aliases: readonly string[],
  hashes: readonly string[],
  options: DeleteOptions,
): Promise<number> {
  const format = formatAmong(world, options, ['table', 'json', 'yaml', 'csv']);
  const started = world.now().getTime();
  return withSessions(world, options, async (sessions) => {
    const session = await sessions.open(null);
    const [only] = aliases;
    const alias = aliases.length === 1 && hashes.length === 0 ? only : undefined;
    const snapshot = await listKeys(session.connection, alias);
    const plan = planFor(aliases, hashes, snapshot);
    if (plan.changes.length > 0 && options.yes !== true) {
      world.stderr.write(planText(plan, lookOf(world, world.stderr, options)));
      await confirm(
        world,
        false,
        `${plan.changes.length === 1 ? '1 key' : `${String(plan.changes.length)} keys`} will be deleted.`,
      );
    }
    const told = await runBySet({ world, globals: options, session, alias }, plan, snapshot, started);
    await printReports(world, options, format, [told]);
    return exitCodeOf(world, [told.report]);
  });
}

function planFor(aliases: readonly string[], hashes: readonly string[], { keys }: Snapshot): Plan {
  const named = new Set(aliases);
  const ids = new Set(hashes);
  const found = keys.filter(({ key_alias, key_id }) => ids.has(key_id) || (key_alias !== null && named.has(key_alias)));
  const known = new Set(found.flatMap(({ key_alias, key_id }) => [key_alias ?? '', key_id]));
  const missing = [...named, ...ids].filter((name) => !known.has(name));
  return {
    set: '',
    state: 'absent',
    changes: found.map((live): Change => ({
      action: 'delete',
      key_alias: live.key_alias ?? live.key_id,
      changes: [],
      reason: ownerOf(live),
      desired: null,
      live,
    })),
    notices: missing.map((key_alias): Notice => ({ code: 'missing', key_alias, message: 'Is not there.', hint: null })),
    refusals: [],
  };
}

function ownerOf({ mark }: Live): string {
  return mark === null ? 'not made by vkeys' : `of the set ${mark.set}`;
}

/** Each set's secrets are in a keyring of their own. */
async function runBySet(
  ground: Omit<Ground, 'keyring'>,
  plan: Plan,
  snapshot: Snapshot,
  started: number,
): Promise<Told> {
  const { world, globals, session } = ground;
  const outcomes: Outcome[] = [];
  const notices: Notice[] = [];
  const sets = new Set(plan.changes.map(({ live }) => live?.mark?.set ?? 'adhoc'));
  for (const set of sets) {
    const changes = plan.changes.filter(({ live }) => (live?.mark?.set ?? 'adhoc') === set);
    const told = await withKeyring(world, globals, session.url, set, (keyring) =>
      runPlan(
        { ...ground, keyring },
        { deliver: [], ansible: null },
        {
          plan: { ...plan, changes, notices: [] },
          snapshot,
          version: null,
          ahead: aheadOf(snapshot, world.now()),
          forsaken: [],
        },
        started,
      ),
    );
    outcomes.push(...told.report.outcomes);
    notices.push(...told.report.notices);
  }
  const missing = plan.notices.flatMap(({ key_alias }) => (key_alias === null ? [] : [key_alias]));
  const [set] = sets.size === 1 ? sets : [];
  const report: Report = { set: set ?? null, state: 'absent', url: session.url, outcomes, missing, notices };
  return { report, seconds: (world.now().getTime() - started) / 1000, written: [], ansible: null };
}
