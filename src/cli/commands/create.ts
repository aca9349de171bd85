import { VkeysError } from '../../base/errors.ts';
import { serverOn } from '../../litellm/key-store.ts';
import { apiBaseUrl } from '../../litellm/http/url.ts';
import type { Change, Desired, Live, Outcome } from '../../model/model.ts';
import type { Secret } from '../../base/secret.ts';
import { cardText } from '../../view/card.ts';
import { outcomeJson } from '../../view/outcome.ts';
import { keyOf, type FieldFlags } from '../field-options.ts';
import type { Globals } from '../options.ts';
import { withKeyring } from '../../run/keyrings.ts';
import { emit, formatAmong, lookOf, say, sayNotices } from '../output.ts';
import { assertAllowed, planSpec } from '../../run/plan.ts';
import { exitCodeOf } from '../reporting.ts';
import { runPlan } from '../../run/apply.ts';
import { withSessions } from '../../run/open.ts';
import { specOf } from '../single.ts';
import type { World } from '../../run/world.ts';

type CreateFlags = {
  readonly alias: string;
  readonly set: string;
  readonly ifAbsent?: boolean;
  readonly modelCheck: boolean;
};
export type CreateOptions = FieldFlags & CreateFlags & Globals;

/** Makes one key and prints it: the key alone for a pipe, a card for a terminal. */
export async function create(world: World, options: CreateOptions): Promise<number> {
  formatAmong(world, options, FORMATS);
  const started = world.now().getTime();
  const { alias, set } = options;
  const spec = await specOf(alias, keyOf(options), set, world);
  return withSessions(world, options, async (sessions) => {
    const session = await sessions.open(null);
    const server = serverOn(session.connection, alias);
    return withKeyring(world, options, session.url, set, async (keyring) => {
      const planned = await planSpec(spec, session, server, { modelCheck: options.modelCheck }, keyring);
      const live = planned.snapshot.keys[0] ?? null;
      const entry = live === null ? undefined : keyring.state().entries.get(live.key_id);
      /* A pending one was made by a run that was cut before it could print it: this run finishes that. */
      if (live !== null && entry?.pending !== true) {
        if (options.ifAbsent !== true) throw existing(alias, live);
        say(world, options, `${alias} is there already; nothing was changed.`);
        if (entry === undefined)
          say(world, options, 'Its key is not in the keyring of this machine, so it cannot be printed.');
        await printKey(world, options, session.url, standing(spec.desired, live, entry?.secret ?? null));
        return 0;
      }
      assertAllowed(planned.plan);
      const { report } = await runPlan({ world, globals: options, session, keyring, alias }, spec, planned, started);
      sayNotices(world, options, report.notices);
      const [outcome] = report.outcomes;
      if (outcome?.live != null) await printKey(world, options, session.url, outcome);
      if (outcome?.error != null) throw outcome.error;
      return exitCodeOf(world, [report]);
    });
  });
}

const FORMATS = ['table', 'json', 'yaml', 'env'] as const;

function standing(desired: readonly Desired[], live: Live, secret: Secret | null): Outcome {
  const [wanted] = desired;
  if (wanted === undefined) throw new Error('a spec of one key has a key');
  const change: Change = {
    action: 'noop',
    key_alias: wanted.key_alias,
    changes: [],
    reason: null,
    desired: wanted,
    live,
  };
  return { change, status: 'applied', live, secret, error: null };
}

async function printKey(world: World, options: CreateOptions, url: string, outcome: Outcome): Promise<void> {
  const format = formatAmong(world, options, FORMATS);
  const { live, secret } = outcome;
  const api_base_url = apiBaseUrl(url);
  switch (format) {
    case 'table':
      if (world.stdout.isTTY && live !== null) {
        world.stdout.write(
          cardText(live, lookOf(world, world.stdout, options), { secret, showKey: true, api_base_url }),
        );
      } else if (secret !== null) world.stdout.write(`${secret.reveal()}\n`);
      break;
    case 'json':
    case 'yaml':
      await emit(world, format, outcomeJson(outcome, options));
      break;
    case 'env': {
      const { envText } = await import('../../view/env.ts');
      const keys = secret === null || !options.secrets ? [] : [{ key_alias: options.alias, secret }];
      world.stdout.write(envText(keys, api_base_url));
      break;
    }
  }
}

function existing(alias: string, { mark, key_id }: Live): VkeysError {
  const whose = mark === null ? 'It was not made by vkeys.' : `It belongs to the set ${mark.set}.`;
  return new VkeysError(
    'refused',
    `There is a key with the alias ${alias} already. ${whose}`,
    `See it: vkeys get ${alias}\nChange it: vkeys update ${alias} …\nReplace it: vkeys delete ${alias}, then create it again\nIn a script: --if-absent`,
    { details: { key_alias: alias, key_id } },
  );
}
