import { VkeysError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { readHealth } from '../../litellm/health.ts';
import { memoryKeyring } from '../../secrets/memory.ts';
import { difference } from '../../plan/diff.ts';
import { FIELD_NAMES, isFieldName } from '../../kinds/key.ts';
import type { Change, Desired, FieldChange, Plan } from '../../model/model.ts';
import { dependsOnVersion } from '../../plan/make.ts';
import { didYouMean } from '../../base/suggest.ts';
import { keyOf, type FieldFlags } from '../field-options.ts';
import { findKey } from '../../run/find.ts';
import type { Globals } from '../options.ts';
import { formatAmong } from '../output.ts';
import { exitCodeOf, printReports } from '../reporting.ts';
import { aheadOf } from '../../run/plan.ts';
import { runPlan } from '../../run/apply.ts';
import { withSessions } from '../../run/open.ts';
import { specOf } from '../single.ts';
import type { World } from '../../run/world.ts';

export type UpdateOptions = FieldFlags & { readonly unset?: readonly string[] } & Globals;

/** Changes just the named fields of one key, whoever owns it. */
export async function update(world: World, alias: string, options: UpdateOptions): Promise<number> {
  const format = formatAmong(world, options, ['table', 'json', 'yaml']);
  const started = world.now().getTime();
  const wish: JsonObject = { ...keyOf(options), ...cleared(options.unset ?? []) };
  if (Object.keys(wish).length === 0) {
    throw new VkeysError(
      'usage',
      'Nothing to change was given.',
      'Say what, e.g. --max-budget 10, --unset max_budget; vkeys update --help lists all.',
    );
  }
  /* Only the fields are checked: a foreign key may have an alias that vkeys would not give. */
  const [checked] = (await specOf('key', wish, 'adhoc', world)).desired;
  if (checked === undefined) throw new Error('a spec of one key has a key');
  const desired: Desired = { ...checked, key_alias: alias };
  return withSessions(world, options, async (sessions) => {
    const session = await sessions.open(null);
    const { live, snapshot } = await findKey(session.connection, alias);
    const facts = { now: snapshot.now, listed: snapshot.listed, version: null };
    const planWith = (version: string | null): Plan => {
      const { changes, notices } = difference(desired, live, { ...facts, version });
      const change: Change = {
        action: isNothing(changes, desired) ? 'noop' : 'update',
        key_alias: alias,
        changes,
        reason: null,
        desired,
        live,
      };
      return { set: live.mark?.set ?? 'adhoc', state: 'present', changes: [change], notices, refusals: [] };
    };
    const first = planWith(null);
    const version = dependsOnVersion(first) ? (await readHealth(session.connection)).version : null;
    const plan = planWith(version);
    /* No secret is made, so none needs keeping. */
    const ground = { world, globals: options, session, keyring: memoryKeyring(), alias };
    const told = await runPlan(
      ground,
      { deliver: [], ansible: null },
      { plan, snapshot, version, ahead: aheadOf(snapshot, world.now()), forsaken: [] },
      started,
    );
    await printReports(world, options, format, [told]);
    const refused = plan.changes.every(({ action }) => action === 'noop') && plan.notices.length > 0;
    return refused ? 1 : exitCodeOf(world, [told.report]);
  });
}

function cleared(names: readonly string[]): JsonObject {
  const known: readonly string[] = [...FIELD_NAMES, 'expires', 'duration'];
  for (const name of names) {
    if (isFieldName(name) || known.includes(name) || name.startsWith('metadata.')) continue;
    throw new VkeysError(
      'usage',
      `There is no field ${name}.${didYouMean(name, known)}`,
      `It is one of ${known.join(', ')}, or metadata.NAME.`,
    );
  }
  const metadata = names
    .filter((name) => name.startsWith('metadata.'))
    .map((name) => [name.slice('metadata.'.length), null] as const);
  const fields = names
    .filter((name) => !name.startsWith('metadata.'))
    .map((name) => [name === 'expires' ? 'duration' : name, null] as const);
  return {
    ...Object.fromEntries(fields),
    ...(metadata.length === 0 ? {} : { metadata: Object.fromEntries(metadata) }),
  };
}

/** What is in `extra` cannot be compared, so it is sent. */
function isNothing(changes: readonly FieldChange[], { extra }: Desired): boolean {
  return changes.length === 0 && Object.keys(extra).length === 0;
}
