/** Items of a list whose names are counted, `lab-user1` to `lab-user25`, as one with a roster. */
import { isObject, sameJson, textOf, type Json, type JsonObject } from '../../base/json.ts';

/** Fewer than so many are no crowd. */
const FEWEST = 3;

/** Items of which the names differ in a number alone. */
type Crowd = { readonly head: string; readonly tail: string; readonly seats: Seat[] };
type Seat = { readonly entry: JsonObject; readonly number: number; readonly digits: string };

/** `naming`: the field with the name. `mayDiffer`: single users of a roster may have values of their own. */
export function foldNumbered(
  entries: readonly JsonObject[],
  naming: string,
  mayDiffer: boolean,
): readonly JsonObject[] {
  const rosters = new Map<JsonObject, readonly JsonObject[]>();
  for (const crowd of crowdsIn(entries, naming)) {
    for (const run of runsOf(crowd.seats)) {
      const folded = rosterOf({ ...crowd, seats: run }, naming, mayDiffer);
      if (folded !== null)
        for (const [index, { entry }] of run.entries()) rosters.set(entry, index === 0 ? [folded] : []);
    }
  }
  return entries.flatMap((entry) => rosters.get(entry) ?? [entry]);
}

/** A name with a number in it, the last one, and nothing that means something in a template. */
const COUNTED = /^([^{}$]*?)([0-9]{1,6})([^{}$0-9]*)$/;

function crowdsIn(entries: readonly JsonObject[], naming: string): Iterable<Crowd> {
  const crowds = new Map<string, Crowd>();
  for (const entry of entries) {
    const found = COUNTED.exec(textOf(entry[naming]));
    if (found === null) continue;
    const [head, digits, tail] = [String(found[1]), String(found[2]), String(found[3])];
    const id = JSON.stringify([head, tail]);
    const crowd = crowds.get(id) ?? { head, tail, seats: [] };
    crowds.set(id, crowd);
    crowd.seats.push({ entry, number: Number(digits), digits });
  }
  return crowds.values();
}

/** Numbers that follow each other, all written with as many digits. */
function runsOf(seats: readonly Seat[]): readonly Seat[][] {
  const pad = padOf(seats);
  const written = seats.filter(({ number, digits }) => String(number).padStart(pad, '0') === digits);
  const runs: Seat[][] = [];
  let [run, next]: [Seat[], number] = [[], -1];
  for (const seat of written.toSorted((a, b) => a.number - b.number)) {
    if (seat.number !== next) {
      run = [];
      runs.push(run);
    }
    run.push(seat);
    next = seat.number + 1;
  }
  return runs.filter(({ length }) => length >= FEWEST);
}

function padOf(seats: readonly Seat[]): number {
  return Math.max(0, ...seats.map(({ digits }) => (digits.startsWith('0') && digits.length > 1 ? digits.length : 0)));
}

/** A user of the roster, and what it has. */
type User = { readonly user: string; readonly parts: ReadonlyMap<string, Part> };

/** The crowd as one item; `null` where most of its users differ. */
function rosterOf({ head, tail, seats }: Crowd, naming: string, mayDiffer: boolean): JsonObject | null {
  const base = head.replace(/[\p{L}_]*$/u, '');
  const prefix = head.slice(base.length);
  const users = seats.map(({ entry, digits }): User => ({ user: prefix + digits, parts: partsOf(entry, naming) }));
  const common = commonOf(users);
  const overrides = users.flatMap(({ user, parts }): readonly (readonly [string, JsonObject])[] => {
    const rest = [...parts].filter(([id, part]) => !isSaid(part, common.get(id), user));
    return rest.length === 0 ? [] : [[user, whole(rest.map(([, part]) => part))]];
  });
  if (overrides.length > (mayDiffer ? users.length / 2 : 0)) return null;
  const start = Math.min(...seats.map(({ number }) => number));
  const pad = padOf(seats);
  return {
    [naming]: tail === '' && /.-$/.test(base) ? base.slice(0, -1) : `${base}{user}${tail}`,
    roster: {
      count: users.length,
      ...(prefix === 'user' ? {} : { prefix }),
      ...(start === 1 ? {} : { start }),
      ...(pad === 0 ? {} : { pad }),
    },
    ...whole([...common.values()]),
    ...(overrides.length === 0 ? {} : { overrides: Object.fromEntries(overrides) }),
  };
}

/** A field, or a member of the metadata. */
type Part = { readonly isMember: boolean; readonly name: string; readonly value: Json };

function partsOf({ metadata, ...entry }: JsonObject, naming: string): User['parts'] {
  const of = (object: JsonObject, isMember: boolean): readonly (readonly [string, Part])[] =>
    Object.entries(object).map(([name, value]) => [JSON.stringify([isMember, name]), { isMember, name, value }]);
  const { [naming]: _, ...fields } = entry;
  return new Map([...of(fields, false), ...of(isObject(metadata) ? metadata : {}, true)]);
}

/** What all say, and more than half of them alike once each one's name stands for itself. */
function commonOf(users: readonly User[]): User['parts'] {
  const all = new Map(users.flatMap(({ parts }) => [...parts]));
  return new Map(
    [...all].flatMap(([id, { isMember, name }]) => {
      const own = users.flatMap(({ user, parts }) => {
        const part = parts.get(id);
        return part === undefined ? [] : [{ user, part }];
      });
      if (own.length < users.length) return [];
      const found = own
        .slice(0, TRIED)
        .flatMap(({ user, part }) => [part, { isMember, name, value: templateOf(part.value, user) }])
        .find((said) => own.filter(({ user, part }) => isSaid(part, said, user)).length > own.length / 2);
      return found === undefined ? [] : [[id, found] as const];
    }),
  );
}

/** With more than half alike, one of the first few is one of them, or it is a close thing. */
const TRIED = 8;

const USER = '{user}';

function templateOf(value: Json, user: string): Json {
  return typeof value === 'string' ? value.split(user).join(USER) : value;
}

/** Whether a user has a part from what is said of all. */
function isSaid({ value }: Part, said: Part | undefined, user: string): boolean {
  if (said === undefined) return false;
  const filled = typeof said.value === 'string' ? said.value.split(USER).join(user) : said.value;
  return sameJson(filled, value);
}

function whole(parts: readonly Part[]): JsonObject {
  const of = (isMember: boolean): JsonObject =>
    Object.fromEntries(parts.filter((part) => part.isMember === isMember).map(({ name, value }) => [name, value]));
  const metadata = of(true);
  return { ...of(false), ...(Object.keys(metadata).length === 0 ? {} : { metadata }) };
}
