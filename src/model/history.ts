/** What vkeys did to a set, as it is remembered beside the set's keyring: without secrets, and for longer than they are. */
import type { Action, FieldChange } from './change.ts';

/** Who ran it. `job`: the address of the pipeline's run, and `actor` whom that names. `null`: nobody says. */
export type Who = {
  readonly user: string | null;
  readonly host: string;
  readonly actor: string | null;
  readonly job: string | null;
};

/** A spec that was read. `commit`: what was checked out in its repository; `modified`: the file is not as it is there. */
export type SpecSource = {
  readonly file: string;
  readonly commit: string | null;
  readonly modified: boolean | null;
};

/** One thing, and what became of it. */
export type HistoryChange = {
  readonly action: Action;
  readonly kind: string;
  readonly name: string;
  readonly id: string | null;
  readonly status: 'applied' | 'failed';
  readonly fields: readonly FieldChange[];
  /** What a key that was deleted had spent, in US dollars. */
  readonly spend: number | null;
};

/** Written before the first change. `run` tells runs apart; `at` is RFC 3339; `planned`: how many things each action is for. */
export type Began = {
  readonly is: 'began';
  readonly run: string;
  readonly at: string;
  readonly command: string;
  readonly vkeys: string;
  readonly who: Who;
  readonly specs: readonly SpecSource[];
  readonly planned: Readonly<Partial<Record<Action, number>>>;
};

/** Written after the last one. `litellm`: the server's version; `error`: what stopped the run. */
export type Ended = {
  readonly is: 'ended';
  readonly run: string;
  readonly at: string;
  readonly litellm: string | null;
  readonly changes: readonly HistoryChange[];
  readonly written: readonly string[];
  readonly withdrawn: readonly string[];
  readonly error: string | null;
};

export type HistoryEvent = Began | Ended;

/** One run on one set. `ended`: `null` where it was cut: what it did is found, and finished, by the runs after it. */
export type PastRun = {
  readonly server: string;
  readonly set: string;
  readonly began: Began;
  readonly ended: Ended | null;
};

/**
 * What of a set is remembered. `dropped`: how many lines were taken out because there were too many, and up to when. `broken`:
 * the numbers of the lines that were changed, or stand behind one that was taken out. `head`: the last line's hash, which
 * has all lines before it.
 */
export type History = {
  readonly server: string;
  readonly set: string;
  readonly runs: readonly PastRun[];
  readonly dropped: Dropped | null;
  readonly broken: readonly number[];
  readonly head: string;
  /** The hashes of all lines. */
  readonly hashes: ReadonlySet<string>;
};

export type Dropped = { readonly lines: number; readonly until: string };

/** The runs that a set's lines tell, in their order. */
export function runsOf(about: Pick<History, 'server' | 'set'>, events: readonly HistoryEvent[]): readonly PastRun[] {
  return events.flatMap((event, index) => {
    if (event.is !== 'began') return [];
    const next = events.slice(index + 1).find(({ run }) => run === event.run);
    return [{ ...about, began: event, ended: next?.is === 'ended' ? next : null }];
  });
}

/** What a server says of one of its keys, or of one that it had. */
export type ServerKey = {
  readonly key_alias: string | null;
  readonly key_id: string;
  readonly set: string | null;
  readonly created_at: string | null;
  readonly created_by: string | null;
  readonly updated_at: string | null;
  readonly updated_by: string | null;
  readonly deleted_at: string | null;
  readonly deleted_by: string | null;
};
