import { KINDS } from '../../kinds/kinds.ts';
import { EACH_USER, forEachUser } from '../../model/each-user.ts';
import { factsOf } from '../../model/kind.ts';
import type { Desired } from '../../model/resource.ts';
import { usersOf } from '../../model/sharing.ts';
import {
  argumentsOf,
  isSecret,
  templatesOf,
  variablesOf,
  type CommandDelivery,
  type Delivery,
  type KeychainDelivery,
} from '../../model/delivery.ts';
import type { Spec } from '../../model/spec.ts';
import { fill, filledLength, placeholdersOf } from '../../base/template.ts';
import { misnamedSecret } from './kubernetes-names.ts';
import type { PlacedDelivery } from './list.ts';
import { collisionOf, makeTaken, valuesOf, type Trouble } from './collisions.ts';
import { checkRecipients } from './recipients.ts';
import type { DesiredAt } from '../desired.ts';
import { guess } from '../guess.ts';
import { argumentFault } from '../../encode/argument.ts';
import { LATE, lateIn } from './late.ts';
import { excessOf, type Allowance } from '../allowance.ts';
import { diagnose, quoted, type OnDiagnostic } from '../read/text.ts';

/** A set's keys, and where they go. */
export type Delivered = Pick<Spec, 'set' | 'url' | 'publicUrl'> & {
  readonly desired: readonly DesiredAt[];
  readonly deliveries: readonly PlacedDelivery[];
};

/** Reports what is wrong with the deliveries of all sets of a run. */
export async function checkDeliveries(
  sets: readonly Delivered[],
  allowance: Allowance,
  report: OnDiagnostic,
): Promise<void> {
  const taken = makeTaken();
  for (const { set, url, publicUrl, desired, deliveries } of sets) {
    /* Only what has a secret is handed out. */
    const present = desired.filter(({ ref, state }) => state === 'present' && factsOf(KINDS, ref.kind).hasSecret);
    for (const placed of deliveries) {
      const handouts = () => handoutsOf(present, placed.delivery);
      const owner = { set, server: url, address: placed.delivery.address ?? publicUrl ?? url };
      const problem =
        lengthOf(placed, handouts(), allowance) ??
        problemOf(placed, handouts(), present) ??
        collisionOf(placed.delivery, handouts(), owner, taken);
      if (problem === null) await checkRecipients(placed, handouts(), report);
      else report(diagnose(placed.text, placed.origin, { rule: 'delivery', ...problem }));
    }
  }
}

/** What goes to a delivery, one by one: there may be many users. */
function* handoutsOf(present: readonly DesiredAt[], { path }: Delivery): Generator<DesiredAt> {
  for (const each of present) yield* forEachUser(each, usersOf(each), path);
}

/** Takes the allowance for what it writes. */
function lengthOf({ delivery }: PlacedDelivery, handouts: Iterable<Desired>, allowance: Allowance): Trouble | null {
  const names = Object.keys(variablesOf(delivery) ?? {});
  for (const each of handouts) {
    const values = valuesOf(each);
    for (const template of [delivery.path, ...names]) allowance.characters -= filledLength(template, values);
    if (excessOf(allowance) !== null) return excessOf(allowance);
  }
  return null;
}

function problemOf(
  { delivery }: PlacedDelivery,
  handouts: Iterable<Desired>,
  present: readonly Desired[],
): Trouble | null {
  const names = placeholdersOf(delivery.path);
  const hint = 'Name files by {key_alias}, {user}, {set}, {user_id}, {each_user}, {key_id} or a column of the roster.';
  const late = lateIn([delivery.path], isSecret(delivery) ? "a Secret's name" : "a file's path", hint);
  if (late !== null) return late;
  const inside = templatesOf(delivery).flatMap(placeholdersOf);
  if (inside.includes(EACH_USER) && !names.includes(EACH_USER)) {
    const message = `{${EACH_USER}} is in a variable, and not in the path.`;
    return { message, hint: `Give each user a file: 'secrets/{${EACH_USER}}.env'.` };
  }
  const column = unknownColumn(delivery, present);
  if (column !== null) return column;
  const early = [...names, ...inside].filter((name) => !LATE.includes(name));
  for (const each of handouts) {
    const problem =
      unfilled(early, each, present) ??
      misnamedSecret(delivery, each) ??
      escaping(delivery, each) ??
      misnamed(delivery, each);
    if (problem !== null) return problem;
  }
  return null;
}

/** A column that no key has anything for: one of a roster's is empty for the keys of others. */
function unknownColumn(delivery: Delivery, present: readonly Desired[]): Trouble | null {
  const columns = delivery.to === 'csv' ? (delivery.columns ?? []) : [];
  const known = [...LATE, 'KEY_ALIAS', 'user', 'user_id', ...present.flatMap((each) => Object.keys(each.placeholders))];
  const name = columns.find((each) => !known.includes(each));
  if (name === undefined || present.length === 0) return null;
  const message = `There is nothing for the column ${quoted(name)}.${guess(name, known)}`;
  return { message, hint: `Known are ${[...new Set(known)].join(', ')}.` };
}

function unfilled(
  names: readonly string[],
  { ref: { name: key_alias }, placeholders }: Desired,
  all: readonly Desired[],
): Trouble | null {
  const name = names.find((each) => each !== 'KEY_ALIAS' && !Object.hasOwn(placeholders, each));
  if (name === undefined) return null;
  const known = [
    ...new Set([...all.flatMap((each) => Object.keys(each.placeholders)), EACH_USER]),
    'KEY_ALIAS',
    ...LATE,
  ];
  return known.includes(name)
    ? { message: `The key ${quoted(key_alias)} has no {${name}}.`, hint: 'Use {key_alias}, which every key has.' }
    : {
        message: `{${name}} is no placeholder.${guess(name, known)}`,
        hint: `Known are ${known.map((each) => `{${each}}`).join(', ')}. For a literal brace write {{ or }}.`,
      };
}

/** A value in a path may not lead out of the folder that the path names, nor one in a name to another thing. */
function escaping(delivery: Delivery, each: Desired): Trouble | null {
  const { path } = delivery;
  const values = valuesOf(each);
  if (delivery.to === 'command' || delivery.to === 'keychain') return misplaced(delivery, each.ref.name, values);
  for (const name of placeholdersOf(path)) {
    const value = fill(`{${name}}`, values);
    if (isFlat(value)) continue;
    const message = `{${name}} is ${quoted(value)} for the key ${quoted(each.ref.name)}, which cannot be part of a file's name.`;
    const others = ['KEY_ALIAS', 'user', 'key_id'].filter((other) => isFlat(values[other]));
    const hint = `Name the file by ${others.map((other) => `{${other}}`).join(' or ')}, which has no slashes in it here.`;
    return { message, hint };
  }
  const step = path.split(/[/\\]/).find((part) => part.includes('{') && /^\.{0,2}$/.test(fill(part, values)));
  if (step === undefined) return null;
  const message = `For the key ${quoted(each.ref.name)}, ${quoted(step)} is no file's name.`;
  return { message, hint: 'Give the file a name of its own, like {key_alias}.env.' };
}

function misplaced(
  delivery: Delivery & (CommandDelivery | KeychainDelivery),
  key_alias: string,
  values: Readonly<Record<string, string>>,
): Trouble | null {
  const { env = {} } = delivery.to === 'command' ? delivery : {};
  const templates = delivery.to === 'command' ? [...argumentsOf(delivery), ...Object.values(env)] : [delivery.path];
  const [fault] = templates.flatMap((template) => argumentFault(template, values) ?? []);
  if (fault === undefined) return null;
  const where = delivery.to === 'command' ? "a program's argument" : "an entry's name";
  const message = `{${fault.name}} ${fault.why} for the key ${quoted(key_alias)}, and cannot be part of ${where}.`;
  return { message, hint: 'Use {KEY_ALIAS} or {key_id}, or change that name.' };
}

/** Whether a value can be a part of a file's name. */
function isFlat(value: string | undefined): boolean {
  return value !== undefined && !/[/\\\p{Cc}]/u.test(value);
}

function misnamed(delivery: Delivery, each: Desired): Trouble | null {
  if (delivery.to !== 'dotenv' && delivery.to !== 'age' && delivery.to !== 'command') return null;
  const values = valuesOf(each);
  const name = Object.keys(variablesOf(delivery) ?? {})
    .map((variable) => fill(variable, values))
    .find((variable) => !/^[A-Za-z_]\w*$/.test(variable));
  if (name === undefined) return null;
  const hint = 'Use letters, digits and underscores; {KEY_ALIAS} is the alias in that form.';
  return { message: `${quoted(name)} is no name for a variable.`, hint };
}
