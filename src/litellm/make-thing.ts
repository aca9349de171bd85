/** Making budgets, users and teams under an id of our choosing, and changing them. */
import type { Body, Created } from '../apply/ports.ts';
import { VkeysError } from '../base/errors.ts';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { sameField } from '../model/fields.ts';
import type { KindFacts } from '../model/kind.ts';
import type { Landed } from '../model/landed.ts';
import type { Live } from '../model/resource.ts';
import { createOnce } from './create-once.ts';
import { send, sendOnce, type Connection } from './http/request.ts';
import { isRefusedFor } from './http/request-error.ts';
import { landing, readAfter } from './landing.ts';

/** How a kind's things are made, changed and looked at. */
export type ThingPorts = {
  readonly facts: KindFacts;
  readonly connection: Connection;
  readonly get: (id: string) => Promise<Live | null>;
};

/** Makes a thing under the id that its body has, once. One that has the id already and is not what was sent refuses it. */
export async function createThing(path: string, body: Body, { facts, connection, get }: ThingPorts): Promise<Created> {
  const { kind, identity } = facts;
  const sent = body(connection.clock.server());
  const id = textIn(sent, identity);
  const landed = await createOnce(connection, {
    send: () => sendOnce(connection, { method: 'POST', path, body }),
    find: async () => {
      const live = await get(id);
      return live === null ? 'absent' : isAsSent(facts, sent, live) ? 'ours' : taken(facts, id);
    },
    /* What an id that is taken answers with is another status and sentence on each version. */
    mayBeThere: (error) => isRefusedFor(error, 'invalid', 'other'),
    unsettled: {
      message: `Whether the ${kind} was created is not known yet.`,
      hint: 'Run the same command again: it looks, and settles it.',
    },
  });
  return landed.is === 'done' ? { is: 'done', value: { id, secret: null } } : landed;
}

/** The id in a body, which our kinds always have. */
export function textIn(body: JsonObject, field: string | null): string {
  const text = body[field ?? ''];
  if (typeof text === 'string') return text;
  throw new Error(`a body without ${String(field)}`);
}

/** By the mark, or, where there is none, by all that was sent. */
export function isAsSent({ fields }: KindFacts, sent: JsonObject, live: Live): boolean {
  const mark = isObject(sent['metadata']) ? sent['metadata']['vkeys'] : null;
  if (isObject(mark)) return live.mark !== null && live.mark.set === mark['set'] && live.mark.name === mark['name'];
  const same = (name: string, to: Json): boolean => {
    const field = fields[name];
    return field === undefined || sameField(field, to, live.settings[name]);
  };
  return Object.entries(sent).every(([name, to]) => same(name, to));
}

/** Why a thing is not made. */
export function taken({ kind }: KindFacts, id: string): VkeysError {
  return new VkeysError(
    'api',
    `The server has a ${kind} ${id} already, and it is not the one that was to be made.`,
    `Give yours another ${kind === 'user' ? 'user_id' : `${kind}_id`}, or take it over as it is: --adopt.`,
  );
}

/** Changes a thing and answers with it as it is afterwards. */
export async function updateThing(
  path: string,
  id: string,
  body: Body,
  { facts: { kind, identity }, connection, get }: ThingPorts,
): Promise<Landed<Live>> {
  const sent = await landing(() =>
    send(connection, { method: 'POST', path, body: (now) => ({ ...body(now), [identity ?? '']: id }) }),
  );
  return sent.is === 'done' ? readAfter(async () => (await get(id)) ?? gone(kind, id)) : sent;
}

/** Why something cannot be changed. */
export function gone(kind: string, name: string): VkeysError {
  return new VkeysError(
    'api',
    `The ${kind} ${name} was deleted meanwhile.`,
    'Run the same command again to plan anew.',
  );
}
