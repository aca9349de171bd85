/** A process that ends after so many steps: of its requests, of its keyring and of its hand-outs. */
import type { Deliverer } from '../../src/apply/ports.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import type { Keyring } from '../../src/model/keyring.ts';
import { delivererTo, keyringOn, type Disk, type Shelf } from './make.ts';

/** The process's end: nothing that it would still do happens. */
class Death extends Error {}

export type Life = {
  readonly steps: () => number;
  /** One step further, or the end; `last` is what a dying process still does, half a write for example. */
  step(last?: () => void): void;
};

export function liveFor(steps: number): Life {
  let done = 0;
  return {
    steps: () => done,
    step: (last) => {
      if (done > steps) throw new Death();
      done += 1;
      if (done <= steps) return;
      last?.();
      throw new Death();
    },
  };
}

export function mortalFetch(fetch: Fetch, life: Life): Fetch {
  return async (url, init) => {
    life.step();
    const response = await fetch(url, init);
    life.step();
    return response;
  };
}

export function mortalKeyring(disk: Disk, life: Life): Keyring {
  const keyring = keyringOn(disk);
  return {
    state: () => keyring.state(),
    record: async (lines) => {
      life.step();
      const before = disk.text;
      await keyring.record(lines);
      const after = disk.text;
      life.step(() => {
        disk.text = after.slice(0, (before.length + after.length) / 2);
      });
      life.step();
    },
  };
}

export function mortalDeliverer(shelf: Shelf, life: Life): Deliverer {
  const inner = delivererTo(shelf);
  return {
    ...inner,
    put: async (known) => {
      life.step();
      await inner.put(known.slice(0, 1));
      life.step();
      const put = await inner.put(known);
      life.step();
      return put;
    },
    remove: async (gone) => {
      life.step();
      const removed = await inner.remove(gone);
      life.step();
      return removed;
    },
  };
}
