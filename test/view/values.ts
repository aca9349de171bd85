import type { Change, Desired, Live, Outcome, Plan, Report } from '../../src/model/model.ts';
import { Secret } from '../../src/base/secret.ts';
import type { Look } from '../../src/view/look.ts';

export const NOW = new Date('2026-11-21T12:00:00Z');
export const LOOK: Look = { color: 0, columns: 100, now: NOW };
export const PIPED: Look = { ...LOOK, columns: null };

export function desired(key_alias: string, more: Partial<Desired> = {}): Desired {
  return {
    key_alias,
    state: 'present',
    user: null,
    settings: {},
    metadata: {},
    on_expired: 'report',
    extra: {},
    placeholders: { key_alias },
    origin: null,
    ...more,
  };
}

export function live(key_alias: string, more: Partial<Live> = {}): Live {
  return {
    key_id: new Secret(key_alias).hash(),
    key_alias,
    key_name: 'sk-...wXyZ',
    settings: {},
    metadata: {},
    mark: { set: 'ai-workshop' },
    created_at: '2026-11-21T09:00:00Z',
    expires: null,
    budget_reset_at: null,
    spend: 0,
    ...more,
  };
}

export function creation(
  key_alias: string,
  changes: Readonly<Record<string, Change['changes'][number]['to']>>,
): Change {
  const user = key_alias.split('-').at(-1) ?? null;
  const fields = Object.entries(changes).map(([field, to]) => ({ field, from: null, to }));
  const settings = { user_id: changes['user_id'] ?? null };
  return {
    action: 'create',
    key_alias,
    reason: null,
    changes: fields,
    desired: desired(key_alias, { user, settings }),
    live: null,
  };
}

export function update(key_alias: string, changes: Change['changes']): Change {
  return { action: 'update', key_alias, reason: null, changes, desired: desired(key_alias), live: live(key_alias) };
}

export function deletion(key_alias: string): Change {
  return { action: 'delete', key_alias, reason: 'not in the spec', changes: [], desired: null, live: live(key_alias) };
}

export function noop(key_alias: string): Change {
  return { action: 'noop', key_alias, reason: null, changes: [], desired: desired(key_alias), live: live(key_alias) };
}

export function plan(changes: readonly Change[], more: Partial<Plan> = {}): Plan {
  return { set: 'ai-workshop', state: 'present', changes, notices: [], refusals: [], ...more };
}

/** What applying a change gives: a key with the secret `sk-<alias>-secret-wXyZ`. */
export function applied(change: Change, more: Partial<Outcome> = {}): Outcome {
  const after = change.action === 'delete' ? null : live(change.key_alias, { expires: '2026-11-24T12:00:00Z' });
  const secret = change.action === 'create' ? new Secret(`sk-${change.key_alias}-secret-wXyZ`) : null;
  return { change, status: 'applied', live: after, secret, error: null, ...more };
}

export function report(outcomes: readonly Outcome[], more: Partial<Report> = {}): Report {
  const url = 'https://litellm.example.com';
  return { set: 'ai-workshop', state: 'present', url, outcomes, missing: [], notices: [], ...more };
}

/** `lab-user1` … `lab-user<n>`. */
export function aliases(n: number): readonly string[] {
  return Array.from({ length: n }, (_, index) => `lab-user${String(index + 1)}`);
}
