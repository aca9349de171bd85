/** One set, from its plan to its report: what `apply`, `create`, `update` and `delete` share. */
import { relative } from 'node:path';
import { serverOn } from '../litellm/key-store.ts';
import { applyPlan } from '../apply/levels.ts';
import type { Plan, Report, Spec } from '../model/model.ts';
import type { ApplyPorts, Keyring } from '../apply/ports.ts';
import { Secret } from '../base/secret.ts';
import { makeDeliverer, unknownSecrets } from './deliver.ts';
import type { Globals } from '../cli/options.ts';
import { progressLine, say } from '../cli/output.ts';
import type { Planned } from './plan.ts';
import type { Told } from '../cli/reporting.ts';
import type { Session } from './open.ts';
import type { World } from './world.ts';

export type Ground = {
  readonly world: World;
  readonly globals: Globals;
  readonly session: Session;
  readonly keyring: Keyring;
  /** The one alias that this is about, so that no others need be listed. */
  readonly alias?: string | undefined;
};

/**
 * Applies a plan and says what was done. `started` is when the command began, in milliseconds. The first Ctrl-C ends
 * reading and waiting; what is being changed is finished, so that the report is true, unless there is a second one.
 */
export async function runPlan(
  ground: Ground,
  spec: Pick<Spec, 'deliver' | 'ansible'>,
  planned: Planned,
  started: number,
): Promise<Told> {
  const { world, globals, session, keyring, alias } = ground;
  const { plan, snapshot, version, forsaken, ahead } = planned;
  const { deliverer, written, notices } = makeDeliverer(spec.deliver, plan.set, session.url, globals.sandbox === true);
  const ports: ApplyPorts = {
    server: serverOn({ ...session.connection, signal: world.abort }, alias),
    keyring,
    deliverer,
    mint: () => mint(world),
    now: () => new Date(world.now().getTime() + ahead),
    concurrency: globals.concurrency,
    turn: session.connection.pace.turn,
    stop: session.stop,
    progress: progressLine(world, globals),
  };
  const unknown = spec.deliver.length === 0 ? [] : unknownSecrets(plan, keyring.state());
  const onStop = (): void =>
    say(world, globals, 'Interrupted: finishing what is under way. Ctrl-C once more drops it.');
  world.stop.addEventListener('abort', onStop, { once: true });
  const applied = await applyPlan(plan, snapshot, version, forsaken, ports);
  world.stop.removeEventListener('abort', onStop);
  const report: Report = {
    set: plan.set,
    state: plan.state,
    url: session.url,
    outcomes: applied.outcomes,
    missing: missingOf(plan),
    notices: [...plan.notices.filter(({ code }) => code !== 'missing'), ...unknown, ...applied.notices, ...notices()],
  };
  return {
    report,
    seconds: (world.now().getTime() - started) / 1000,
    written: written().map((path) => nearer(world.cwd, path)),
    ansible: spec.ansible,
  };
}

/** A new secret, as long as LiteLLM's own and longer. */
function mint({ randomBytes }: World): Secret {
  return new Secret(`sk-${Buffer.from(randomBytes(32)).toString('base64url')}`);
}

/** A path as people in this folder would write it. */
function nearer(cwd: string, path: string): string {
  const inside = relative(cwd, path);
  return inside.startsWith('..') ? path : inside;
}

function missingOf({ notices }: Plan): readonly string[] {
  return notices.flatMap(({ code, key_alias }) => (code === 'missing' && key_alias !== null ? [key_alias] : []));
}
