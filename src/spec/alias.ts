import { placeholdersOf } from '../base/template.ts';
import type { RosterEntry } from './schema.ts';
import { quoted, type Problem } from './read/text.ts';

/** With a roster, a name without placeholders is what the names begin with. */
export function aliasTemplate(name: string, roster: RosterEntry | undefined): string {
  return roster === undefined || placeholdersOf(name).length > 0 ? name : `${name}-{user}`;
}

const HINT = 'An alias is a text of 1 to 255 characters, e.g. ci-runner or team/app.';

/** What is wrong with an alias, or `null`. The server trims nothing, and newer ones refuse control characters and `..`. */
export function aliasProblem(alias: string): Problem | null {
  const reason = reasonAgainst(alias);
  return reason === null ? null : { rule: 'alias', message: `The alias ${quoted(alias)} ${reason}.`, hint: HINT };
}

function reasonAgainst(alias: string): string | null {
  if (alias === '') return 'is empty';
  if (alias.length > 255) return 'is longer than 255 characters';
  if (alias !== alias.trim()) return 'begins or ends with a blank';
  if (/\p{Cc}|\p{Cs}/u.test(alias)) return 'has a control character or half a character in it';
  return alias.split('/').includes('..') ? 'has .. between slashes' : null;
}
