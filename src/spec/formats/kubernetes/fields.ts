/**
 * What the fields of the operator's resources become. The tables have every field of the CRDs of bbdsoftware/litellm-operator:
 * of 1.1.2, and what earlier versions had besides (a team's `membersWithRole`; a membership's `teamAlias` and `userEmail`).
 */

/** What a field's value is. Dollars are texts, because a CRD has no fractions; the operator's own samples have numbers too. */
export type Shape =
  | 'text'
  | 'texts'
  | 'flag'
  | 'count'
  | 'dollars'
  | 'duration'
  | 'named texts'
  | 'named counts'
  | 'named dollars'
  | 'role'
  | 'user role'
  | 'reference'
  | 'connection'
  | 'members';

/**
 * A field: `to` is LiteLLM's field of the thing itself, `ofKey` that of the key which `autoCreateKey` asks for. `left`: why
 * it goes nowhere. A field without any of them is what others are found by.
 */
export type Row = {
  readonly is: Shape;
  readonly to?: string;
  readonly ofKey?: string;
  readonly left?: string;
  readonly isRequired?: true;
};

export type Rows = Readonly<Record<string, Row>>;

const INVITES = 'vkeys sends no mail';
const SPENT = 'spend moves by itself';

const VIRTUAL_KEY: Rows = {
  connectionRef: { is: 'connection' },
  keyAlias: { is: 'text', to: 'key_alias', isRequired: true },
  models: { is: 'texts', to: 'models' },
  maxBudget: { is: 'dollars', to: 'max_budget' },
  budgetDuration: { is: 'duration', to: 'budget_duration' },
  softBudget: { is: 'dollars', to: 'soft_budget' },
  budgetID: { is: 'text', to: 'budget_id' },
  duration: { is: 'duration', to: 'duration' },
  userID: { is: 'text', to: 'user_id' },
  teamID: { is: 'text', to: 'team_id' },
  tpmLimit: { is: 'count', to: 'tpm_limit' },
  rpmLimit: { is: 'count', to: 'rpm_limit' },
  maxParallelRequests: { is: 'count', to: 'max_parallel_requests' },
  blocked: { is: 'flag', to: 'blocked' },
  aliases: { is: 'named texts', to: 'aliases' },
  config: { is: 'named texts', to: 'config' },
  permissions: { is: 'named texts', to: 'permissions' },
  allowedCacheControls: { is: 'texts', to: 'allowed_cache_controls' },
  allowedRoutes: { is: 'texts', to: 'allowed_routes' },
  enforcedParams: { is: 'texts', to: 'enforced_params' },
  guardrails: { is: 'texts', to: 'guardrails' },
  tags: { is: 'texts', to: 'tags' },
  metadata: { is: 'named texts', to: 'metadata' },
  modelMaxBudget: { is: 'named dollars', to: 'model_max_budget' },
  modelRPMLimit: { is: 'named counts', to: 'model_rpm_limit' },
  modelTPMLimit: { is: 'named counts', to: 'model_tpm_limit' },
  key: { is: 'text' },
  sendInviteEmail: { is: 'flag', left: INVITES },
  spend: { is: 'text', left: SPENT },
};

/** What is only `ofKey` LiteLLM's `/user/new` gives to the key that it makes, and drops where it makes none; measured on 1.110.2. */
const USER: Rows = {
  connectionRef: { is: 'connection' },
  userID: { is: 'text' },
  userEmail: { is: 'text', to: 'user_email' },
  userAlias: { is: 'text', to: 'user_alias' },
  userRole: { is: 'user role', to: 'user_role' },
  ssoUserID: { is: 'text', to: 'sso_user_id' },
  teams: { is: 'texts' },
  autoCreateKey: { is: 'flag' },
  keyAlias: { is: 'text', ofKey: 'key_alias' },
  models: { is: 'texts', to: 'models', ofKey: 'models' },
  maxBudget: { is: 'dollars', to: 'max_budget', ofKey: 'max_budget' },
  budgetDuration: { is: 'duration', to: 'budget_duration', ofKey: 'budget_duration' },
  softBudget: { is: 'dollars', ofKey: 'soft_budget' },
  duration: { is: 'duration', ofKey: 'duration' },
  blocked: { is: 'flag', ofKey: 'blocked' },
  aliases: { is: 'named texts', ofKey: 'aliases' },
  permissions: { is: 'named texts', ofKey: 'permissions' },
  tpmLimit: { is: 'count', to: 'tpm_limit' },
  rpmLimit: { is: 'count', to: 'rpm_limit' },
  maxParallelRequests: { is: 'count', to: 'max_parallel_requests' },
  allowedCacheControls: { is: 'texts', to: 'allowed_cache_controls' },
  guardrails: { is: 'texts', to: 'guardrails' },
  metadata: { is: 'named texts', to: 'metadata' },
  modelMaxBudget: { is: 'named dollars', to: 'model_max_budget' },
  modelRPMLimit: { is: 'named counts', to: 'model_rpm_limit' },
  modelTPMLimit: { is: 'named counts', to: 'model_tpm_limit' },
  sendInviteEmail: { is: 'flag', left: INVITES },
  spend: { is: 'text', left: SPENT },
};

const TEAM: Rows = {
  connectionRef: { is: 'connection' },
  teamAlias: { is: 'text', to: 'team_alias', isRequired: true },
  teamID: { is: 'text' },
  models: { is: 'texts', to: 'models' },
  maxBudget: { is: 'dollars', to: 'max_budget' },
  budgetDuration: { is: 'duration', to: 'budget_duration' },
  tpmLimit: { is: 'count', to: 'tpm_limit' },
  rpmLimit: { is: 'count', to: 'rpm_limit' },
  blocked: { is: 'flag', to: 'blocked' },
  organizationID: { is: 'text', to: 'organization_id' },
  modelAliases: { is: 'named texts', to: 'model_aliases' },
  teamMemberPermissions: { is: 'texts', to: 'team_member_permissions' },
  guardrails: { is: 'texts', to: 'guardrails' },
  tags: { is: 'texts', to: 'tags' },
  metadata: { is: 'named texts', to: 'metadata' },
  membersWithRole: { is: 'members' },
};

const MEMBERSHIP: Rows = {
  connectionRef: { is: 'connection' },
  teamRef: { is: 'reference' },
  userRef: { is: 'reference' },
  teamAlias: { is: 'text' },
  userEmail: { is: 'text' },
  role: { is: 'role', to: 'role', isRequired: true },
  maxBudgetInTeam: { is: 'dollars', to: 'max_budget_in_team' },
};

/** The kinds of resources that are read, each with its fields. */
export const RESOURCES = {
  VirtualKey: VIRTUAL_KEY,
  User: USER,
  Team: TEAM,
  TeamMemberAssociation: MEMBERSHIP,
} as const;

export type ResourceKind = keyof typeof RESOURCES;

export function isResourceKind(kind: string): kind is ResourceKind {
  return Object.hasOwn(RESOURCES, kind);
}
