/** Two keys, two deliveries or two sets that would write one place. */
import { fill } from '../../base/template.ts';
import { variablePart } from '../../encode/variable.ts';
import { EACH_USER } from '../../model/each-user.ts';
import type { Desired } from '../../model/resource.ts';
import { variablesOf, type Delivery } from '../../model/delivery.ts';
import { oneName } from '../names.ts';
import { quoted, type Problem } from '../read/text.ts';

/** What is wrong, and what to do. */
export type Trouble = Pick<Problem, 'message' | 'hint'>;

/** Whose delivery it is. `server` is the spec's, `address` what is handed out; `null`: that of the environment. */
export type DeliveryOwner = { readonly set: string; readonly server: string | null; readonly address: string | null };

/** `user`: whose file it is, where it is one user's. */
type File = {
  readonly path: string;
  readonly set: string;
  readonly delivery: Delivery;
  readonly user: string | undefined;
};
type Claim = { readonly key_alias: string; readonly value: string };
/** What is written already: files as a disk knows them that takes `Ada` and `ada` for one, and places in them. */
export type Taken = { readonly files: Map<string, File>; readonly claims: Map<string, Claim> };

export function makeTaken(): Taken {
  return { files: new Map(), claims: new Map() };
}

/** What is wrong with a delivery, given what others take; it takes its own. */
export function collisionOf(
  delivery: Delivery,
  handouts: Iterable<Desired>,
  owner: DeliveryOwner,
  taken: Taken,
): Trouble | null {
  for (const each of handouts) {
    const path = fill(delivery.path, valuesOf(each));
    /* Servers and programs tell `Ada` from `ada`. */
    const name = delivery.to === 'vault' || delivery.to === 'command' ? path : oneName(path);
    const user = each.placeholders[EACH_USER];
    const file = taken.files.get(name) ?? { path, set: owner.set, delivery, user };
    taken.files.set(name, { ...file, user: file.user ?? user });
    const problem =
      twinOf(file, path) ??
      ofTwo(file, user) ??
      mixed(file, path, delivery, owner) ??
      claimed(path, delivery, each, owner, taken);
    if (problem !== null) return problem;
  }
  return null;
}

function twinOf(file: File, path: string): Trouble | null {
  if (file.path === path) return null;
  const message = `${quoted(file.path)} and ${quoted(path)} are one file on many disks.`;
  return { message, hint: 'Use {key_id} in the path, or names that differ in more than upper and lower case.' };
}

/** What one user may have, the other would read. */
function ofTwo(file: File, user: string | undefined): Trouble | null {
  if (file.user === undefined || user === undefined || file.user === user) return null;
  const message = `${quoted(file.path)} would be a file of both ${quoted(file.user)} and ${quoted(user)}.`;
  return { message, hint: `Give each user a folder: 'secrets/{${EACH_USER}}/{key_alias}.env'.` };
}

/** Files of rows are shared between sets, which have different keys; a set that writes one twice has made a mistake. */
function mixed(file: File, path: string, delivery: Delivery, { set }: DeliveryOwner): Trouble | null {
  if (file.delivery === delivery) return null;
  const isWhole = delivery.to === 'age' || delivery.to === 'command';
  const isMerged = !isWhole && variablesOf(delivery) !== null && variablesOf(file.delivery) !== null;
  if (file.delivery.to === delivery.to && (isMerged || file.set !== set)) return null;
  return { message: `Another delivery writes ${quoted(path)} too.`, hint: 'Give each its own file.' };
}

function claimed(path: string, delivery: Delivery, each: Desired, owner: DeliveryOwner, taken: Taken): Trouble | null {
  const key_alias = each.ref.name;
  for (const [place, name, value] of placesOf(delivery, each, owner)) {
    const id = JSON.stringify([path, place]);
    const other = taken.claims.get(id);
    taken.claims.set(id, { key_alias, value });
    /* All keys of a file may say the same, such as the address. */
    if (other === undefined || (other.value === value && other.key_alias !== key_alias)) continue;
    const message = `The keys ${quoted(other.key_alias)} and ${quoted(key_alias)} would both be ${name} in ${quoted(path)}.`;
    const hint =
      other.key_alias === key_alias
        ? 'Keep one of the two deliveries, or give each a file of its own.'
        : delivery.to === 'command'
          ? 'Put {key_alias} or {user} into the arguments, or into a variable of env.'
          : "Put {key_alias} into the path, or {KEY_ALIAS} into the variables' names.";
    return { message, hint };
  }
  return null;
}

/** Each place in the file, what people call it, and what will be there: not the values themselves, which are not known yet, but equal where they will be. */
function placesOf(
  delivery: Delivery,
  each: Desired,
  { set, server, address }: DeliveryOwner,
): readonly (readonly [string, string, string])[] {
  const key_alias = each.ref.name;
  const secret = JSON.stringify(['key', set, key_alias]);
  if (delivery.to === 'text' || delivery.to === 'age') return [['', 'the text', secret]];
  if (delivery.to === 'command' || delivery.to === 'keychain') return [['', 'the secret', secret]];
  const variables = variablesOf(delivery);
  if (variables === null) return [[JSON.stringify([key_alias, server]), 'one row', secret]];
  const late = { key: secret, key_id: `id of ${secret}`, expires: `end of ${secret}` };
  const values = { ...valuesOf(each), api_endpoint: String(address), api_base_url: `${String(address)}/v1`, ...late };
  return Object.entries(variables).map(([nameTemplate, template]) => {
    const name = fill(nameTemplate, values);
    return [name, name, fill(template, values)];
  });
}

/** What templates may name before the key is made; its `key_id` is some word that no other key has. */
export function valuesOf({ ref: { name: key_alias }, placeholders }: Desired): Readonly<Record<string, string>> {
  const id = Buffer.from(JSON.stringify([placeholders['set'], key_alias])).toString('hex');
  return { ...placeholders, KEY_ALIAS: variablePart(key_alias), key_id: id };
}
