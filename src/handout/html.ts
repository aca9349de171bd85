/** An organiser's words and a program's data in HTML. */
import { entities } from '../encode/html.ts';
import { lines } from '../encode/terminal.ts';

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
