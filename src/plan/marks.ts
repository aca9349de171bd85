/** Whose things are, and nothing else of them: our mark, or, where a thing can have none, a line of the keyring. */
import { isUpdate, type Change } from '../model/change.ts';
import type { Notice, Plan } from '../model/plan.ts';
import type { Desired } from '../model/resource.ts';

/** Whether a change is of our mark: which set a thing is of, and what its spec calls it. */
export function isOfMark(field: string): boolean {
  return field === 'set' || field === 'name';
}

/** Of a plan just that. What is not there is told, and what would go stays. */
export function marksOnly(plan: Plan): Plan {
  const changes = plan.changes.flatMap((change): readonly Change[] => {
    if (!isUpdate(change)) return change.action === 'noop' ? [change] : [];
    const fields = change.fields.filter(({ field }) => isOfMark(field));
    const action = change.action === 'adopt' ? 'adopt' : fields.length === 0 ? 'noop' : 'update';
    return [{ ...change, action, fields, desired: unmanaged(change.desired) }];
  });
  const missing = plan.changes.filter(({ action }) => action === 'create').map(({ ref }) => ref);
  const ended = plan.refusals.flatMap(({ code, ref }) => (code === 'lifetime' && ref !== null ? [ref] : []));
  return {
    ...plan,
    changes,
    withdrawals: [],
    notices: [
      ...plan.notices.filter(({ code }) => SAID.has(code)),
      ...[...missing, ...ended].map((ref): Notice => ({ code: 'missing', ref, message: MISSING, hint: null })),
    ],
    refusals: plan.refusals.filter(({ code }) => code !== 'lifetime'),
  };
}

const MISSING = 'It is not on the server.';

/** Of notices those that say whose things are. */
const SAID: ReadonlySet<Notice['code']> = new Set(['duplicate', 'foreign', 'survey', 'orphan']);

/** The same thing, of which nothing is managed. */
function unmanaged({
  lifetime: _lifetime,
  sharing: _sharing,
  secrets: _secrets,
  opens: _opens,
  ...desired
}: Desired): Desired {
  return { ...desired, settings: {}, metadata: {}, extra: {} };
}
