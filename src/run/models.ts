import { VkeysError } from '../base/errors.ts';
import { listDeployments, listModels } from '../litellm/models.ts';
import type { Notice, Plan } from '../model/plan.ts';
import type { Teams } from '../model/team-bounds.ts';
import { newModels, unknownModels, unknownModelsText } from '../plan/models.ts';
import type { Session } from './open.ts';

/** Looks the models up that plans newly give to keys of one server. Throws `spec` for what it does not offer. */
export async function checkModels(
  plans: readonly Plan[],
  teams: Teams,
  { connection }: Session,
): Promise<readonly Notice[]> {
  const wanted = unknownModels([...new Set(plans.flatMap((plan) => newModels(plan, teams)))], []);
  if (wanted.length === 0) return [];
  let offered: readonly string[];
  try {
    offered = await listModels(connection);
    if (unknownModels(wanted, offered).length > 0) {
      const groups = (await listDeployments(connection)).flatMap((each) => each.groups);
      offered = [...offered, ...new Set(groups)];
    }
  } catch (error) {
    if (!(error instanceof VkeysError) || error.kind !== 'auth') throw error;
    const message = 'The models were not checked: this credential may not list them.';
    return [{ code: 'model', ref: null, message, hint: null }];
  }
  const unknown = unknownModels(wanted, offered);
  if (unknown.length === 0) return [];
  throw new VkeysError(
    'spec',
    unknownModelsText(unknown, offered),
    'See `vkeys models`, or go on all the same with --no-model-check.',
  );
}
