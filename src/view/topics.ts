import type { ErrorKind } from '../base/errors.ts';
import type { Notice } from '../model/plan.ts';

/** What `vkeys help` explains. */
export const TOPICS = {
  spec: 'what a spec file may say',
  fields: 'the fields of a key, and which LiteLLM has them',
  people: 'budgets, users, teams and their members',
  sharing: 'keys that several people use, and groups',
  deliveries: 'files that keys are put in',
  places: 'clusters, vaults, programs and key stores that keys go to',
  rules: 'what keys, teams and users have to keep to',
  kubernetes: "the LiteLLM operator's resources as specs",
  auth: 'where the admin credential comes from',
  moving: 'keys that were made by hand, and other servers',
  keyring: 'where secrets are kept, encrypted, moved and forgotten',
  clients: 'what each client reads, and where',
  handout: 'a page, cards and letters for the people who get keys',
  faults: 'what happens if: crashes, bad networks, other people',
  ci: 'in scripts and pipelines',
  json: 'what -o json prints',
  'exit-codes': 'what the exit code says',
  environment: 'the variables that are read',
} as const;

export type Topic = keyof typeof TOPICS;

/** The errors, refusals and notices whose next step needs more than a line, and the topic that has it. */
const OF_ERROR: Readonly<Partial<Record<ErrorKind, Topic>>> = { auth: 'auth' };
const OF_NOTICE: Readonly<Partial<Record<Notice['code'], Topic>>> = {
  foreign: 'faults',
  collision: 'faults',
  guard: 'faults',
  vanished: 'faults',
  secret_unknown: 'keyring',
  unsupported: 'fields',
  cascade: 'people',
  reference: 'people',
  sharing: 'sharing',
  export: 'moving',
  migrate: 'moving',
};

export function topicOfError(kind: ErrorKind): Topic | null {
  return OF_ERROR[kind] ?? null;
}

export function topicOfNotice(code: Notice['code']): Topic | null {
  return OF_NOTICE[code] ?? null;
}
