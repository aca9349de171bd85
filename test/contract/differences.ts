import { isOlder } from '../../src/base/version.ts';

/**
 * What LiteLLM's versions answer differently, as far as vkeys meets it: each fact from the version on in which it was
 * seen first. A refusal is named by its `ProblemCode`, `ok` is none.
 */
const TABLE = {
  // Refusals of /key/generate
  controlCharacterInAlias: { '1.65.8': 'ok', '1.108.7': 'invalid' },
  secretWithoutPrefix: { '1.65.8': 'ok', '1.77.7': 'invalid' },
  shortSecret: { '1.65.8': 'ok', '1.108.7': 'invalid' },
  negativeBudget: { '1.65.8': 'ok', '1.83.14': 'invalid' },
  wrongDuration: { '1.65.8': 'invalid', '1.77.7': 'ok', '1.83.14': 'invalid' },
  wrongBudgetDuration: { '1.65.8': 'invalid', '1.77.7': 'ok', '1.108.7': 'invalid' },
  promptsWithoutLicence: { '1.65.8': 'ok', '1.77.7': 'licence' },
  policiesWithoutLicence: { '1.65.8': 'ok', '1.83.14': 'licence' },
  emptyTags: { '1.65.8': 'licence', '1.108.7': 'ok' },
  unknownOrganization: { '1.65.8': 'ok', '1.83.14': 'invalid' },
  unknownProject: { '1.65.8': 'ok', '1.83.14': 'invalid' },
  unknownKeyType: { '1.65.8': 'ok', '1.77.7': 'invalid' },
  // Refusals of /key/update
  tagsInUpdate: { '1.65.8': 'ok', '1.77.7': 'licence' },
  emptyTagsInUpdate: { '1.65.8': 'ok', '1.77.7': 'licence', '1.108.7': 'ok' },
  unknownTeamInUpdate: { '1.65.8': 'ok', '1.77.7': 'invalid' },
  minusOneAsDuration: { '1.65.8': 'invalid', '1.83.14': 'ok' },
  negativeBudgetInUpdate: { '1.65.8': 'ok', '1.83.14': 'invalid' },
  wrongBudgetDurationInUpdate: { '1.65.8': 'invalid', '1.77.7': 'ok', '1.108.7': 'invalid' },
  // Refusals of the other routes
  deletingUnknownKeys: { '1.65.8': 'ok', '1.77.7': 'no_keys_found' },
  blockingUnknownKey: { '1.65.8': 'credential', '1.83.14': 'key_not_found' },
  keyForModelsOnly: { '1.65.8': 'forbidden', '1.77.7': 'other', '1.83.14': 'forbidden' },
  // What is read
  aliasFilter: { '1.65.8': 'exact', '1.83.14': 'substring', '1.108.7': 'exact' },
  hashFilter: { '1.65.8': 'ignored', '1.77.7': 'exact' },
  order: { '1.65.8': 'newest first', '1.77.7': 'as asked' },
  rowsOfManyKeys: { '1.65.8': 'with their token', '1.83.14': 'without their token' },
  manyKeysByAlias: { '1.65.8': 'every key', '1.83.14': 'those keys' },
  search: { '1.65.8': 'ignored', '1.108.7': 'a hash, or a part of an alias' },
  deletedKeyInfo: { '1.65.8': 'unknown', '1.108.7': 'deleted' },
  versionFrom: { '1.65.8': '/health/readiness', '1.108.7': '/public/model_hub/info' },
  // What is written
  tokenInAnswer: { '1.65.8': 'the secret', '1.77.7': 'the hash' },
  durationOnCreate: { '1.65.8': 'exact', '1.77.7': 'snapped to the calendar', '1.83.14': 'exact' },
  clearedExpiry: { '1.65.8': 'kept', '1.83.14': 'cleared' },
  clearedBudgetDuration: { '1.65.8': 'kept', '1.108.7': 'cleared' },
} as const satisfies Record<string, Changes>;

type Changes = { readonly [since: `${number}.${number}.${number}`]: string } & { readonly '1.65.8': string };

export type Difference = keyof typeof TABLE;
export type Differences = Readonly<Record<Difference, string>>;

/** What is to be expected of one version; one between two known ones behaves like the older of them. */
export function differencesOf(version: string): Differences {
  const expected = (changes: Changes): string =>
    Object.entries(changes).findLast(([since]) => !isOlder(version, since))?.[1] ?? changes['1.65.8'];
  // oxlint-disable-next-line no-unsafe-type-assertion -- fromEntries forgets the names
  return Object.fromEntries(
    Object.entries(TABLE).map(([name, changes]: [string, Changes]) => [name, expected(changes)]),
  ) as Differences;
}
