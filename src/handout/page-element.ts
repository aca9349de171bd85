/** The data of a page in its HTML, which is also how the next run finds what this one encrypted. */
import { isList, isObject, parseJson, type Json } from '../base/json.ts';
import type { Envelope } from './envelope.ts';
import { scriptJson } from './html.ts';
import type { PageData } from './page-data.ts';

const [BEFORE, AFTER] = ['<script type="application/json" id="data">', '</script>'];

export function dataElement(data: PageData): string {
  return `${BEFORE}${scriptJson(data)}${AFTER}`;
}

/** The envelopes of a page, by seat, if they were made with as many rounds; none of what is no page of ours. */
export function envelopesIn(html: string, rounds: number): ReadonlyMap<number, Envelope> {
  const start = html.indexOf(BEFORE);
  const end = html.indexOf(AFTER, start);
  const data = start === -1 || end === -1 ? null : parseJson(html.slice(start + BEFORE.length, end));
  if (!isObject(data) || data['version'] !== 1 || data['rounds'] !== rounds || !isList(data['envelopes']))
    return new Map();
  return new Map(data['envelopes'].filter(isEnvelope).map((envelope) => [envelope[0], envelope]));
}

function isEnvelope(value: unknown): value is Envelope {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [seat, ...texts]: readonly Json[] = value;
  return typeof seat === 'number' && texts.every((text) => typeof text === 'string' && /^[A-Za-z0-9+/]+=*$/.test(text));
}
