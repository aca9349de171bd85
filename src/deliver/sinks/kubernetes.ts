/**
 * Secrets of a cluster, by server-side apply as one field manager: what others have in them stays, and what of theirs is
 * wanted otherwise is told. Two runs at once do it one after the other, as each changes only what it has read.
 */
import { VkeysError } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import { literal, patternOf, placeholdersOf } from '../../base/template.ts';
import { DATA_NAME } from '../../encode/kubernetes-name.ts';
import type { Delivery } from '../../model/delivery.ts';
import type { Place } from '../../model/place.ts';
import { addressFor, addressOf, partsOf, templateOf, type SecretAddress } from '../kubernetes/address.ts';
import { askVia } from '../kubernetes/api.ts';
import { bring, isBrought, take, type SecretAt } from '../kubernetes/changes.ts';
import { makeClusters } from '../kubernetes/cluster.ts';
import { metadataFor, secretParts, workloadsFor } from '../kubernetes/parts.ts';
import { listSecrets, readSecret } from '../kubernetes/secrets-api.ts';
import type { Sink, SinkPorts, Target } from '../sink.ts';
import { detailOf, heldAmong } from '../variables.ts';

export function kubernetes(ports: SinkPorts): Sink {
  const clusters = makeClusters(ports);
  const ask = askVia(ports);
  const open = async (path: string, context: string | undefined): Promise<SecretAt> => {
    const at = partsOf(path);
    return { cluster: await clusters.at(at.server, context), at, ask, sleep: ports.sleep };
  };
  const openFor = ({ path, parts }: Target): Promise<SecretAt> =>
    open(path, firstText(parts.map(({ delivery }) => contextIn(delivery))));
  return {
    on: 'network',
    pathOf: async (delivery) => {
      const { server, namespace: usual } = await clusters.named(contextIn(delivery));
      const { namespace = literal(usual), name } = secretParts({ delivery });
      return templateOf({ server, namespace, name });
    },
    spot: (template, names, key_alias) => ({ path: addressFor(template, names, key_alias), within: null }),
    check: async (target) => (await bring(await openFor(target), target.parts, true)).isNew,
    detail: (part) => {
      metadataFor([part]);
      workloadsFor([part]);
      const context = contextIn(part.delivery);
      return { ...detailOf(part, DATA_NAME), ...(context === undefined ? {} : { context }) };
    },
    holds: async ({ path, parts, within }, sought) => {
      const secretAt = await (parts.length === 0
        ? open(path, contextAmong(sought.flatMap(({ before }) => before)))
        : openFor({ path, parts, within }));
      const stored = await readSecret(secretAt.cluster, secretAt.at, ask);
      const key_ids = new Set(sought.map(({ key_id }) => key_id));
      return {
        current: parts.length === 0 || (stored !== null && (await isBrought(secretAt, parts, stored))),
        held: stored === null ? new Set() : heldAmong(stored.values, key_ids),
        isThere: stored !== null,
      };
    },
    put: async (target) => ({ changed: (await bring(await openFor(target), target.parts, false)).changed }),
    remove: async ({ path }, left) => take(await open(path, contextAmong(left.map(({ place }) => place))), left),
    /* The server answers when it is durable. */
    sync: () => Promise.resolve(new Map()),
    like: async (template) => {
      const pattern = patternOf(template);
      return (await listed(partsOf(template))).map(addressOf).filter((path) => pattern.test(path));
    },
  };

  /** Without the right to list there are those alone whose names are known; so too where the cluster is not reached, which others tell. */
  async function listed({ server, namespace }: SecretAddress): Promise<readonly SecretAddress[]> {
    const one = placeholdersOf(namespace).length === 0 ? namespace : null;
    try {
      return (await listSecrets(await clusters.at(server, undefined), one, ask)) ?? [];
    } catch (error) {
      if (error instanceof VkeysError && error.kind === 'delivery') return [];
      throw error;
    }
  }
}

function contextIn(delivery: Delivery): string | undefined {
  return delivery.to === 'kubernetes' ? delivery.context : undefined;
}

function contextAmong(places: readonly Place[]): string | undefined {
  return firstText(places.map(({ detail }) => detail?.['context']));
}

function firstText(values: readonly (Json | undefined)[]): string | undefined {
  return values.find((value) => typeof value === 'string');
}
