import type { JsonObject } from '../../src/base/json.ts';
import type { Change, FieldChange } from '../../src/model/change.ts';
import type { Outcome, SetReport } from '../../src/model/outcome.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Ref } from '../../src/model/ref.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import { Secret } from '../../src/base/secret.ts';
import { startRows, startText, type ListOptions } from '../../src/view/list.ts';
import type { Look } from '../../src/view/look.ts';
import { KEYS } from '../../src/view/row.ts';

export const NOW = new Date('2026-11-21T12:00:00Z');
export const LOOK: Look = { color: 0, columns: 100, now: NOW, cwd: '/home/ada' };
export const PIPED: Look = { ...LOOK, columns: null };

export function ref(name: string): Ref {
  return { kind: 'key', name };
}

export function desired(name: string, more: Partial<Desired> = {}): Desired {
  return {
    ref: ref(name),
    previously: [],
    state: 'present',
    user: null,
    settings: {},
    metadata: {},
    on_expired: 'report',
    extra: {},
    placeholders: { key_alias: name, ...(more.user == null ? {} : { user: more.user }) },
    origin: null,
    ...more,
  };
}

export function live(name: string, more: Partial<Live> = {}): Live {
  return {
    kind: 'key',
    id: new Secret(name).hash(),
    name,
    key_name: 'sk-...wXyZ',
    settings: {},
    metadata: {},
    extra: {},
    mark: { set: 'ai-workshop', name },
    created_at: '2026-11-21T09:00:00Z',
    expires: null,
    budget_reset_at: null,
    spend: 0,
    ...more,
  };
}

export function creation(name: string, changes: Readonly<Record<string, FieldChange['to']>>): Change {
  const user = name.split('-').at(-1) ?? null;
  const fields = Object.entries(changes).map(([field, to]) => ({ field, from: null, to }));
  const settings = { user_id: changes['user_id'] ?? null };
  return { ...about(name, fields), action: 'create', desired: desired(name, { user, settings }), live: null };
}

export function update(name: string, fields: readonly FieldChange[]): Change {
  return { ...about(name, fields), action: 'update', desired: desired(name), live: live(name) };
}

export function deletion(name: string): Change {
  const reason = 'not in the spec';
  return { ...about(name), action: 'delete', because: 'pruned', reason, desired: null, live: live(name) };
}

export function noop(name: string): Change {
  return { ...about(name), action: 'noop', desired: desired(name), live: live(name) };
}

/** What every change has. */
export function about(name: string, fields: readonly FieldChange[] = []) {
  return { ref: ref(name), fields, takes: [], reason: null } as const;
}

export function plan(changes: readonly Change[], more: Partial<Plan> = {}): Plan {
  const nothing = { rewrites: [], retractions: [], withdrawals: [], notices: [], refusals: [] };
  return { set: 'ai-workshop', state: 'present', changes, ...nothing, ...more };
}

/** What applying a change gives: a key with the secret `sk-<alias>-secret-wXyZ`. */
export function applied(change: Change, more: Partial<Outcome> = {}): Outcome {
  const { name } = change.ref;
  const after = change.action === 'delete' ? null : live(name, { expires: '2026-11-24T12:00:00Z' });
  const secret = change.action === 'create' ? new Secret(`sk-${name}-secret-wXyZ`) : null;
  return { change, status: 'applied', live: after, secret, error: null, places: [], ...more };
}

export function report(outcomes: readonly Outcome[], more: Partial<SetReport> = {}): SetReport {
  const nothing = { missing: [], notices: [], written: [], withdrawn: [] };
  return { set: 'ai-workshop', state: 'present', url: 'https://litellm.example.com', outcomes, ...nothing, ...more };
}

/** `lab-user1` … `lab-user<n>`. */
export function aliases(n: number): readonly string[] {
  return Array.from({ length: n }, (_, index) => `lab-user${String(index + 1)}`);
}

export function listText(lives: readonly Live[], look: Look, options: ListOptions): string {
  const list = startText(KEYS, look, options);
  list.add(lives, look.now);
  return [...list.chunks()].join('');
}

export function listJson(lives: readonly Live[], now: Date, options: ListOptions): readonly JsonObject[] {
  const list = startRows(KEYS, options);
  list.add(lives, now);
  return [...list.rows()];
}
