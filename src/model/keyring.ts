/** What a keyring knows. A secret enters it before the server hears of it, and leaves it only when its key is surely gone. */
import type { Secret } from '../base/secret.ts';
import type { HistoryEvent } from './history.ts';
import type { Place } from './place.ts';
import type { Kind } from './ref.ts';
import type { BegunRotation } from './rotation.ts';

/** One line of a keyring, a JSON object. Lines are only ever appended. `at` is RFC 3339. */
export type Line =
  /** A secret exists from here on, whether or not the server has heard of it. `name` is the key's in the spec. */
  | {
      readonly op: 'mint';
      readonly key_id: string;
      readonly name: string;
      readonly secret: Secret;
      readonly at: string;
    }
  /** The key has another name in the spec from here on. */
  | { readonly op: 'named'; readonly key_id: string; readonly name: string }
  /** A hand-out holds the secret, or no longer. */
  | { readonly op: 'placed' | 'removed'; readonly key_id: string; readonly place: Place }
  /** The server has the key, which ends at `expires` (`null`: never); its deliveries may not be finished. */
  | { readonly op: 'created'; readonly key_id: string; readonly expires: string | null }
  /** The same, and every delivery is durable. */
  | { readonly op: 'done'; readonly key_id: string; readonly expires: string | null }
  /** What the server made of the secrets in the key's metadata that were sent `at`. */
  | ({ readonly op: 'encrypted'; readonly key_id: string } & Encryption)
  /** The server is about to be asked to delete the key. */
  | { readonly op: 'deleting'; readonly key_id: string }
  /** Seen missing on the server by a complete look; `back`: it is there again. */
  | { readonly op: 'gone'; readonly key_id: string; readonly at: string }
  | { readonly op: 'back'; readonly key_id: string }
  /** Another server has a key with the same secret: what becomes of that one says nothing of this. */
  | { readonly op: 'apart'; readonly key_id: string }
  /** A newer key has its name, or vkeys was told that there is to be none: that it is missing is asked about no more. */
  | { readonly op: 'replaced'; readonly key_id: string }
  /**
   * The secret is forgotten: `deleted` by vkeys and seen gone, `refused` by the server, `old`: 90 days after it was seen gone,
   * `forgotten` by hand.
   */
  | { readonly op: 'drop'; readonly key_id: string; readonly why: 'deleted' | 'refused' | 'old' | 'forgotten' }
  /** The server will be asked to choose a secret for a key with this mark. */
  | { readonly op: 'ask'; readonly mint: string; readonly name: string; readonly at: string }
  /** It answered (a `mint` line before this one says what), or the key was taken away again. */
  | { readonly op: 'answered'; readonly mint: string }
  /** vkeys is about to make a thing of a kind without secrets, under an id of its own choice, or it is there no more. */
  | ({ readonly op: 'made' } & Thing)
  | { readonly op: 'unmade'; readonly kind: Kind; readonly id: string }
  /** From here on, this code opens the key with this name in the page for people. `seat`: the number in front of it. */
  | ({ readonly op: 'code'; readonly name: string } & Seat)
  /** A key's secret is being replaced, or that is over. */
  | ({ readonly op: 'rotating' } & BegunRotation)
  | { readonly op: 'rotated'; readonly of: string }
  /** From here on, keys are of the sandbox with this id, and end with it; `null`: of a server that lasts. */
  | { readonly op: 'sandbox'; readonly id: string | null };

/** A server's encryption of what was sent to it: another one of the same is another's writing. */
export type Encryption = { readonly at: string; readonly digest: string };

/** A secret that the keyring holds. */
export type Entry = {
  readonly key_id: string;
  readonly name: string;
  readonly secret: Secret;
  /** The server is known to have made it. */
  readonly created: boolean;
  /** Its creation or its deliveries may not be finished. */
  readonly pending: boolean;
  /** When it was minted, RFC 3339. */
  readonly at: string;
  /** When the key ends, RFC 3339; `null`: never, or not known. */
  readonly expires: string | null;
  /** Since when it is missing on the server, RFC 3339; `null`: it is not. */
  readonly gone: string | null;
  /** Missing for good: a newer key has its name, or there is to be none. Its secret is known should it come back. */
  readonly replaced: boolean;
  /** What the server made of the secrets in the key's metadata; `null`: it has none, or nobody has looked. */
  readonly encryption: Encryption | null;
  /** The server was to delete it, for vkeys. */
  readonly deleting: boolean;
  /** Another server has a key with the same secret. */
  readonly apart?: true;
  /** The sandbox that it was minted for; `null`: a server that lasts. */
  readonly sandbox: string | null;
  /** Where it was handed out. */
  readonly places: readonly Place[];
};

/** A creation whose secret the server was to choose, and whose answer never came. */
export type Asked = { readonly mint: string; readonly name: string; readonly at: string };

/** What opens a person's key in a page: the code, its seat with it, and the seat alone. `at`, of its making, is RFC 3339. */
export type Seat = { readonly seat: number; readonly code: Secret; readonly at: string };

/** A thing without a secret that vkeys made: what says whose it is where it has no metadata. `at` is RFC 3339. */
export type Thing = { readonly kind: Kind; readonly id: string; readonly name: string; readonly at: string };

/** By this a thing is known in a keyring. */
export function thingId({ kind, id }: Pick<Thing, 'kind' | 'id'>): string {
  return JSON.stringify([kind, id]);
}

/** What the lines add up to: entries by `key_id`, unanswered creations by `mint`, things by `thingId`, codes by the key's name. */
export type KeyringState = {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly asked: ReadonlyMap<string, Asked>;
  readonly things: ReadonlyMap<string, Thing>;
  readonly codes: ReadonlyMap<string, Seat>;
  /** Rotations that were begun and are not known to be over, by the id of the old key. */
  readonly rotations: ReadonlyMap<string, BegunRotation>;
  /** The sandbox that was met last; `null`: a server that lasts. */
  readonly sandbox: string | null;
};

/** The keyring, as apply needs it. */
export type Keyring = {
  state(): KeyringState;
  /** Appends lines, durably. Throws `config` when that cannot be done; then none of them counts. */
  record(lines: readonly Line[]): Promise<void>;
  /** Appends to what is remembered of the set's past, durably; `undefined` where nothing is. Throws `config`. */
  readonly note?: (event: HistoryEvent) => Promise<void>;
};
