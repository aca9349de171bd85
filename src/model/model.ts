import type { VkeysError } from '../base/errors.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { Secret } from '../base/secret.ts';
import type { FieldName, Settings } from '../kinds/key.ts';

/** When a key ends: so long after its creation (`30d`), at a moment (RFC 3339, UTC), or never. */
export type Lifetime = { readonly duration: string } | { readonly expires: string } | 'never';

/** A place in a file, 1-based, for messages. */
export type Origin = { readonly file: string; readonly line: number; readonly column: number };

/** One key as the spec wants it: what `expand` makes of the spec, a roster's users included. */
export type Desired = {
  readonly key_alias: string;
  readonly state: 'present' | 'absent';
  /** The roster's user whose key this is; `null` without a roster. */
  readonly user: string | null;
  readonly settings: Settings;
  /** Members to merge into the server's `metadata`; `null` takes a member away. */
  readonly metadata: JsonObject;
  /** `undefined`: not managed. */
  readonly lifetime?: Lifetime;
  readonly on_expired: 'report' | 'recreate';
  /** Passed to the server at creation and in updates as they are, for fields that vkeys does not know. */
  readonly extra: JsonObject;
  /** What templates may name: `key_alias`, `user`, the roster's columns, … */
  readonly placeholders: Readonly<Record<string, string>>;
  readonly origin: Origin | null;
};

/** What a set may be called: a word of a file's name, because each set has a keyring of its own. */
export const SET_NAME = /^(?!\.+$)[A-Za-z0-9._-]{1,64}$/;

/** Our mark in a key's metadata (`metadata.vkeys`): the set that owns the key. `mint` names a creation whose secret the server chose. */
export type Mark = { readonly set: string; readonly mint?: string };

/** One key as the server has it: the same fields, read. */
export type Live = {
  /** The secret's SHA-256 (LiteLLM: `token`). */
  readonly key_id: string;
  readonly key_alias: string | null;
  /** The server's masked secret, `sk-...wXyZ`. */
  readonly key_name: string | null;
  /** Only fields that are set; a cleared one is absent. */
  readonly settings: Settings;
  /** As the server has it, whole. */
  readonly metadata: JsonObject;
  readonly mark: Mark | null;
  /** RFC 3339. */
  readonly created_at: string | null;
  readonly expires: string | null;
  readonly budget_reset_at: string | null;
  /** US dollars. */
  readonly spend: number;
};

/** Live keys at one moment of the server's own clock (its `Date` header). */
export type Snapshot = {
  readonly keys: readonly Live[];
  readonly now: Date;
  /** Whether these are all keys, and not only those of an alias that was asked for. */
  readonly complete: boolean;
  /** The fields that this server's rows have; `null` while no row was seen. */
  readonly listed: ReadonlySet<FieldName> | null;
};

export type Action = 'create' | 'update' | 'adopt' | 'rotate' | 'delete' | 'noop';

/** One line of a plan: `max_budget 5 → 10`. `null` is "not set". */
export type FieldChange = { readonly field: string; readonly from: Json; readonly to: Json };

/** What is to be done about one key, and `reason` where that is not obvious. */
export type Change = {
  readonly key_alias: string;
  readonly changes: readonly FieldChange[];
  readonly reason: string | null;
} & (
  | { readonly action: 'create'; readonly desired: Desired; readonly live: null }
  | { readonly action: 'rotate'; readonly desired: Desired; readonly live: Live }
  | { readonly action: 'update' | 'adopt'; readonly desired: Desired; readonly live: Live }
  | { readonly action: 'noop'; readonly desired: Desired; readonly live: Live }
  | { readonly action: 'delete'; readonly desired: Desired | null; readonly live: Live }
);

/** Worth saying, changes nothing. In `refusals` of a plan: stops `apply` before its first change. */
export type Notice = {
  readonly code:
    | 'orphan'
    | 'expired'
    | 'duplicate'
    | 'foreign'
    | 'missing'
    | 'unsupported'
    | 'ignored'
    | 'secret_unknown'
    | 'keyring'
    | 'delivery'
    | 'guard'
    | 'model'
    | 'lifetime'
    | 'server'
    | 'race';
  readonly key_alias: string | null;
  readonly message: string;
  /** The next step; `null` where none is needed. */
  readonly hint: string | null;
};

export type Summary = Readonly<Record<Action, number>>;

/** What apply would do to one set: sorted by action's order of execution and alias. Free of secrets. */
export type Plan = {
  readonly set: string;
  readonly state: 'present' | 'absent';
  readonly changes: readonly Change[];
  readonly notices: readonly Notice[];
  readonly refusals: readonly Notice[];
};

/** What became of a change. `failed` carries its error; `skipped` was not tried (interrupted, or another run was first). */
export type Outcome = {
  readonly change: Change;
  readonly status: 'applied' | 'failed' | 'skipped';
  /** The key as it was read back; `null` when it is gone, or was never there. */
  readonly live: Live | null;
  /** Where this run or the keyring knows it. */
  readonly secret: Secret | null;
  readonly error: VkeysError | null;
};

/** What one run did to one set: what `apply`, `create` and `delete` print. */
export type Report = {
  /** `null` where keys of several sets were named. */
  readonly set: string | null;
  readonly state: 'present' | 'absent';
  /** The server's address without `/v1`. */
  readonly url: string;
  readonly outcomes: readonly Outcome[];
  /** Aliases that were to be deleted and were not there. */
  readonly missing: readonly string[];
  readonly notices: readonly Notice[];
};

/** Where a new secret goes. Paths are absolute; `{…}` in them and in names and values are placeholders. */
export type Delivery =
  | { readonly to: 'dotenv'; readonly path: string; readonly variables: Readonly<Record<string, string>> }
  | { readonly to: 'json' | 'csv'; readonly path: string };

/** What one file, or several that name the same set, ask for. */
export type Spec = {
  readonly set: string;
  readonly files: readonly string[];
  readonly url: string | null;
  readonly state: 'present' | 'absent';
  /** Owns what it names, as if `--adopt` were given. */
  readonly adopt: boolean;
  readonly desired: readonly Desired[];
  readonly deliver: readonly Delivery[];
  /** The variables of an Ansible role's users, where the file had them: what `-o ansible` reports. */
  readonly ansible: {
    readonly duration: string;
    readonly models: readonly string[];
    readonly user_count: number | null;
  } | null;
};

/** A problem of a spec, with its place. `rule` is stable. */
export type Diagnostic = {
  readonly origin: Origin;
  readonly rule: string;
  readonly message: string;
  readonly hint: string;
  /** The lines around it, with a caret. */
  readonly frame: string;
};
