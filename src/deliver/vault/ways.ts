import { VkeysError } from '../../base/errors.ts';
import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import { literal } from '../../base/template.ts';
import type { Delivery, VaultServer } from '../../model/delivery.ts';
import type { Place } from '../../model/place.ts';
import { pathsLike } from '../paths-like.ts';
import type { SinkPorts } from '../sink.ts';
import { atOf, type At } from './at.ts';
import { kvOver, type Kv } from './kv.ts';
import { baseOf, namespaceOf } from './server.ts';
import { openSession } from './session.ts';

type Way = { readonly kv: Kv; readonly at: At };
export type Ways = {
  /** What the delivery's places are called. Throws `delivery` where nobody says where it is. */
  open(delivery: Delivery): string;
  /** What the keyring is to remember of the way; the address is in the place's name. */
  remember(delivery: Delivery): JsonObject;
  to(path: string, delivery?: Delivery, places?: readonly Place[]): Way;
  /** The places that a template may stand for, as far as they can be listed. */
  like(template: string): Promise<readonly string[]>;
};

/** How each server is reached: as the delivery says, as the keyring remembers, or as another delivery says that goes there. */
export function makeWays(ports: SinkPorts): Ways {
  const known = new Map<string, VaultServer>();
  const open = new Map<string, Kv>();
  const kvTo = (base: string, server: VaultServer): Kv => {
    const id = JSON.stringify([base, server]);
    const kv = open.get(id) ?? kvOver(openSession(base, server, ports));
    open.set(id, kv);
    return kv;
  };
  const idOf = ({ base, mount }: At): string => JSON.stringify([base, mount]);
  const to: Ways['to'] = (path, delivery, places = []) => {
    const at = atOf(path);
    const [remembered] = places.flatMap(({ detail }) => rememberedIn(detail) ?? []);
    const server = delivery === undefined ? (remembered ?? known.get(idOf(at)) ?? {}) : serverOf(delivery);
    const isBelow = at.mount.startsWith(namespaceOf(server, ports.env));
    return { kv: kvTo(at.base, isBelow ? server : { ...server, namespace: '' }), at };
  };
  return {
    open: (delivery) => {
      const server = serverOf(delivery);
      const base = baseOf(server, ports.env);
      const template = `${literal(`${base}/${namespaceOf(server, ports.env)}`)}${secretOf(delivery)}`;
      known.set(idOf(atOf(template)), server);
      return template;
    },
    remember: (delivery) => {
      const { address: _, ...server } = serverOf(delivery);
      const namespace = namespaceOf(server, ports.env).slice(0, -1);
      return namespace === '' ? server : { ...server, namespace };
    },
    to,
    like: (template) =>
      pathsLike(template, async (folder) => {
        const { kv, at } = to(folder);
        try {
          return (await kv.names(at)).map((name) => name.replace(/\/$/, ''));
        } catch (error) {
          /* It is looked for beyond what is remembered, where that can be done. */
          if (error instanceof VkeysError) return [];
          throw error;
        }
      }),
  };
}

function serverOf(delivery: Delivery): VaultServer {
  return delivery.to === 'vault' ? delivery.vault : {};
}

function secretOf(delivery: Delivery): string {
  return delivery.to === 'vault' ? delivery.secret : '';
}

function rememberedIn(detail: JsonObject | undefined): VaultServer | null {
  const server = detail?.['server'];
  if (!isObject(server)) return null;
  const { namespace, token_file, kubernetes } = server;
  const [role, mount] = isObject(kubernetes) ? [kubernetes['role'], kubernetes['mount']] : [];
  return {
    ...textOf({ namespace }),
    ...textOf({ token_file }),
    ...(typeof role === 'string' && typeof mount === 'string' ? { kubernetes: { role, mount } } : {}),
  };
}

function textOf<Name extends string>(one: Readonly<Record<Name, Json | undefined>>): Partial<Record<Name, string>> {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what is no text is left out
  return Object.fromEntries(Object.entries(one).filter(([, value]) => typeof value === 'string')) as Partial<
    Record<Name, string>
  >;
}
