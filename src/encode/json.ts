/** Control characters, marks of direction and tag characters that JSON lets through and a terminal would obey. */
const RAW =
  /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]|\uDB40(?=[\uDC00-\uDC7F])|(?<=\uDB40)[\uDC00-\uDC7F]/g;

/** A value as JSON for people and programs: two spaces, a newline at the end, safe on a terminal. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replaceAll(
    RAW,
    (character) => String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0'),
  );
  return `${text}\n`;
}
