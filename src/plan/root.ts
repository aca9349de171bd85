/** Users without whom nobody could manage the server any more: whoever uses the master key, and the last of its admins. */
import { MASTER_USER } from '../kinds/user.ts';
import { isDeletion, type Change } from '../model/change.ts';
import type { Plan, Refusal } from '../model/plan.ts';

const ADMIN = 'proxy_admin';

/** Users whom a plan deletes, or takes the role of an admin from. */
export function leavingAdmins({ changes }: Plan): readonly Change[] {
  return changes.filter((change) => {
    const { live, ref, fields } = change;
    if (ref.kind !== 'user' || live === null) return false;
    const isAdmin = live.settings['user_role'] === ADMIN;
    if (isDeletion(change)) return isAdmin || live.id === MASTER_USER;
    return isAdmin && fields.some(({ field }) => field === 'user_role');
  });
}

/** Refuses to take the last admins of a server away. `admins`: the roles of its users who are more than users. */
export function rootRefusals(plans: readonly Plan[], admins: ReadonlyMap<string, string>): readonly Refusal[] {
  const leaving = plans.flatMap(leavingAdmins);
  const going = new Set(leaving.map(({ live }) => live?.id));
  const stays = [...admins].some(([id, role]) => role === ADMIN && !going.has(id));
  return leaving.flatMap(({ ref }): Refusal[] => {
    if (ref.name === MASTER_USER) {
      const message = 'It is the user of the master key, which vkeys does not take away.';
      return [{ code: 'root', ref, message, hint: 'Take it out of the spec, or of the command.' }];
    }
    if (stays) return [];
    const message = `It is the last ${ADMIN} of the server, so nobody could manage it but with the master key.`;
    return [{ code: 'root', ref, message, hint: `Make somebody else a ${ADMIN} first.` }];
  });
}
