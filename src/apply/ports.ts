import type { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import type { Secret } from '../base/secret.ts';
import type { Desired, Live, Snapshot } from '../model/model.ts';

/** The server, as apply needs it. Every method throws `VkeysError`; see `litellm/`. */
export type Server = {
  list(): Promise<Snapshot>;
  /** Creates a key with this secret, once, whatever is cut. After an error with `details.unsettled` it may exist. */
  create(secret: Secret, body: JsonObject): Promise<void>;
  /** Creates a key whose secret the server chooses. */
  createMinted(body: JsonObject): Promise<Secret>;
  info(key_id: string): Promise<Live | null>;
  /** Answers with the key as it is afterwards. */
  update(key_id: string, patch: JsonObject): Promise<Live>;
  delete(key_ids: readonly string[]): Promise<void>;
};

/** One line of the keyring, a JSON object. Lines are only ever appended. */
export type Line =
  /** A secret exists from here on, whether or not the server has heard of it. `at` is RFC 3339. */
  | {
      readonly op: 'mint';
      readonly key_id: string;
      readonly key_alias: string;
      readonly secret: Secret;
      readonly at: string;
    }
  /** The server has the key, and every delivery is durable. */
  | { readonly op: 'done'; readonly key_id: string }
  /** The key is gone, or was never made. */
  | { readonly op: 'drop'; readonly key_id: string }
  /** The server will be asked to choose a secret for a key with this mark. */
  | { readonly op: 'ask'; readonly mint: string; readonly key_alias: string; readonly at: string }
  /** It answered (a `mint` line before this one says what), or the key was taken away again. */
  | { readonly op: 'answered'; readonly mint: string };

/** A secret that the keyring holds. `pending`: its creation or its deliveries may not be finished. */
export type Entry = {
  readonly key_id: string;
  readonly key_alias: string;
  readonly secret: Secret;
  readonly pending: boolean;
  readonly at: string;
};

/** A creation whose secret the server was to choose, and whose answer never came. */
export type Asked = { readonly mint: string; readonly key_alias: string; readonly at: string };

/** What the lines add up to, by `key_id` and by `mint`. */
export type KeyringState = { readonly entries: ReadonlyMap<string, Entry>; readonly asked: ReadonlyMap<string, Asked> };

/** The keyring, as apply needs it. */
export type Keyring = {
  state(): KeyringState;
  /** Appends lines, durably. Throws `config` when that cannot be done; then none of them counts. */
  record(lines: readonly Line[]): Promise<void>;
};

/** A key whose secret is known and that is on the server: what a delivery hands out. */
export type Known = { readonly desired: Desired; readonly live: Live; readonly secret: Secret };
/** A key that was deleted. */
export type Gone = {
  readonly key_alias: string;
  readonly key_id: string;
  readonly desired: Desired | null;
  readonly secret: Secret | null;
};

/** Where secrets go. Both are convergent: doing them again changes nothing. */
export type Deliverer = {
  /** Resolves when all is durable, with what failed by alias. */
  deliver(known: readonly Known[]): Promise<ReadonlyMap<string, VkeysError>>;
  /** Takes deleted keys out of the hand-outs; answers with the aliases for which that failed. */
  withdraw(gone: readonly Gone[]): Promise<ReadonlySet<string>>;
};

export type ApplyPorts = {
  readonly server: Server;
  readonly keyring: Keyring;
  readonly deliverer: Deliverer;
  /** A new secret: `sk-` and 32 random bytes in base64url. */
  readonly mint: () => Secret;
  /** The server's clock. */
  readonly now: () => Date;
  /** Changes at the same time, at most. */
  readonly concurrency: number;
  /** Does a change as soon as the server has room for one more. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
  /** No change is begun after this is aborted; what is under way is finished and told. */
  readonly stop: AbortSignal;
  readonly progress: (done: number, total: number) => void;
};
