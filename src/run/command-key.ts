/** A key for one command: made as every key is, and taken away when the command has ended, or by the next run. */
import { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import type { Secret } from '../base/secret.ts';
import { readCalls } from '../litellm/usage/key-calls.ts';
import type { Outcome } from '../model/outcome.ts';
import { unmanaged, type Desired } from '../model/resource.ts';
import { statusOf } from '../model/status.ts';
import type { KeyCalls } from '../model/usage.ts';
import { applySpecs } from './apply.ts';
import { isLeft, ownName, sharedName } from './command-name.ts';
import { keyringState } from './keyrings.ts';
import { withSessions, type Context } from './open.ts';
import type { RunOptions } from './options.ts';
import { findAddress } from './server-address.ts';
import { adhoc, specOf } from './single.ts';

/** The set of keys of commands. */
const SET = 'run';

/** `url`: of its server. `expires`: RFC 3339. */
export type CommandKey = {
  readonly name: string;
  readonly key_id: string;
  readonly secret: Secret;
  readonly url: string;
  readonly expires: string | null;
};

/** Makes it, or finds the one that is used again, and deletes what earlier runs left. `fields`: of a key of a spec. */
export async function makeCommandKey(
  context: Context<RunOptions>,
  fields: JsonObject,
  isShared: boolean,
): Promise<CommandKey> {
  const { world } = context;
  const name = isShared ? await sharedName(world, fields) : await ownName(world);
  const wish = { ...fields, on_expired: 'recreate', on_lost: 'replace' };
  const spec = await specOf({ kind: 'key', name }, wish, SET, world);
  const left = (await leftIn(context)).filter((each) => each !== name);
  const ran = await applySpecs(context, [{ ...spec, desired: [...spec.desired, ...left.map(absent)] }]);
  const [report] = ran.report.sets;
  const made = report?.outcomes.find(({ change }) => change.ref.name === name);
  if (report === undefined || made?.status !== 'applied' || made.live === null || made.secret === null)
    throw made?.error ?? ran.error ?? unmade(name);
  assertActive(made, world.now());
  return { name, key_id: made.live.id, secret: made.secret, url: report.url, expires: made.live.expires };
}

/** Deletes it, also after Ctrl-C. Throws why it stays: it ends by itself, and the next run deletes it. */
export async function endCommandKey(context: Context<RunOptions>, { name }: CommandKey): Promise<void> {
  const ending = { ...context, world: { ...context.world, stop: context.world.abort } };
  const ran = await applySpecs(ending, [{ ...adhoc(SET), state: 'absent', desired: [absent(name)] }]);
  const failed = ran.report.sets.flatMap(({ outcomes }) => outcomes).find(({ status }) => status !== 'applied');
  const error = ran.error ?? failed?.error ?? null;
  if (error !== null) throw error;
}

/** Milliseconds between looks, and how many there are. */
const PAUSE = 500;
const LOOKS = 6;

/** What was called with it, as far as the server has written it: it is some seconds late, and waited for a little. */
export async function commandCalls(context: Context<RunOptions>, { key_id }: CommandKey): Promise<KeyCalls> {
  return withSessions(context, async (sessions) => {
    const { connection, stop } = await sessions.open(null);
    for (let look = 1; ; look += 1) {
      const found = await readCalls(connection, key_id);
      if (found.calls + found.refused > 0 || look === LOOKS || stop.aborted) return found;
      await context.world.sleep(PAUSE, stop);
    }
  });
}

async function leftIn(context: Context<RunOptions>): Promise<readonly string[]> {
  const { world, options } = context;
  if (options.sandbox === true) return [];
  const { url } = await findAddress(context, null);
  const { entries } = await keyringState(world, options, { server: url, set: SET });
  const left: string[] = [];
  for (const entry of entries.values()) if (await isLeft(world, entry)) left.push(entry.name);
  return left;
}

function absent(name: string): Desired {
  return unmanaged({ kind: 'key', name }, { state: 'absent' });
}

/** Throws `refused` for a key that is used again and cannot be. */
function assertActive({ live }: Outcome, now: Date): void {
  const status = live === null ? 'active' : statusOf(live, now);
  if (live === null || status === 'active') return;
  throw new VkeysError(
    'refused',
    `The key ${live.name ?? live.id} that was to be used again is ${status.replace('_', ' ')}. The command was not run.`,
    `Let a new one be made: vkeys delete ${live.name ?? live.id}`,
  );
}

function unmade(name: string): VkeysError {
  return new VkeysError('api', `The key ${name} was not made. The command was not run.`, 'Run the same command again.');
}
