/** What the places of each delivery are called. Where that cannot be known, every key fails there, and nothing is found. */
import { VkeysError } from '../base/errors.ts';
import type { Failure } from './assign.ts';
import type { Addressed, Addressee, Located } from './handout.ts';
import type { SinkFor } from './sinks.ts';

export type Locations = {
  readonly located: readonly Located[];
  /** The failures of those that are nowhere, for these keys. */
  readonly lost: (keys: readonly Addressee[]) => readonly Failure[];
};

/** Where they are, worked out when it is first asked for. */
export function makeLocator(deliveries: readonly Addressed[], sinkFor: SinkFor): () => Promise<Locations> {
  let made: Promise<Locations> | null = null;
  return () => (made ??= locate(deliveries, sinkFor));
}

async function locate(deliveries: readonly Addressed[], sinkFor: SinkFor): Promise<Locations> {
  const located: Located[] = [];
  const errors: { readonly path: string; readonly error: VkeysError }[] = [];
  for (const each of deliveries) {
    const { delivery } = each;
    try {
      located.push({ ...each, path: await (await sinkFor(delivery.to)).pathOf(delivery) });
    } catch (error) {
      if (!(error instanceof VkeysError)) throw error;
      errors.push({ path: delivery.path, error });
    }
  }
  return {
    located,
    lost: (keys) =>
      errors.flatMap(({ path, error }) =>
        keys.length === 0 ? [] : [{ path, key_ids: keys.map(({ key_id }) => key_id), error }],
      ),
  };
}
