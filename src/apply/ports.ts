import type { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import type { Secret } from '../base/secret.ts';
import type { Keyring, Line, Seat } from '../model/keyring.ts';
import type { Kinds } from '../model/kind.ts';
import type { Landed } from '../model/landed.ts';
import type { Held, Place } from '../model/place.ts';
import type { Notice, Plan } from '../model/plan.ts';
import type { Kind } from '../model/ref.ts';
import type { Desired, Live } from '../model/resource.ts';
import type { Survey, Surveys, Wanted } from '../model/survey.ts';

/** What is sent, made when it is sent: lengths of time count from the server's clock at that moment. */
export type Body = (now: Date) => JsonObject;

/** What became of a creation. `mints`: this server chooses the secrets of its keys itself, so none of ours was taken. */
export type Created = Landed<{ readonly id: string; readonly secret: Secret | null }> | { readonly is: 'mints' };

/** Where the things of one kind are: the server. What answers with no `Landed` throws `VkeysError`; see `litellm/`. */
export type Store<K extends Kind = Kind> = {
  readonly kind: K;
  /** What is wanted, and perhaps more. */
  survey(wanted: Wanted): Promise<Survey>;
  get(id: string): Promise<Live | null>;
  /** Makes a thing once, whatever is cut: with this secret, or, without one, with what the server chooses, if the kind has secrets. */
  create(body: Body, secret: Secret | null): Promise<Created>;
  /** Answers with the thing as it is afterwards. */
  update(id: string, body: Body): Promise<Landed<Live>>;
  /** What became of each. One that the server does not have is done. */
  remove(ids: readonly string[]): Promise<ReadonlyMap<string, Landed>>;
};

/** A key that is on the server. `places`: where the keyring remembers it. */
export type Placed = { readonly desired: Desired; readonly live: Live; readonly places: readonly Place[] };
/** One whose secret is known: what is handed out. `seat`: the code of the person whose it is, where a delivery says it. */
export type Known = Placed & { readonly secret: Secret; readonly seat?: Seat | undefined };
/** One whose secret the keyring may not know. */
export type Standing = Placed & { readonly secret: Secret | null; readonly seat?: Seat | undefined };
/** A key that is to be handed out: one that is yet to be made has neither `live` nor `secret`. */
export type Due = { readonly desired: Desired; readonly live: Live | null; readonly secret: Secret | null };
/** A key that is on the server no more. Without places, or the keyring, `desired` helps to find it. */
export type Gone = {
  readonly key_id: string;
  /** As the spec calls it. */
  readonly name: string;
  readonly desired: Desired | null;
  readonly places: readonly Place[];
  /** Another server has a key with the same secret: what is not remembered of this one is for that one. */
  readonly apart?: boolean;
};

/** What became of hand-outs. Keys are named by `key_id`, files by their paths. */
export type Put = {
  /** Where each key is now, by this run's spec: what was remembered and is neither here nor in `others` was taken away. */
  readonly placed: ReadonlyMap<string, readonly Place[]>;
  /** What is remembered for other files of specs and other machines, and stays there. */
  readonly others: ReadonlyMap<string, readonly Place[]>;
  readonly failed: ReadonlyMap<string, VkeysError>;
  readonly written: readonly string[];
  /** Old places from which a key was taken, and nothing else was written there. */
  readonly withdrawn: readonly string[];
  /** Old places from which only a person can take a key. */
  readonly stays?: readonly Stay[];
};
/** A key, by its name, in a place that vkeys has no way to take it from. */
export type Stay = { readonly name: string; readonly path: string };
type Withdrawn = Pick<Put, 'failed' | 'written'>;
export type Removed = {
  /** The remembered places where each key is no more, or where nobody here can look. */
  readonly removed: ReadonlyMap<string, readonly Place[]>;
  /** Of these, those on other machines, with the key's name: what is there stays. */
  readonly elsewhere: readonly { readonly name: string; readonly host: string; readonly path: string }[];
  /** Of these, those from which only a person can take it. */
  readonly stays?: readonly Stay[];
  readonly failed: ReadonlyMap<string, VkeysError>;
  readonly written: readonly string[];
};

/** What putting and removing would do. */
export type Stale = {
  /** Paths that do not hold what they should, or that others may read. */
  readonly put: readonly string[];
  /** Paths that hold the secret of a key that is gone, or of one that belongs elsewhere now. */
  readonly remove: readonly string[];
  /** Keys whose secret the keyring does not know and that are not everywhere where they should be. */
  readonly unknown: readonly string[];
  /** Of these, those that are in none of them, for sure: nobody has their secret. */
  readonly unheld: readonly string[];
};

/** Where secrets go. All of it is convergent: done again it changes nothing. */
export type Deliverer = {
  /** What refuses to take them, and what is worth saying, before anything is changed. */
  check(due: readonly Due[]): Promise<Checked>;
  /** Which places do not hold what they should, known by the hash of what stands there. Reads only. */
  stale(standing: readonly Standing[], gone: readonly Gone[]): Promise<Stale>;
  /** What each place of each key holds, by `key_id`, known by hash. Reads only. */
  look(known: readonly Known[]): Promise<ReadonlyMap<string, readonly Held[]>>;
  /** Where each key will be put, by `key_id`: the keyring remembers it first, so that a cut leaves nothing unknown behind. */
  places(known: readonly Known[]): Promise<ReadonlyMap<string, readonly Place[]>>;
  /** Resolves when all is durable. Where the spec has another place for a key now, the old one is taken away. */
  put(known: readonly Known[]): Promise<Put>;
  /** Takes keys from who has access no longer, where the spec has a place for each user: found by hash, whoever remembers it. */
  withdraw(standing: readonly Placed[]): Promise<Withdrawn>;
  /** Takes keys out of their hand-outs, wherever they are remembered or the spec has them. `kept`: where keys are that stay. */
  remove(gone: readonly Gone[], kept?: readonly Place[]): Promise<Removed>;
};
export type Checked = { readonly refusals: readonly Notice[]; readonly notices: readonly Notice[] };

/** One set of a run, all of which is applied together. */
export type Work = {
  readonly plan: Plan;
  readonly keyring: Keyring;
  readonly deliverer: Deliverer;
  /** Codes for people who have none, where deliveries say them: names → lines of the keyring. */
  readonly seat?: (names: readonly string[], codes: ReadonlyMap<string, Seat>) => readonly Line[];
  /** Whether the surveys looked for everything that the keyring knows, so that what they do not have is gone. */
  readonly isSurveyed: boolean;
};

export type ApplyPorts = {
  readonly kinds: Kinds;
  readonly stores: ReadonlyMap<Kind, Store>;
  /** What the plans were made from. */
  readonly surveys: Surveys;
  /** The server's, where it was asked for. */
  readonly version: string | null;
  /** A new secret: `sk-` and 32 random bytes in base64url. */
  readonly mint: () => Secret;
  /** Asks the server with the secret itself, free of cost; `null`: it works. */
  readonly works: (secret: Secret) => Promise<VkeysError | null>;
  /** Keys with all that the server tells of them. */
  readonly whole: (ids: readonly string[]) => Promise<readonly Live[]>;
  /** The server's clock. */
  readonly now: () => Date;
  /** Changes at the same time, at most. */
  readonly concurrency: number;
  /** Does a change as soon as the server has room for one more. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Resolves after so many milliseconds, or when the run is to stop. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** No change is begun after this is aborted; what is under way is finished and told. */
  readonly stop: AbortSignal;
  readonly progress: (done: number, total: number) => void;
};

/** The store of a kind that there has to be. */
export function storeOf({ stores }: Pick<ApplyPorts, 'stores'>, kind: Kind): Store {
  const store = stores.get(kind);
  if (store === undefined) throw new Error(`no store for ${kind}`);
  return store;
}

/** The survey of a kind that there has to be. */
export function surveyOf({ surveys }: Pick<ApplyPorts, 'surveys'>, kind: Kind): Survey {
  const survey = surveys.get(kind);
  if (survey === undefined) throw new Error(`no survey of ${kind}`);
  return survey;
}
