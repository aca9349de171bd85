/** What a roster's columns call a person. */

const WHOLE = ['name', 'fullname', 'displayname', 'anzeigename', 'vollstandigername', 'nomcomplet', 'nombrecompleto'];
const FIRST = ['firstname', 'givenname', 'vorname', 'prenom', 'nombre'];
const LAST = ['lastname', 'surname', 'familyname', 'nachname', 'familienname', 'nom', 'apellido', 'apellidos'];

/** First and last name where both are columns, else the whole one; `null`: no column has it. */
export function personIn(columns: Readonly<Record<string, string>>): string | null {
  const named = (names: readonly string[]): string | null =>
    Object.entries(columns).find(([name, value]) => names.includes(folded(name)) && value.trim() !== '')?.[1] ?? null;
  const [first, last] = [named(FIRST), named(LAST)];
  if (first !== null && last !== null) return `${first} ${last}`;
  return named(WHOLE) ?? first ?? last;
}

/** Small, without accents, blanks and marks. */
function folded(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/[\p{M}\s_-]/gu, '')
    .toLowerCase();
}
