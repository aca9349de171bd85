/** The one team, user or budget that a word names: by its id, or by a name that nothing else has. */
import { storeOf } from '../apply/ports.ts';
import { VkeysError } from '../base/errors.ts';
import { oneLine } from '../encode/terminal.ts';
import { KINDS } from '../kinds/kinds.ts';
import { USER } from '../kinds/user.ts';
import { usersAt } from '../litellm/addresses.ts';
import type { ListedKind } from '../litellm/list-things.ts';
import { thingOf } from '../litellm/thing-rows.ts';
import { factsOf } from '../model/kind.ts';
import { byAge, type Live } from '../model/resource.ts';
import type { Survey } from '../model/survey.ts';
import { isCalled, namesOf, sayNone } from './called.ts';
import type { Session } from './open.ts';
import { peopleStores } from './people.ts';

/** Throws `NoSuchThing` when there is none, `refused` when there are several. `columns`: of its row, for `extra`. */
export async function selectThing(
  session: Session,
  kind: ListedKind,
  word: string,
  columns: readonly string[] = [],
): Promise<Live> {
  assertNoKey(kind, word);
  const { lives, gaps } = await candidates(session, kind, word, columns);
  const withId = lives.filter(({ id }) => id === word);
  const [first, ...others] = withId.length > 0 ? withId : lives.filter((live) => isCalled(word, live));
  if (first === undefined)
    throw new NoSuchThing([{ word, message: sayNone(kind, word, lives.flatMap(namesOf)) }], gaps, seeAll(kind));
  if (others.length > 0) throw ambiguous(kind, word, [first, ...others].toSorted(byAge));
  return first;
}

/** All that may be meant, and perhaps others. */
async function candidates(
  { connection }: Session,
  kind: ListedKind,
  word: string,
  columns: readonly string[],
): Promise<Pick<Survey, 'lives' | 'gaps'>> {
  /* Budgets are in one answer. */
  const wanted = { ids: [word], names: [word], all: kind === 'budget' };
  const survey = await storeOf({ stores: peopleStores(connection, { columns }) }, kind).survey(wanted);
  const isAsked = kind === 'user' && !survey.complete && survey.lives.length === 0 && word.includes('@');
  const rows = isAsked ? await usersAt(connection, word) : [];
  return { ...survey, lives: [...survey.lives, ...rows.map((row) => thingOf(USER, row, columns))] };
}

/** A word that names nothing, and how that is said: what was seen on the way may have been meant. */
export type Missing = { readonly word: string; readonly message: string };

/** What was named and is not there. */
export class NoSuchThing extends VkeysError {
  constructor(missing: readonly Missing[], gaps: readonly string[], hint: string) {
    const lines = [...missing.map(({ message }) => message), ...gaps];
    super('api', lines.join('\n'), hint, {
      facts: { missing: missing.map(({ word }) => word) },
    });
  }
}

/** What helps where something of a kind is not there. */
export function seeAll(kind: ListedKind): string {
  return `See what there is: vkeys ${kind} list`;
}

function ambiguous(kind: ListedKind, word: string, lives: readonly Live[]): VkeysError {
  const { identity } = factsOf(KINDS, kind);
  const lines = lives.map(({ id, mark, created_at }) => {
    const whose = mark === null ? 'not made by vkeys' : `of the set ${mark.set}`;
    return `\n  ${oneLine(id)}  ${whose}, made ${created_at ?? 'at an unknown time'}`;
  });
  return new VkeysError(
    'refused',
    `There are ${String(lives.length)} ${kind}s that are called ${oneLine(word)}:${lines.join('')}`,
    `Name the one that is meant by its ${String(identity)}.`,
    { facts: { [`${String(identity)}s`]: lives.map(({ id }) => id) } },
  );
}

/** What looks like a key is asked for by nobody, and belongs in no address. Throws `usage`. */
function assertNoKey(kind: ListedKind, word: string): void {
  if (word !== '' && !/sk-[\w-]{16,}/.test(word)) return;
  throw new VkeysError(
    'usage',
    word === '' ? `The name of a ${kind} is empty.` : `A key stands where a ${kind} belongs.`,
    `Give a name or an id; see them: vkeys ${kind} list`,
  );
}
