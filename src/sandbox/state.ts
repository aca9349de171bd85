import { createHash, randomBytes } from 'node:crypto';
import type { Json, JsonObject } from '../base/json.ts';
import type { Beliefs } from './beliefs.ts';
import type { Fields } from './fields.ts';
import type { Counted } from './usage.ts';
import type { Facts, SandboxVersion } from './versions.ts';

/** A row of a table: column → value. Times are ISO texts with milliseconds; the answers print them as each route does. */
export type Row = { [column: string]: Json };

/** A key's row; the columns named here exist in every version. */
export type StoredKey = Row & {
  token: string;
  key_alias: string | null;
  key_name: string | null;
  models: readonly string[];
  metadata: JsonObject | null;
  user_id: string | null;
  team_id: string | null;
  spend: number;
  max_budget: number | null;
  rpm_limit: number | null;
  blocked: boolean | null;
  expires: string | null;
  created_at: string | null;
};

/** The rows of teams, users, budgets and memberships likewise. */
export type StoredTeam = Row & {
  team_id: string;
  team_alias: string | null;
  members_with_roles: readonly Member[];
  models: readonly string[];
  blocked: boolean;
};

/** Who is in a team, and as what. */
export type Member = {
  readonly user_id: string;
  readonly user_email: string | null;
  readonly role: string;
};

export type StoredUser = Row & {
  user_id: string;
  user_email: string | null;
  teams: readonly string[];
  models: readonly string[];
  spend: number;
};

export type StoredBudget = Row & { budget_id: string; max_budget: number | null; created_at: string };

export type Membership = Row & { team_id: string; user_id: string; budget_id: string | null };

export type Database = 'connected' | 'none' | 'down';

/** What a site can set in LiteLLM's configuration, as far as the sandbox knows it. */
export type SandboxSettings = {
  readonly masterKey: string;
  readonly models: readonly string[];
  readonly login: { readonly username: string; readonly password: string };
  readonly openshiftTokens: readonly string[];
  /** `default_key_generate_params`: fills what a create leaves out. */
  readonly keyDefaults: Fields;
  /** `upperbound_key_generate_params`: bounds that also fill what is left out. */
  readonly upperBounds: UpperBounds;
  readonly checkAliasFormat: boolean;
  readonly disableCustomKeys: boolean;
};

type UpperBounds = {
  readonly [name in 'max_budget' | 'max_parallel_requests' | 'tpm_limit' | 'rpm_limit']?: number;
} & { readonly [name in 'duration' | 'budget_duration']?: string };

export type Server = {
  readonly version: SandboxVersion;
  readonly facts: Facts;
  readonly settings: SandboxSettings;
  readonly now: () => Date;
  /** Keys by hash, oldest first. */
  readonly keys: Map<string, StoredKey>;
  readonly deleted: StoredKey[];
  readonly teams: Map<string, StoredTeam>;
  readonly users: Map<string, StoredUser>;
  /** Budgets by id, in the order in which they were last written, as an unsorted table gives them. */
  readonly budgets: Map<string, StoredBudget>;
  /** What a member's spend and budget are, by `membershipId`. */
  readonly memberships: Map<string, Membership>;
  readonly deletedTeams: StoredTeam[];
  /** When each key was last used, in milliseconds, for its limits per minute. */
  readonly calls: Map<string, number[]>;
  readonly beliefs: Beliefs;
  /** When each key was last looked at, in milliseconds. */
  readonly seen: Map<string, number>;
  /** The members of each team as requests that overlap have read them; null while they come one after another. */
  overlap: ReadonlyMap<string, readonly Member[]> | null;
  /** Every call, for usage. */
  readonly counted: Counted[];
  database: Database;
};

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

/** A secret as LiteLLM generates it: `sk-` and 22 base64url characters. */
export function mintSecret(): string {
  return `sk-${randomBytes(16).toString('base64url')}`;
}

/** Routes take a key as its hash or as its secret. */
export function hashOfEither(key: string): string {
  return key.startsWith('sk-') ? hashOf(key) : key;
}

export function keysOfAlias(server: Server, alias: string): StoredKey[] {
  return [...server.keys.values()].filter((row) => row.key_alias === alias);
}

/** The budget that a row names. */
export function budgetOf({ budgets }: Server, { budget_id: id }: Row): StoredBudget | null {
  return (typeof id === 'string' ? budgets.get(id) : null) ?? null;
}

/** The team id of the user interface's session keys, which are never listed. */
export const SESSION_TEAM = 'litellm-dashboard';

export const ADMIN_USER = 'default_user_id';
