/** The deliveries of a set, on this machine. */
import { VkeysError } from '../base/errors.ts';
import { oneLine } from '../encode/terminal.ts';
import { apiBaseUrl, serverUrl } from '../litellm/http/url.ts';
import { takeLock } from '../secrets/lock.ts';
import { lockPorts } from './keyrings.ts';
import type { Deliverer } from '../apply/ports.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Spec } from '../model/spec.ts';
import type { Addressed } from '../deliver/handout.ts';
import type { Exclusive, SinkPorts } from '../deliver/sink.ts';
import { connectIn } from './connect.ts';
import type { Context } from './open.ts';
import type { World } from './world.ts';

/** What is delivered: `deliver` is `null` where no spec says so, and hand-outs stay where they are. */
export type Delivering = Pick<Spec, 'set' | 'publicUrl' | 'files'> & { readonly deliver: readonly Delivery[] | null };

/** The spec's deliveries, as apply needs them; loaded when there is something to do. The sandbox's keys are worth nothing, so they overwrite nothing. */
export function delivererFor(
  spec: Delivering,
  url: string,
  { world, hear }: Pick<Context, 'world' | 'hear'>,
  isSandbox: boolean,
): Deliverer {
  if (isSandbox) return NOWHERE;
  let made: Promise<Deliverer> | null = null;
  const deliverer = (): Promise<Deliverer> => {
    made ??= import('../deliver/deliverer.ts').then(({ makeDeliverer }) =>
      makeDeliverer(
        spec.set,
        spec.deliver === null ? null : addressed(spec.deliver, spec.publicUrl, url),
        { host: world.self.host, files: spec.files },
        sinkPorts(world),
        (done, total) => hear({ is: 'progress', done, total, of: 'place' }),
      ),
    );
    return made;
  };
  return {
    check: async (wanted) => (wanted.length === 0 ? CLEAR : (await deliverer()).check(wanted)),
    stale: async (standing, gone) =>
      standing.length + gone.length === 0 ? NOTHING : (await deliverer()).stale(standing, gone),
    look: async (known) => (known.length === 0 ? new Map() : (await deliverer()).look(known)),
    places: async (known) => (known.length === 0 ? new Map() : (await deliverer()).places(known)),
    put: async (known) => (known.length === 0 ? NOWHERE.put(known) : (await deliverer()).put(known)),
    withdraw: async (standing) =>
      standing.length === 0 ? NOWHERE.withdraw(standing) : (await deliverer()).withdraw(standing),
    remove: async (gone) => (gone.length === 0 ? NOWHERE.remove(gone) : (await deliverer()).remove(gone)),
  };
}

const CLEAR = { refusals: [], notices: [] };
const NOTHING = { put: [], remove: [], unknown: [], unheld: [] };

const NOWHERE: Deliverer = {
  check: () => Promise.resolve(CLEAR),
  stale: () => Promise.resolve(NOTHING),
  look: () => Promise.resolve(new Map()),
  places: () => Promise.resolve(new Map()),
  put: () => Promise.resolve({ placed: new Map(), others: new Map(), failed: new Map(), written: [], withdrawn: [] }),
  withdraw: () => Promise.resolve({ failed: new Map(), written: [] }),
  remove: () => Promise.resolve({ removed: new Map(), elsewhere: [], failed: new Map(), written: [] }),
};

/** Hand-outs carry the address of the delivery, of the spec, or the one that this run uses. */
function addressed(deliver: readonly Delivery[], publicUrl: string | null, url: string): readonly Addressed[] {
  return deliver.map((delivery) => {
    const api_endpoint = serverUrl(delivery.address ?? publicUrl ?? url);
    return { delivery, to: { api_endpoint, api_base_url: apiBaseUrl(api_endpoint) } };
  });
}

function sinkPorts(world: World): SinkPorts {
  const { run, env, folders, now, stop } = world;
  return {
    exclusive: exclusiveIn(world),
    run,
    env,
    home: folders.home,
    connect: connectIn(world),
    keychain: async (...name) => (await import('../deliver/keychain.ts')).keychainEntry(...name),
    now,
    sleep: (milliseconds) => world.sleep(milliseconds, stop),
  };
}

/** A lock beside each file; within this process, a queue. */
function exclusiveIn(world: World): Exclusive {
  const queues = new Map<string, Promise<unknown>>();
  return (path, work) => {
    const locked = async (): ReturnType<typeof work> => {
      const ports = await lockPorts(world, { stop: world.stop, onWait: () => undefined });
      const lock = await takeLock(`${path}.vkeys-lock`, ports).catch((error: unknown) => {
        throw error instanceof VkeysError ? busy(path) : error;
      });
      try {
        return await work();
      } finally {
        await lock.release();
      }
    };
    const result = (queues.get(path) ?? Promise.resolve()).then(locked, locked);
    queues.set(path, result);
    return result;
  };
}

function busy(path: string): VkeysError {
  return new VkeysError(
    'delivery',
    `Another vkeys is writing ${oneLine(path)}.`,
    `Wait for it, then run the same command again. If it is gone for good, delete ${oneLine(path)}.vkeys-lock`,
  );
}
