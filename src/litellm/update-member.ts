/**
 * Changing a member. Versions up to 1.83 take `null` for "not sent", and forget all limits of a member of whom none is sent:
 * where one is to go, all of them do, and the others are set again. A member must be one: of anybody else the server would
 * make half a member.
 */
import type { Body } from '../apply/ports.ts';
import { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { LIMITS, memberOf } from '../kinds/member.ts';
import { isCleared } from '../model/fields.ts';
import type { Landed } from '../model/landed.ts';
import type { Live } from '../model/resource.ts';
import { send, type Connection } from './http/request.ts';
import { landing, readAfter } from './landing.ts';
import { gone } from './make-thing.ts';

/** Changes a member and answers with it as it is afterwards. */
export async function updateMember(
  connection: Connection,
  id: string,
  body: Body,
  get: (id: string) => Promise<Live | null>,
): Promise<Landed<Live>> {
  const { team_id, user_id } = memberOf(id);
  const post = (sent: JsonObject): Promise<unknown> =>
    send(connection, {
      method: 'POST',
      path: '/team/member_update',
      body: () => ({ ...sent, team_id, user_id }),
    });
  const read = async (): Promise<Live | VkeysError> => (await get(id)) ?? gone('member', id);
  const sent = body(connection.clock.server());
  const before = await landing(read);
  if (before.is !== 'done') return before;
  const first = await landing(() => post(sent));
  if (first.is !== 'done') return first;
  return readAfter(async () => {
    const live = await read();
    if (live instanceof VkeysError) return live;
    const { role: _, ...limits } = sent;
    const left = Object.entries(LIMITS).filter(
      ([name, field]) => isClearedIn(limits, name) && !isCleared(field, live.settings[name]),
    );
    if (left.length === 0) return live;
    await post({});
    await post(Object.fromEntries(Object.entries(limits).filter(([name]) => !isClearedIn(limits, name))));
    return read();
  });
}

function isClearedIn(body: JsonObject, name: string): boolean {
  const field = LIMITS[name];
  return field !== undefined && Object.hasOwn(body, name) && isCleared(field, body[name]);
}
