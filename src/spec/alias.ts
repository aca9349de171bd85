import { placeholdersOf } from '../base/template.ts';
import type { Kind } from '../model/ref.ts';
import { hasSecret, isHash } from '../model/selector.ts';
import { unseenIn } from './names.ts';
import type { RosterEntry } from './roster-schema.ts';
import { quoted, type Problem } from './read/text.ts';

/** With a roster, a name without placeholders is what the names begin with. */
export function nameTemplate(name: string, roster: RosterEntry | undefined): string {
  return roster === undefined || placeholdersOf(name).length > 0 ? name : `${name}-{user}`;
}

const HINT = 'An alias is a text of 1 to 255 characters, e.g. ci-runner or team/app.';

/** Whoever pastes a key there would have everybody see it. */
const SECRET: Problem = {
  rule: 'alias',
  message: 'An alias may have no word that begins with sk-, as the keys themselves do.',
  hint: `${HINT} To see whose key it is: vkeys get -`,
};

/** What is wrong with an alias, or `null`. The server trims nothing, and newer ones refuse control characters and `..`. */
export function aliasProblem(alias: string): Problem | null {
  if (hasSecret(alias)) return SECRET;
  const reason = isHash(alias) ? 'has the form of the hash of a key' : reasonAgainst(alias);
  return reason === null ? null : { rule: 'alias', message: `The alias ${quoted(alias)} ${reason}.`, hint: HINT };
}

/** What is wrong with the name of a team, a user or a budget. */
export function nameProblem(kind: Kind, name: string): Problem | null {
  const reason = hasSecret(name) ? 'has a word that begins with sk-, as keys do' : reasonAgainst(name);
  if (reason === null) return null;
  const hint = 'A name is a text of 1 to 255 characters, e.g. research or ada@example.com.';
  return { rule: 'name', message: `The ${kind} ${quoted(name)} ${reason}.`, hint };
}

function reasonAgainst(alias: string): string | null {
  if (alias === '') return 'is empty';
  if (alias.length > 255) return 'is longer than 255 characters';
  if (alias !== alias.trim()) return 'begins or ends with a blank';
  if (/\p{Cc}|\p{Cs}/u.test(alias)) return 'has a control character or half a character in it';
  if (alias.split('/').includes('..')) return 'has .. between slashes';
  const unseen = unseenIn(alias);
  return unseen === null ? null : `has ${unseen}`;
}
