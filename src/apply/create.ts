/**
 * Making things so that no key is without its secret and no secret without its key, wherever the run is cut:
 * the secrets are minted here and journaled, all of a set with one write, before the server hears of them; what the server
 * has is then read back, because an existing key answers 200 too, fields get lost, and another run may have been first.
 */
import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import { VkeysError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { Creation } from '../model/change.ts';
import type { Entry, Line } from '../model/keyring.ts';
import { factsOf } from '../model/kind.ts';
import type { Kind } from '../model/ref.ts';
import type { Mark } from '../model/resource.ts';
import { removeAll } from './delete.ts';
import type { Done, Phase, Task } from './phase.ts';
import { storeOf, surveyOf, type ApplyPorts, type Work } from './ports.ts';
import { readBack, type Attempt, type Prepared } from './read-back.ts';

/** Makes things of one kind. What it answers with is on the server and in the keyring, and not yet delivered. */
export async function createAll(
  kind: Kind,
  tasks: readonly Task<Creation>[],
  ports: ApplyPorts,
  phase: Phase,
): Promise<readonly Done[]> {
  const facts = factsOf(ports.kinds, kind);
  const minted = facts.hasSecret ? await mintAll(tasks, ports) : await nameAll(tasks, ports);
  const obstacles = await clearTheWay(tasks, ports);
  const prepared = minted.map((one) => ({
    ...one,
    old: obstacles.has(one.change.live?.id ?? '') ? one.change.live : null,
  }));
  const mint = { isOurs: true };
  const attempts = await pMap(
    prepared,
    (one) =>
      phase.step(
        async () => {
          const obstacle = obstacles.get(one.change.live?.id ?? '');
          return obstacle == null ? attempt(one, ports, mint) : attempted(one, { is: 'unsent', error: obstacle });
        },
        (): Attempt => ({ ...one, landed: null, error: null }),
      ),
    { concurrency: ports.concurrency },
  );
  return readBack(kind, attempts, ports);
}

type Minted = Omit<Prepared, 'old'>;

/** A secret for each creation, on the disk before it is used: those of a set with one write. */
async function mintAll(tasks: readonly Task<Creation>[], ports: ApplyPorts): Promise<readonly Minted[]> {
  const works = [...new Set(tasks.map(({ work }) => work))];
  const minted = await pMap(
    works,
    (work) =>
      mintFor(
        work,
        tasks.filter((task) => task.work === work),
        ports,
      ),
    { concurrency: 4 },
  );
  return minted.flat();
}

/** What has an id of our choice is known as ours by that, on the disk before the server hears of it. */
async function nameAll(tasks: readonly Task<Creation>[], ports: ApplyPorts): Promise<readonly Minted[]> {
  const at = ports.now().toISOString();
  for (const work of new Set(tasks.map((task) => task.work))) {
    const lines = tasks
      .filter((task) => task.work === work)
      .flatMap(({ change: { ref, desired } }): Line[] =>
        desired.id === undefined ? [] : [{ op: 'made', kind: ref.kind, id: desired.id, name: ref.name, at }],
      );
    await work.keyring.record(lines);
  }
  return tasks.map((task) => ({ ...task, secret: null, fresh: true, id: task.change.desired.id }));
}

/** A secret that an earlier run left unfinished is used again. */
async function mintFor(work: Work, tasks: readonly Task<Creation>[], ports: ApplyPorts): Promise<readonly Minted[]> {
  const live = new Set(surveyOf(ports, 'key').lives.map(({ id }) => id));
  const left = new Map<string, Entry>();
  for (const entry of work.keyring.state().entries.values()) {
    if (entry.pending && !entry.deleting && !live.has(entry.key_id)) left.set(entry.name, entry);
  }
  const at = ports.now().toISOString();
  const minted = tasks.map((task) => {
    const entry = left.get(task.change.ref.name);
    return { ...task, secret: entry?.secret ?? ports.mint(), fresh: entry === undefined };
  });
  const fresh = minted.filter((one) => one.fresh);
  await work.keyring.record(
    fresh.map(({ secret, change: { ref } }): Line => ({
      op: 'mint',
      key_id: secret.hash(),
      name: ref.name,
      secret,
      at,
    })),
  );
  return minted;
}

/** Deletes what holds a name until then. Answers with what still does, by id, and why: `null` where that was not tried. */
async function clearTheWay(
  tasks: readonly Task<Creation>[],
  ports: ApplyPorts,
): Promise<ReadonlyMap<string, VkeysError | null>> {
  const replaced = tasks.flatMap(({ work, change }) => (change.live === null ? [] : [{ work, live: change.live }]));
  return ports.stop.aborted ? new Map(replaced.map(({ live }) => [live.id, null])) : removeAll(replaced, ports);
}

/** `isOurs`: no server has said yet that it chooses the secrets itself. */
async function attempt(one: Prepared, ports: ApplyPorts, mint: { isOurs: boolean }): Promise<Attempt> {
  const { change, secret } = one;
  if (mint.isOurs || secret === null) {
    const facts = factsOf(ports.kinds, change.ref.kind);
    const mark = markFor(one);
    const landed = await storeOf(ports, change.ref.kind).create((now) => facts.make(change.desired, mark, now), secret);
    if (landed.is === 'done') return { ...one, id: landed.value.id, landed: 'done', error: null };
    if (landed.is !== 'mints') return attempted(one, landed);
    if (secret === null) throw new Error(`nobody asked for a secret of ${change.ref.kind}`);
    mint.isOurs = false;
  }
  return attemptMinted(one, secret, ports);
}

function markFor({ work, change: { ref, desired } }: Prepared): Mark {
  const since = desired.follows?.since ?? null;
  return { set: work.plan.set, name: ref.name, ...(since === null ? {} : { since }) };
}

/** The server insists on choosing the secret: what it is asked is journaled before, and what it answers right after. */
async function attemptMinted(one: Prepared, unused: Secret, ports: ApplyPorts): Promise<Attempt> {
  const { work, change } = one;
  const { name, kind } = change.ref;
  const mint = randomUUID();
  const at = ports.now().toISOString();
  try {
    await work.keyring.record([
      { op: 'drop', key_id: unused.hash(), why: 'refused' },
      { op: 'ask', mint, name, at },
    ]);
    const mark = { ...markFor(one), mint };
    const facts = factsOf(ports.kinds, kind);
    const landed = await storeOf(ports, kind).create((now) => facts.make(change.desired, mark, now), null);
    if (landed.is === 'refused' || landed.is === 'unsent') await work.keyring.record([{ op: 'answered', mint }]);
    if (landed.is !== 'done' && landed.is !== 'mints') return attempted(one, landed);
    const secret = landed.is === 'done' ? landed.value.secret : null;
    if (secret === null) throw new Error(`the server did not choose a secret for ${name}`);
    await work.keyring.record([
      { op: 'mint', key_id: secret.hash(), name, secret, at },
      { op: 'answered', mint },
    ]);
    return { ...one, secret, id: secret.hash(), landed: 'done', error: null };
  } catch (error) {
    if (error instanceof VkeysError) return attempted(one, { is: 'unsettled', error });
    throw error;
  }
}

function attempted(
  one: Prepared,
  { is, error }: { readonly is: Attempt['landed']; readonly error: VkeysError },
): Attempt {
  return { ...one, landed: is, error };
}
