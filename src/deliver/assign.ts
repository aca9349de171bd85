/** Which key goes into which file: worked out before anything is read or written, so that a file is written once. */
import { VkeysError } from '../base/errors.ts';
import type { Delivery } from '../model/model.ts';
import { oneLine } from '../encode/terminal.ts';
import { namesFor, type DeliverTo, type Gone, type Handout } from './handout.ts';
import { folderOf, pathFor } from './path.ts';

/** One key in one file. */
export type Part<K> = { readonly delivery: Delivery; readonly key: K };
export type Target<K> = {
  readonly path: string;
  /** The folder that no link may lead out of, where strangers have a say in the path. */
  readonly within: string | null;
  readonly to: Delivery['to'];
  readonly parts: readonly Part<K>[];
};

export type Failure = {
  readonly path: string;
  readonly key_aliases: readonly string[];
  /** Of kind `delivery`. */
  readonly error: VkeysError;
};
export type Targets<K> = { readonly targets: readonly Target<K>[]; readonly failed: readonly Failure[] };

/** Sorts keys into files. A path that is refused, or that two kinds of file claim, is a failure of those keys alone. */
export function targetsOf<K extends Handout | Gone>(
  deliveries: readonly Delivery[],
  keys: readonly K[],
  to: DeliverTo,
): Targets<K> {
  const targets = new Map<string, Target<K> & { readonly parts: Part<K>[] }>();
  const failed: Failure[] = [];
  for (const delivery of deliveries) {
    for (const key of keys) {
      try {
        const path = pathFor(delivery.path, namesFor(key, to), key.key_alias);
        const id = path.normalize('NFC').toLowerCase();
        const target = targets.get(id) ?? { path, within: folderOf(delivery.path), to: delivery.to, parts: [] };
        assertSame(target, path, delivery, key.key_alias);
        target.parts.push({ delivery, key });
        targets.set(id, target);
      } catch (error) {
        failed.push({ path: delivery.path, key_aliases: [key.key_alias], error: asDeliveryError(error) });
      }
    }
  }
  return { targets: [...targets.values()], failed };
}

/** Many disks do not tell `Ada.env` from `ada.env`: one key's file would replace the other's. */
function assertSame(target: Target<unknown>, path: string, { to }: Delivery, key_alias: string): void {
  if (target.to !== to) {
    throw new VkeysError(
      'delivery',
      `${oneLine(path)} is to be both ${target.to} and ${to}.`,
      'Give each delivery a path of its own.',
    );
  }
  if (target.path === path) return;
  throw new VkeysError(
    'delivery',
    `${oneLine(key_alias)} was not delivered: ${oneLine(path)} and ${oneLine(target.path)} are one file on many disks.`,
    'Use {key_id} in the path, or names that differ in more than upper and lower case.',
  );
}

/** Throws on what is no `VkeysError`: a bug. */
function asDeliveryError(error: unknown): VkeysError {
  if (error instanceof VkeysError) return error;
  throw error;
}
