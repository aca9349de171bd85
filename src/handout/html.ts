/** Text in HTML. */
import { lines, oneLine } from '../encode/terminal.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** On one line. */
export function escaped(text: string): string {
  return entities(oneLine(text));
}

function entities(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** An organiser's words: blank lines part paragraphs, and addresses are links. */
export function paragraphs(text: string): string {
  const parts = lines(text.trim()).split(/\n\s*\n/);
  return parts.map((part) => `<p>${linked(entities(part.trim())).replaceAll('\n', '<br>')}</p>`).join('\n');
}

function linked(html: string): string {
  return html.replaceAll(/https?:\/\/[^\s<>]*[^\s<>.,;:!?)]/g, (url) => `<a href="${url}" rel="noreferrer">${url}</a>`);
}

/** JSON inside of `<script>`, whose end it must not contain. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}
