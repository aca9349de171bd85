import { PEOPLE_TABLE } from './people-facts.ts';

export const SANDBOX_VERSIONS = ['1.65.8', '1.77.7', '1.83.14', '1.108.7', '1.110.2'] as const;

/** A version of LiteLLM that the sandbox can behave like. */
export type SandboxVersion = (typeof SANDBOX_VERSIONS)[number];

export const NEWEST: SandboxVersion = '1.110.2';

/** Whether something that came with `since` exists in `version`. */
export function has(version: SandboxVersion, since: SandboxVersion): boolean {
  return SANDBOX_VERSIONS.indexOf(version) >= SANDBOX_VERSIONS.indexOf(since);
}

/**
 * What LiteLLM's versions do differently, apart from the fields (`fields.ts`), columns (`columns.ts`) and routes
 * (`routes.ts`), which say themselves since when they exist. Each fact names the versions in which it changed.
 * The handlers read facts and never compare versions.
 */
const TABLE = {
  // Listing
  aliasFilter: { '1.65.8': 'exact', '1.83.14': 'substring', '1.108.7': 'asked' },
  hashFilter: { '1.65.8': false, '1.77.7': true },
  sorting: { '1.65.8': 'never', '1.77.7': 'some columns', '1.110.2': 'more columns' },
  searching: { '1.65.8': false, '1.108.7': true },
  statusFilter: { '1.65.8': 'ignored', '1.83.14': 'deleted', '1.108.7': 'every' },
  expandUser: { '1.65.8': false, '1.83.14': true },
  rowsKeepToken: { '1.65.8': true, '1.83.14': false },
  rowsFiltered: { '1.65.8': false, '1.83.14': true },
  namesAliases: { '1.65.8': false, '1.83.14': true },
  budgetInList: { '1.65.8': false, '1.108.7': true },
  permissionInInfo: { '1.65.8': false, '1.83.14': true },
  deletedKeyInfo: { '1.65.8': false, '1.108.7': true },
  // Time
  createDuration: { '1.65.8': 'exact', '1.77.7': 'calendar', '1.83.14': 'exact' },
  budgetReset: { '1.65.8': 'exact', '1.77.7': 'calendar' },
  budgetDuration: { '1.65.8': 'any', '1.108.7': 'checked' },
  weeks: { '1.65.8': true, '1.77.7': false, '1.108.7': true },
  months: { '1.65.8': 'broken', '1.83.14': 'right' },
  durationWords: { '1.65.8': false, '1.108.7': true },
  // Creating
  tokenInAnswer: { '1.65.8': 'secret', '1.77.7': 'hash' },
  customKey: { '1.65.8': 'any', '1.77.7': 'prefix', '1.108.7': 'length' },
  disableCustomKeys: { '1.65.8': false, '1.108.7': true },
  negativeBudget: {
    '1.65.8': null,
    '1.83.14': 'cannot be negative',
    '1.108.7': 'must be a non-negative finite number',
  },
  aliasCharacters: { '1.65.8': false, '1.108.7': true },
  keepsNullPeriod: { '1.65.8': false, '1.108.7': true },
  keepsKeyType: { '1.65.8': false, '1.108.7': true },
  enforcedParams: { '1.65.8': 'broken', '1.77.7': 'kept' },
  licenceNamesField: { '1.65.8': false, '1.77.7': true },
  licenceTrial: { '1.65.8': 'https://www.litellm.ai/#trial', '1.77.7': 'https://www.litellm.ai/enterprise#trial' },
  emptyLicenceCreate: { '1.65.8': 'refused', '1.108.7': 'kept' },
  serviceAccounts: { '1.65.8': false, '1.77.7': true },
  marksServiceAccounts: { '1.65.8': false, '1.108.7': true },
  memberOwnsKeys: { '1.65.8': false, '1.83.14': true },
  teamKeys: {
    '1.65.8': 'own',
    '1.77.7': "'/key/info', '/key/health'",
    '1.108.7': "'/key/health', '/key/info'",
    '1.110.2': "'/key/info', '/key/health'",
  },
  negativeRates: { '1.65.8': 'kept', '1.110.2': 'refused' },
  hidesCallbacks: { '1.65.8': false, '1.108.7': true },
  // Changing and deleting
  clearExpiry: { '1.65.8': false, '1.83.14': true },
  clearBudgetDuration: { '1.65.8': false, '1.108.7': true },
  emptyBudgetIsNull: { '1.65.8': false, '1.83.14': true },
  updateByAlias: { '1.65.8': false, '1.108.7': true },
  unknownKeyOnUpdate: { '1.65.8': 401, '1.83.14': 404 },
  unknownTeamOnUpdate: { '1.65.8': null, '1.77.7': 400, '1.83.14': 404 },
  projectUpdate: { '1.65.8': 'dropped', '1.108.7': 'refused' },
  permissionInUpdate: { '1.65.8': false, '1.108.7': true },
  softBudgetUpdate: { '1.65.8': false, '1.108.7': true },
  licenceUpdate: { '1.65.8': 'kept', '1.77.7': 'refused', '1.108.7': 'empty' },
  foreignUpdates: { '1.65.8': 'allowed', '1.83.14': 'refused' },
  blockChecksHash: { '1.65.8': false, '1.77.7': true },
  bulkErasesMissing: { '1.65.8': false, '1.83.14': true, '1.108.7': false },
  deleteNothingFound: { '1.65.8': 200, '1.77.7': 404 },
  // The form of errors
  internalPrefix: { '1.65.8': 'Internal Server Error, ', '1.83.14': '' },
  absentParam: { '1.65.8': 'None', '1.108.7': null },
  echoesInput: { '1.65.8': true, '1.108.7': false },
  arrayBody: { '1.65.8': 'unauthorized', '1.83.14': 'crash', '1.110.2': 'refused' },
  errorsByStatus: { '1.65.8': false, '1.110.2': true },
  crash: { '1.65.8': 'text', '1.108.7': 'json' },
  missingDatabase: { '1.65.8': 'connect', '1.77.7': 'see', '1.108.7': 'advice' },
  databaseDown: { '1.65.8': 'unauthorized', '1.108.7': 'unavailable' },
  databaseDownToKeys: { '1.65.8': 'told', '1.110.2': 'unavailable' },
  infoWithoutDatabase: { '1.65.8': 'told', '1.110.2': 'hidden' },
  // Who asks
  litellmKeyHeader: { '1.65.8': false, '1.77.7': true },
  malformedKey: { '1.65.8': 'printed', '1.77.7': 'hidden' },
  foreignKeyText: { '1.65.8': 'printed', '1.83.14': 'masked' },
  foreignKeyPrefix: { '1.65.8': 'Authentication Error, ', '1.108.7': '' },
  unknownKeyText: { '1.65.8': 'hash', '1.77.7': 'both', '1.108.7': 'none' },
  unknownUser: { '1.65.8': 'unknown', '1.108.7': '*******' },
  routeDenied: { '1.65.8': 'never', '1.77.7': 'crash', '1.83.14': 'detail' },
  blockedArticle: { '1.65.8': 'admin', '1.83.14': 'an admin' },
  expiredStatus: { '1.65.8': 400, '1.108.7': 401 },
  expiredParam: { '1.65.8': 'hash', '1.77.7': 'secret', '1.83.14': 'masked', '1.108.7': 'hash-end' },
  overBudgetStatus: { '1.65.8': 400, '1.108.7': 422 },
  overBudgetReadsInfo: { '1.65.8': false, '1.77.7': true },
  overBudgetListsModels: { '1.65.8': false, '1.110.2': true },
  // Models and calls
  modelDenied: { '1.65.8': 401, '1.108.7': 403 },
  unknownModel: { '1.65.8': 'wrapped', '1.83.14': 'plain', '1.108.7': 'typed' },
  rateLimit: { '1.65.8': 'legacy', '1.77.7': 'plain', '1.108.7': 'typed' },
  modelLimits: { '1.65.8': false, '1.108.7': true },
  nullsInCompletion: { '1.65.8': true, '1.77.7': false },
  // Usage
  usageEntities: { '1.65.8': false, '1.77.7': true },
  usageUnknownKey: { '1.65.8': 'none', '1.83.14': 'plain', '1.108.7': 'hash' },
  usageMaster: { '1.65.8': null, '1.108.7': 'litellm_proxy_master_key' },
  usageModel: { '1.65.8': 'public', '1.83.14': 'stored', '1.108.7': 'always stored' },
  usageArchive: { '1.65.8': false, '1.83.14': true },
  usageDates: { '1.65.8': 'unchecked', '1.108.7': 'checked' },
  // Health and headers
  readiness: { '1.65.8': 'connected', '1.83.14': 'healthy', '1.108.7': 'short' },
  readinessClock: { '1.65.8': true, '1.83.14': false },
  readinessWarnings: { '1.65.8': false, '1.108.7': true },
  aiohttp: { '1.65.8': false, '1.77.7': true },
  logLevel: { '1.65.8': false, '1.83.14': true },
  serverHeader: { '1.65.8': true, '1.108.7': false },
  // Sessions
  loginLocation: { '1.65.8': 'user', '1.77.7': 'slash', '1.108.7': 'bare' },
  loginHint: { '1.65.8': 'env', '1.108.7': 'user' },
  sessionLife: { '1.65.8': 'exact', '1.77.7': 'calendar', '1.83.14': 'exact' },
  sessionBudget: { '1.65.8': 10, '1.83.14': 0.25, '1.108.7': 1 },
  sessionRootPath: { '1.65.8': false, '1.77.7': true },
  sessionExpiry: { '1.65.8': false, '1.108.7': true },
  ...PEOPLE_TABLE,
} as const satisfies Record<string, Changes>;

/** The value of a fact in the oldest version, and in each that changed it. */
export type Changes = { readonly '1.65.8': unknown } & { readonly [version in SandboxVersion]?: unknown };
type Table = typeof TABLE;

/** The facts of one version. */
export type Facts = { readonly [Name in keyof Table]: Table[Name][keyof Table[Name]] };

export function versionFacts(version: SandboxVersion): Facts {
  const known = SANDBOX_VERSIONS.filter((since) => has(version, since));
  const latest = (changes: Changes): unknown => changes[known.findLast((since) => since in changes) ?? '1.65.8'];
  // oxlint-disable-next-line no-unsafe-type-assertion -- fromEntries forgets the names
  return Object.fromEntries(Object.entries(TABLE).map(([name, changes]) => [name, latest(changes)])) as Facts;
}
