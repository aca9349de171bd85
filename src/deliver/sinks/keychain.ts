/** The secret of one key as an entry of the desktop's key store, where programs look for it by service and account. */
import { VkeysError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { oneLine } from '../../encode/terminal.ts';
import { argumentOf } from '../command/ways.ts';
import { namesFor, type Addressee } from '../handout.ts';
import { heldIn } from '../held.ts';
import { NotOursError } from '../not-ours.ts';
import type { KeychainEntry, Part, Sink, SinkPorts } from '../sink.ts';

type Name = { readonly service: string; readonly account: string };

export function keychain({ keychain: open }: Pick<SinkPorts, 'keychain'>): Sink {
  const entryOf = ({ service, account }: Name): Promise<KeychainEntry> => open(service, account);
  return {
    on: 'machine',
    pathOf: ({ path }) => Promise.resolve(path),
    spot: (template, names, key_alias) => ({ path: argumentOf(template, names, key_alias), within: null }),
    check: async (target) => {
      const part = onlyOf(target.parts);
      const found = await (await entryOf(nameOf(part))).get();
      assertOurs(found, part);
      return found === null;
    },
    detail: nameOf,
    holds: async ({ parts }, sought) => {
      const [name] = [
        ...parts.map(nameOf),
        ...sought.flatMap(({ before, detail }) => [detail, ...before.map((place) => place.detail)].flatMap(knownName)),
      ];
      const found = name === undefined ? null : await (await entryOf(name)).get();
      for (const part of parts) assertOurs(found, part);
      const key_ids = new Set(sought.map(({ key_id }) => key_id));
      return {
        current: parts.length === 0 || found === onlyOf(parts).key.secret.reveal(),
        held: new Set(found === null ? [] : heldIn(found, key_ids)),
        isThere: found !== null,
      };
    },
    put: async (target) => {
      const part = onlyOf(target.parts);
      const secret = part.key.secret.reveal();
      const entry = await entryOf(nameOf(part));
      const found = await entry.get();
      if (found === secret) return { changed: false };
      assertOurs(found, part);
      await entry.set(secret);
      if ((await entry.get()) !== secret) throw unkept(target.path);
      return { changed: true };
    },
    remove: async (_, left) => {
      const [name] = left.flatMap(({ place }) => knownName(place.detail));
      if (name === undefined) return false;
      const entry = await entryOf(name);
      const found = await entry.get();
      if (found === null || heldIn(found, new Set(left.map(({ key_id }) => key_id))).length === 0) return false;
      return entry.remove();
    },
    sync: () => Promise.resolve(new Map()),
  };
}

function nameOf({ delivery, key, to }: Part<Addressee>): Name {
  if (delivery.to !== 'keychain') throw new Error(`a keychain, and not ${delivery.to}`);
  const names = namesFor(key, to);
  return {
    service: argumentOf(delivery.service, names, key.key_alias),
    account: argumentOf(delivery.account, names, key.key_alias),
  };
}

function knownName(detail: JsonObject | null | undefined): readonly Name[] {
  const { service, account } = detail ?? {};
  return typeof service === 'string' && typeof account === 'string' ? [{ service, account }] : [];
}

/** The key of an entry, which is one key's. */
function onlyOf(parts: readonly Part[]): Part {
  const [part, other] = parts;
  if (part === undefined) throw new Error('a part for each spot');
  if (other === undefined) return part;
  throw new VkeysError(
    'delivery',
    `${oneLine(part.key.key_alias)} and ${oneLine(other.key.key_alias)} would both be this entry of the key store.`,
    'Put {key_alias} in the account.',
  );
}

/** What is no key and not remembered is a password of somebody else's. */
function assertOurs(found: string | null, { before, delivery }: Part): void {
  if (found === null || before.length > 0 || found.includes('sk-')) return;
  throw new NotOursError(
    'delivery',
    `The key store has an entry already that vkeys did not make: ${oneLine(delivery.path)}.`,
    'Choose another service or account, or delete that entry.',
  );
}

function unkept(path: string): VkeysError {
  return new VkeysError(
    'delivery',
    `The key store did not keep ${oneLine(path)}.`,
    'Look whether another program changes it, then run the same command again.',
  );
}
