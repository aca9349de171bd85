/** Which column of a table names its users. */
import { guess } from './guess.ts';
import type { Problem } from './read/text.ts';

/** What forms, schools and directories call it, small and without blanks, hyphens and underscores. */
const WELL_KNOWN = new Set(
  `user username email emailaddress mail login loginname loginid account accountname userprincipalname
   benutzer benutzername anmeldename nutzername kennung emailadresse identifiant usuario utente`.split(/\s+/),
);

/** `isGuessed`: nobody said that it is this one. */
export type UserColumn = { readonly index: number; readonly isGuessed: boolean };

/** The column that somebody asked for, and the template of what is made of each user. */
type Wish = { readonly asked: string | undefined; readonly template: string | undefined };

/** The column that was asked for; else `user`; else the one that is the whole name; else the only one with a well-known name. */
export function userColumn(names: readonly string[], { asked, template }: Wish, file: string): UserColumn | Problem {
  const named = (wanted: (name: string) => boolean): readonly number[] =>
    names.flatMap((name, index) => (wanted(name) ? [index] : []));
  const called = named((name) => name === (asked ?? 'user'));
  const meant = asked === undefined ? named((name) => name !== '' && template === `{${name}}`) : [];
  const exact = called.length === 0 ? meant : called;
  const alike = asked === undefined ? named(isWellKnown) : named((name) => folded(name) === folded(asked));
  const [index, ...others] = exact.length === 0 ? alike : exact;
  if (index !== undefined && others.length === 0) return { index, isGuessed: exact.length === 0 };
  const filled = names.filter((name) => name !== '');
  const what =
    index === undefined
      ? `has no column ${asked ?? 'user'}.${guess(asked ?? 'user', filled)}`
      : `has several columns that may name its users: ${[index, ...others].map((each) => names[each]).join(', ')}.`;
  const example = String(index === undefined ? filled[0] : names[index]);
  const hint = others.some((other) => names[other] === example)
    ? 'Give each of these columns a name of its own.'
    : `Say which column names the users, like roster: {file: ${file}, user: ${inYaml(example)}}.`;
  return { rule: 'roster', message: `The roster ${what} Its columns are ${filled.join(', ')}.`, hint };
}

function isWellKnown(name: string): boolean {
  return WELL_KNOWN.has(folded(name));
}

function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}

/** A name as a mapping in one line has it. */
export function inYaml(name: string): string {
  return /^[\p{L}\p{N}]+(?:[ _-][\p{L}\p{N}]+)*$/u.test(name) ? name : `'${name.replaceAll("'", "''")}'`;
}
