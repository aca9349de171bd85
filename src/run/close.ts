/**
 * The end of sets with their account: their keys are blocked, so that nothing more is spent; what they used is read, and written
 * down before anything is deleted; then all is deleted, and that it is gone is proved. Each step can be done again.
 */
import { VkeysError } from '../base/errors.ts';
import { keyStore } from '../litellm/key-store.ts';
import { isDeletion, type Deletion } from '../model/change.ts';
import { isOver, withKeys, type Account, type AccountKey } from '../model/account.ts';
import type { Live } from '../model/resource.ts';
import type { Spec } from '../model/spec.ts';
import { absent } from './absent.ts';
import { applySpecs, type Ran } from './apply.ts';
import { changeKeys } from './change-keys.ts';
import { proveDead, type Doomed } from './prove-dead.ts';
import { keyringState } from './keyrings.ts';
import { namedBy, withSessions, type Context, type Session } from './open.ts';
import type { RunOptions } from './options.ts';
import { planSpecs, refusalsOf, RefusedError, type RunPlan } from './plan.ts';
import { leftOver } from './left-over.ts';
import { NoSuchKey } from './select.ts';
import { FIGURES_LOOK, figuresOf } from './snapshot.ts';

export type Closing = {
  /** What an earlier run of it wrote down. */
  readonly earlier: Account | null;
  /** How long nothing more may come in before the figures count, in milliseconds. */
  readonly settle: number;
  readonly proves: boolean;
  /** Throws where what would be deleted is not meant. */
  readonly approve: (planned: RunPlan) => Promise<void>;
  /** Resolves when the account is on the disk. */
  readonly save: (account: Account) => Promise<void>;
  readonly hear: (step: 'blocking' | 'settling' | 'deleting' | 'proving') => void;
};

/** `ran`: the deletion; `null` where everything was gone before. */
export type Closed = { readonly account: Account; readonly ran: Ran | null };

/** Throws `RefusedError`, what `approve` throws, `usage` where there is nothing to close. */
export async function closeSpecs(
  context: Context<RunOptions>,
  specs: readonly Spec[],
  closing: Closing,
): Promise<Closed> {
  const { earlier, save } = closing;
  const planned = await planSpecs(context, absent(specs));
  const refusals = refusalsOf(planned);
  if (refusals.length > 0) throw new RefusedError(refusals);
  const url = oneServer(planned);
  const doomed = await doomedIn(context, planned);
  if (earlier !== null) assertSame(earlier, url, specs, doomed);
  if (doomed.length === 0 && earlier === null) throw nothingToClose();
  if (earlier !== null && isOver(earlier)) return { account: earlier, ran: null };
  await closing.approve(planned);
  const read = doomed.length === 0 ? null : await readAccount(context, specs, doomed, closing);
  const draft = read === null ? earlier : withKeys(earlier, read);
  if (draft === null) throw nothingToClose();
  await save(draft);
  closing.hear('deleting');
  const ran = await applySpecs(context, absent(specs));
  if (ran.error !== null) return { account: draft, ran };
  closing.hear('proving');
  /* A key that its server refused was asked with a secret that is forgotten since. */
  const unsure = draft.keys.filter(({ proof }) => proof !== 'refused');
  const proofs = closing.proves ? await proveDead(context, specs, unsure, doomed) : new Map();
  const left = await leftOver(context, specs, draft);
  const account: Account = {
    ...draft,
    state: 'closed',
    closed_at: context.world.now().toISOString(),
    keys: draft.keys.map((key) => ({ ...key, proof: proofs.get(key.key_id) ?? key.proof })),
    left,
  };
  await save(account);
  return { account, ran };
}

function oneServer({ sets }: RunPlan): string {
  const [url = '', ...others] = new Set(sets.map(({ session }) => session.url));
  if (others.length === 0) return url;
  throw new VkeysError('usage', 'These specs are for several servers.', 'Close those of one server at a time.');
}

function nothingToClose(): VkeysError {
  return new VkeysError(
    'usage',
    'There is nothing to close: the server has none of these keys, and there is no account that was begun.',
    'See what the spec names: vkeys plan -f FILE; an account elsewhere: --report DIR',
  );
}

function assertSame(earlier: Account, url: string, specs: readonly Spec[], doomed: readonly Doomed[]): void {
  const sets = specs.map(({ set }) => set);
  const isSame = earlier.url === url && earlier.sets.join(' ') === sets.join(' ');
  if (isSame && (earlier.state === 'open' || doomed.length === 0)) return;
  const whose = isSame ? 'keys that were closed before' : `${earlier.sets.join(', ')} at ${earlier.url}`;
  throw new VkeysError(
    'refused',
    `There is an account of ${whose}. Nothing was changed.`,
    'Give another folder: --report DIR',
  );
}

/** The keys that are to go, each with its secret and its places, which the keyring forgets with them. */
async function doomedIn({ world, options }: Context<RunOptions>, { sets }: RunPlan): Promise<readonly Doomed[]> {
  const all: Doomed[] = [];
  for (const { spec, session, plan } of sets) {
    const { entries } = await keyringState(world, options, { server: session.url, set: spec.set });
    const keys = plan.changes.filter((change): change is Deletion => isDeletion(change) && change.ref.kind === 'key');
    for (const { ref, live, desired } of keys) {
      const entry = entries.get(live.id);
      const secret = entry?.secret.isOpen() === true ? entry.secret : null;
      const places = (entry?.places ?? []).map(({ path }) => path);
      all.push({ set: spec.set, name: ref.name, key_id: live.id, user: desired?.user ?? null, secret, places });
    }
  }
  return all;
}

/** Blocks the keys, waits until nothing more comes in, and reads what they used. */
async function readAccount(
  context: Context<RunOptions>,
  specs: readonly Spec[],
  doomed: readonly Doomed[],
  { settle, hear }: Closing,
): Promise<Account> {
  hear('blocking');
  const words = doomed.map(({ key_id }) => ({ is: 'hash' as const, text: key_id, label: key_id }));
  const wish = {
    old: 'along' as const,
    look: { fields: new Set(['blocked']), columns: ['total_spend'] },
    wishFor: () => ({ fields: { settings: { blocked: true } }, notices: [] }),
    afterwards: [],
  };
  const blocked = await changeKeys(context, { selectors: words, filter: {}, specs: [] }, wish, () =>
    Promise.resolve([]),
  );
  /* A key that somebody deleted meanwhile needs no block. */
  const errors = [
    blocked?.error instanceof NoSuchKey ? null : blocked?.error,
    ...(blocked?.report.sets ?? []).flatMap(({ outcomes }) => outcomes.map(({ error }) => error)),
  ];
  for (const error of errors) if (error != null) throw error;
  hear('settling');
  return withSessions(context, async (sessions) => {
    const [first] = specs;
    const session = await sessions.open(first === undefined ? null : namedBy(first, specs));
    const lives = await settled(context, session, doomed, settle);
    const { snapshot, gaps } = await figuresOf(context, session, lives);
    const known = new Map(doomed.map((each) => [each.key_id, each]));
    const models = new Map(lives.map(({ id, settings }) => [id, settings['models']]));
    const keys = snapshot.keys.map((key): AccountKey => {
      const { user = null, places = [], set = key.set } = known.get(key.key_id) ?? {};
      const names = models.get(key.key_id);
      return { ...key, set, user, places, models: Array.isArray(names) ? names.map(String) : [], proof: null };
    });
    const { url, at, since, source } = snapshot;
    const sets = specs.map(({ set }) => set);
    return { version: 1, state: 'open', sets, url, read_at: at, closed_at: null, since, source, keys, left: [], gaps };
  });
}

/** So often it is waited at most: a key that is not blocked everywhere yet goes on for a minute. */
const ROUNDS = 6;

/** The keys, when nothing more was added to what they spent for so long. */
async function settled(
  { world }: Context,
  { connection, stop }: Session,
  doomed: readonly Doomed[],
  settle: number,
): Promise<readonly Live[]> {
  const ids = doomed.map(({ key_id }) => key_id);
  const look = async () => (await keyStore(connection, FIGURES_LOOK).survey({ ids, names: [], all: false })).lives;
  const wanted = new Set(ids);
  const sums = (lives: readonly Live[]): string =>
    lives
      .map(({ id, spend }) => `${id} ${String(spend)}`)
      .toSorted()
      .join();
  let lives = await look();
  const rounds = settle === 0 ? 0 : ROUNDS;
  for (let round = 0; round < rounds; round += 1) {
    await world.sleep(settle, stop);
    stop.throwIfAborted();
    const before = sums(lives);
    lives = await look();
    if (sums(lives) === before) break;
  }
  return lives.filter(({ id }) => wanted.has(id));
}
