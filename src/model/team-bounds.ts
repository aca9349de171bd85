/** What a team lets all of its keys do, whatever they say themselves. */
export type TeamBounds = {
  readonly team_id: string;
  readonly team_alias: string | null;
  /** Names as in a key's `models`; none means all. */
  readonly models: readonly string[];
  readonly max_budget: number | null;
  readonly tpm_limit: number | null;
  readonly rpm_limit: number | null;
  readonly spend: number;
  readonly blocked: boolean;
};

/** Teams by their ids; `null`: the server has no such team. Those that could not be read are left out. */
export type Teams = ReadonlyMap<string, TeamBounds | null>;

/** What the server offers under a name, and the access groups that have it. */
export type Deployment = { readonly name: string; readonly groups: readonly string[] };
