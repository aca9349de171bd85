/** The page of all attendees as a file. */
import { letterOf, type Attendee, type Style } from './attendee.ts';
import type { Envelope } from './envelope.ts';
import { close, type Closing } from './envelopes.ts';
import type { File } from './folder.ts';
import { PAGE } from './formats.ts';
import { envelopesIn } from './page-element.ts';
import { pageHtml } from './page.ts';

type Making = {
  readonly style: Style;
  readonly closing: Omit<Closing, 'old'>;
  readonly api_endpoint: string;
  /** Seats with a code that no page has. */
  readonly renewed: ReadonlySet<number>;
};

/** The page as a file that everybody may read. `before`: the page of the last run. */
export async function pageFile(
  attendees: readonly Attendee[],
  before: string | null,
  { style, closing, api_endpoint, renewed }: Making,
): Promise<File> {
  const { rounds } = closing;
  const there = before === null ? new Map<number, Envelope>() : envelopesIn(before, rounds);
  const old = new Map([...there].filter(([seat]) => !renewed.has(seat)));
  const letters = attendees.map((each) => ({ ...each, letter: letterOf(each, style.names) }));
  const envelopes = await close(letters, { ...closing, old });
  return { name: PAGE, text: await pageHtml({ envelopes, rounds, api_endpoint }, style), isPublic: true };
}
