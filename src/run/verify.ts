/** Whether keys work: each is asked with itself, at its own server, and no administrator's credential is needed. */
import pMap from 'p-map';
import { VkeysError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import { callModel } from '../litellm/chat.ts';
import type { Connection } from '../litellm/http/request.ts';
import { askKey } from '../litellm/key-state.ts';
import { listDeployments } from '../litellm/models.ts';
import type { KeyState } from '../model/key-state.ts';
import { isWell, type TriedKey, type Verified } from '../model/verified.ts';
import { unknownModels } from '../plan/models.ts';
import { withKeyConnection } from './key-connection.ts';
import type { Context } from './open.ts';

/** `chat`: a model that is called with each key that works. `wait`: look again until all are as expected, as long as caches live. */
export type Trial = { readonly expected: KeyState['is']; readonly chat: string | undefined; readonly wait: boolean };

/** Keys that are tried at once. */
const AT_ONCE = 16;
/** Processes of a server believe what they knew of a key for a minute. */
const CACHED = 70_000;
const PAUSE = 5000;
/** So many answers at once come from several processes, where there are some. */
const ASKED = 4;

/** What became of each, in the same order. Throws what keeps all of them from being tried. */
export async function verifyKeys(
  context: Context,
  tried: readonly TriedKey[],
  trial: Trial,
): Promise<readonly Verified[]> {
  const { world, hear } = context;
  const found = new Map<TriedKey, Verified>();
  const until = world.now().getTime() + CACHED;
  for (;;) {
    const left = tried.filter((key) => !isSettled(found.get(key), trial));
    let done = tried.length - left.length;
    for (const url of new Set(left.map((key) => key.url))) {
      await withKeyConnection(context, url, (connection) =>
        pMap(
          left.filter((key) => key.url === url),
          async (key) => {
            found.set(key, await tryKey(connection, key, trial));
            hear({ is: 'progress', done: (done += 1), total: tried.length });
          },
          { concurrency: AT_ONCE },
        ),
      );
    }
    const verified = tried.flatMap((key) => found.get(key) ?? []);
    const isDone = verified.every((each) => isWell(each, trial.expected));
    if (!trial.wait || isDone || world.now().getTime() >= until) return verified;
    await world.sleep(PAUSE, world.stop);
    world.stop.throwIfAborted();
  }
}

function isSettled(verified: Verified | undefined, { expected }: Trial): boolean {
  return verified !== undefined && (verified.verdict === expected || verified.verdict === 'unkept');
}

async function tryKey(connection: Connection, key: TriedKey, trial: Trial): Promise<Verified> {
  const { secret, ...rest } = key;
  const { set, name, key_id, url, held } = rest;
  const told = (verdict: Verified['verdict'], why: string | null = null, models: readonly string[] = []): Verified => {
    return { set, name, key_id, url, held, verdict, why, models };
  };
  if (!(secret instanceof Secret)) return told('unkept', secret.message);
  try {
    const [state, ...others] = await Promise.all(
      Array.from({ length: trial.wait ? ASKED : 1 }, () => askKey(connection, secret)),
    );
    if (state === undefined) throw new Error('a key is asked once at least');
    const other = others.find(({ is }) => is !== state.is);
    if (other !== undefined) return told('unsettled', `${state.is} and ${other.is}`);
    if (state.is !== 'works') return told(state.is, state.why === '' ? null : state.why);
    const { models } = state;
    const lacking = await lackingModels({ ...connection, secret }, state, key.models);
    if (lacking.length > 0) return told('wrong_models', `it may not use ${lacking.join(', ')}`, models);
    const why = trial.chat === undefined ? null : await callModel(connection, secret, trial.chat);
    return told(why === null ? 'works' : 'call_failed', why, models);
  } catch (error) {
    if (!(error instanceof VkeysError) || error.kind === 'interrupted') throw error;
    return told('unanswered', error.message);
  }
}

/** Of those that a spec or the key itself names. A group of models is listed as what is in it. */
async function lackingModels(
  connection: Connection,
  { models, live }: KeyState & { readonly is: 'works' },
  wanted: readonly string[] | null,
): Promise<readonly string[]> {
  const own = live?.settings['models'];
  const names = wanted ?? (Array.isArray(own) ? own.map(String) : []);
  const lacking = unknownModels(names, models);
  if (lacking.length === 0) return [];
  const groups = (await listDeployments(connection).catch(() => [])).flatMap((each) => each.groups);
  return unknownModels(lacking, groups);
}
