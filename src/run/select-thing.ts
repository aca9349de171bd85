/** The one team, user or budget that a word names: by its id, or by its name where nothing else is called so. */
import { VkeysError } from '../base/errors.ts';
import { oneLine } from '../encode/terminal.ts';
import { KINDS } from '../kinds/kinds.ts';
import type { ListedKind } from '../litellm/list-things.ts';
import { factsOf } from '../model/kind.ts';
import { byAge, type Live } from '../model/resource.ts';
import { sayNone } from './listed-things.ts';
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
  const store = peopleStores(session.connection, { columns }).get(kind);
  /* Budgets are in one answer, so that all may be guessed from. */
  const survey = await store?.survey({ ids: [word], names: [word], all: kind === 'budget' });
  const lives = survey?.lives ?? [];
  const [first, ...others] = lives.some(({ id }) => id === word)
    ? lives.filter(({ id }) => id === word)
    : lives.filter(({ name }) => name === word);
  if (first === undefined) throw new NoSuchThing(kind, word, lives, survey?.gaps ?? []);
  if (others.length > 0) throw ambiguous(kind, word, [first, ...others].toSorted(byAge));
  return first;
}

/** A word that names nothing. What was seen on the way may have been meant. */
export class NoSuchThing extends VkeysError {
  constructor(kind: ListedKind, word: string, lives: readonly Live[], gaps: readonly string[]) {
    const known = lives.flatMap(({ id, name }) => [name ?? id, id]);
    super('api', [sayNone(kind, word, known), ...gaps].join('\n'), `See what there is: vkeys ${kind} list`, {
      facts: { missing: [word] },
    });
  }
}

function ambiguous(kind: ListedKind, word: string, lives: readonly Live[]): VkeysError {
  const lines = lives.map(({ id, mark, created_at }) => {
    const whose = mark === null ? 'not made by vkeys' : `of the set ${mark.set}`;
    return `\n  ${oneLine(id)}  ${whose}, made ${created_at ?? 'at an unknown time'}`;
  });
  return new VkeysError(
    'refused',
    `There are ${String(lives.length)} ${kind}s that are called ${oneLine(word)}:${lines.join('')}`,
    `Name the one that is meant by its ${String(factsOf(KINDS, kind).identity)}.`,
    { facts: { ids: lives.map(({ id }) => id) } },
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
