/**
 * Ids that things are newly given. LiteLLM takes any team of a key, refuses every call of that afterwards, answers 500 for a
 * budget that is not there, drops an organisation before 1.83, and makes a user of any member; so what is neither in the specs of the run nor on the server is
 * refused before.
 */
import { isCreation, isDeletion, type Change } from '../model/change.ts';
import type { Plan, Refusal } from '../model/plan.ts';
import type { Kind } from '../model/ref.ts';

/** Fields that have an id of another thing, with the kinds that have the field and the other's. A key needs no user. */
const ID_FIELDS = {
  team_id: { of: ['key'], kind: 'team' },
  budget_id: { of: ['key'], kind: 'budget' },
  user_id: { of: ['member'], kind: 'user' },
  organization_id: { of: ['key', 'team'], kind: 'organization' },
} as const satisfies Readonly<Record<string, { readonly of: readonly Kind[]; readonly kind: Kind }>>;

export type IdField = keyof typeof ID_FIELDS;

/** The ids that plans newly give to things, but for those of things that they have themselves. */
export function newIds(plans: readonly Plan[], field: IdField): readonly string[] {
  const changes = plans.flatMap((plan) => plan.changes);
  const own = new Set(changes.flatMap((change) => (change.ref.kind === ID_FIELDS[field].kind ? ownIdOf(change) : [])));
  return [...new Set(changes.flatMap((change) => newIdOf(change, field) ?? []))].filter((id) => !own.has(id));
}

function ownIdOf(change: Change): readonly string[] {
  return isDeletion(change) ? [] : [change.live?.id ?? change.desired.id ?? change.ref.name];
}

function newIdOf(change: Change, field: IdField): string | null {
  const kinds: readonly Kind[] = ID_FIELDS[field].of;
  if (!kinds.includes(change.ref.kind) || isDeletion(change)) return null;
  const isNew = isCreation(change) || change.fields.some((each) => each.field === field);
  const id = isNew ? change.desired.settings[field] : null;
  return typeof id === 'string' ? id : null;
}

/** Ids that are nowhere, and for each what was probably meant, in words. */
export type Dead = ReadonlyMap<string, { readonly guess: string; readonly hint: string }>;

/** What refuses the things that would have them. */
export function deadRefusals(plan: Plan, field: IdField, dead: Dead): readonly Refusal[] {
  return plan.changes.flatMap((change): Refusal[] => {
    const id = newIdOf(change, field);
    const found = id === null ? undefined : dead.get(id);
    if (id === null || found === undefined) return [];
    const message = `There is no ${ID_FIELDS[field].kind} with the id ${id}, neither in the spec nor on the server.${found.guess}`;
    return [{ code: 'reference', ref: change.ref, message, hint: found.hint }];
  });
}
