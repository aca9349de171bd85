/** What of a name is not seen. */

/** The same for all names that some disk takes for one: capitals, ways to write an accent, dots and blanks at an end. */
export function oneName(name: string): string {
  const folded = name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
  return /[. ](?:$|[\\/])/.test(folded) ? folded.replaceAll(/[. ]+(?=$|[\\/])/g, '') : folded;
}

/** What of a name nobody sees: characters of no width, apart from those that join pictures to one. */
export function unseenIn(name: string): string | null {
  const [found] = UNSEEN.test(name) ? (UNSEEN.exec(name.replaceAll(JOINED, '')) ?? []) : [];
  if (found === undefined) return null;
  const code = Number(found.codePointAt(0)).toString(16).toUpperCase().padStart(4, '0');
  return `a character of no width in it, U+${code}`;
}

const UNSEEN = /[\p{Cf}\p{DI}]/u;
/** Joiners between pictures, what makes a sign a picture, and the tags of a flag. */
const JOINED =
  /(?<=\p{Extended_Pictographic}|\p{EMod}|\uFE0F)\u200D(?=\p{Extended_Pictographic})|\uFE0F|(?<=\u{1F3F4}[\u{E0020}-\u{E007F}]*)[\u{E0020}-\u{E007F}]/gu;
