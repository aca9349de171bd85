/** How much of a server was used, and what that is told by. */

/** What usage can be told by. */
export const DIMENSIONS = ['key', 'user', 'team', 'model', 'day', 'tag', 'set'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** What was counted. `failed` are of the requests: refused ones too. `spend` is in US dollars. */
export type Figures = {
  readonly requests: number;
  readonly failed: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly spend: number;
};

export const FIGURES = ['requests', 'failed', 'prompt_tokens', 'completion_tokens', 'spend'] as const;

/** What the master key is called where usage names keys by their hash. */
export const MASTER = 'litellm_proxy_master_key';

/** Figures of one day, as fine as a source has them. `null`: there is none, or the source does not tell it. */
export type UsageCell = Figures & {
  /** In UTC. */
  readonly day: string;
  /** A hash, or `MASTER`. */
  readonly key_id: string | null;
  readonly key_alias: string | null;
  readonly user_id: string | null;
  readonly team_id: string | null;
  readonly team_alias: string | null;
  readonly model: string | null;
  readonly tag: string | null;
};

/** A cell that says nothing yet. */
export const NO_USAGE: Omit<UsageCell, 'day'> = {
  key_id: null,
  key_alias: null,
  user_id: null,
  team_id: null,
  team_alias: null,
  model: null,
  tag: null,
  requests: 0,
  failed: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  spend: 0,
};

/** What a source of usage is asked for. Both days are in it. */
export type UsageQuery = {
  /** What its cells have to tell apart. */
  readonly needs: ReadonlySet<Dimension>;
  readonly since: string;
  readonly until: string;
};

/** What usage comes from. `name`: its route, for people. */
export type UsageSource = {
  readonly name: string;
  /** What it cannot tell, in words. */
  readonly gaps: readonly string[];
  /** Shows each cell once: there may be more than should be held. */
  readonly read: (see: SeeUsage) => Promise<void>;
};

/** What is done with a cell. */
export type SeeUsage = (cell: UsageCell) => void;

/** What somebody may spend, and has spent of it since it began. */
export type Allowance = { readonly max_budget: number | null; readonly spend: number };

/** One row: the values of what it is told by, in the order that was asked for, and what they came to. */
export type UsageLine = Figures & {
  readonly values: readonly (string | null)[];
  readonly key_alias: string | null;
  readonly team_alias: string | null;
  /** Of a row for one key, user or team; `null`: the server has it no more, or was not asked. */
  readonly budget: Allowance | null;
  /** When it was used last: a moment (RFC 3339) where the server tells one, else a day. */
  readonly last_used: string | null;
  /** Whether the server still has the key of a row for one; `null`: it is not about one. */
  readonly exists: boolean | null;
};

/** A row that grows. There may be very many, so that it is none that is made anew. */
export type UsageRow = { -readonly [K in keyof UsageLine]: UsageLine[K] };

/** Usage as it was found. */
export type UsageReport = {
  readonly by: readonly Dimension[];
  readonly since: string;
  readonly until: string;
  /** The server's clock when it was read. */
  readonly as_of: string;
  /** The route that it comes from. */
  readonly source: string;
  readonly lines: readonly UsageLine[];
  /** `null` by tag: a request may have several. */
  readonly total: Figures | null;
};

/** What was called with one key. `spend` in US dollars; `refused`: before 1.83 no server tells whose refused calls were. */
export type KeyCalls = { readonly calls: number; readonly refused: number; readonly spend: number };
