/**
 * What came from outside – aliases, messages of a server, rows of a roster – may carry control characters that move the
 * cursor or recolour the screen, and marks that turn the reading direction. They are shown as escapes, never sent.
 */

/** Control characters, marks of direction, line separators, the BOM, tag characters and halves of a surrogate pair. */
const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}\p{Surrogate}]/gu;

/** The text on one line, safe to print. */
export function oneLine(text: string): string {
  return text.replaceAll(UNSAFE, escape);
}

/** The text safe to print, its line breaks kept. */
export function lines(text: string): string {
  return text.split(/\r?\n/).map(oneLine).join('\n');
}

/** Every line of the text with this in front. */
export function indent(text: string, by: string): string {
  return text.replaceAll(/^(?=.)/gm, by);
}

function escape(character: string): string {
  switch (character) {
    case '\n':
      return String.raw`\n`;
    case '\r':
      return String.raw`\r`;
    case '\t':
      return String.raw`\t`;
    default:
      return String.raw`\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  }
}
