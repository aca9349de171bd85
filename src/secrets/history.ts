/**
 * The text of a set's history: a line of JSON for each event, which ends in the hash of itself and of the line before. Who changes
 * a line, or takes one out, breaks the chain there; who cuts its end is found by whoever kept a later hash.
 */
import { createHash } from 'node:crypto';
import { isObject, parseJson, stringifyJson } from '../base/json.ts';
import { runsOf, type Dropped, type History, type HistoryEvent } from '../model/history.ts';
import { isText, readEvent } from './history-event.ts';
import type { About } from './line.ts';

/** The version of its format. */
const FORMAT = 1;

/** The first line. `before`: the hash of the last line that was dropped. */
type Header = About & { readonly history: number; readonly before: string; readonly dropped: Dropped | null };

/** A text as it is, and where its last whole line ends, in bytes. */
export type HistoryText = History & { readonly size: number; readonly torn: boolean };

const HASH = /,"hash":"([0-9a-f]{64})"\}$/;

/** A line behind the one with this hash. */
function sealedLine(value: object, before: string): { readonly text: string; readonly hash: string } {
  const body = stringifyJson(value);
  const hash = hashOf(body, before);
  return { text: `${body.slice(0, -1)},"hash":"${hash}"}\n`, hash };
}

function hashOf(body: string, before: string): string {
  return createHash('sha256').update(`${before}\n${body}`).digest('hex');
}

/** The text of these events, behind what there is; with `null`, of a new file. */
export function historyLines(about: About, there: History | null, events: readonly HistoryEvent[]): string {
  const header = there === null || there.head === '' ? [headerOf(about, '', null)] : [];
  return chain([...header, ...events], there?.head ?? '');
}

/** What is written in place of a text with too many lines: its last ones, from about the middle on. */
export function shorterHistory(about: About, text: string): string {
  const lines = wholeLines(text);
  const kept = lines.slice(Math.ceil(lines.length / 2));
  const last = lines[lines.length - kept.length - 1] ?? '';
  const before = readHeader(lines[0] ?? '')?.dropped?.lines ?? -1;
  const at = parseJson(last);
  const until = isObject(at) && typeof at['at'] === 'string' ? at['at'] : '';
  const dropped = { lines: Math.max(0, before) + lines.length - kept.length - 1, until };
  const header = sealedLine(headerOf(about, HASH.exec(last)?.[1] ?? '', dropped), '');
  return `${header.text}${kept.map((line) => `${line}\n`).join('')}`;
}

function chain(values: readonly object[], from: string): string {
  let before = from;
  return values
    .map((value) => {
      const { text, hash } = sealedLine(value, before);
      before = hash;
      return text;
    })
    .join('');
}

function headerOf({ server, set }: About, before: string, dropped: Dropped | null): Header {
  return { history: FORMAT, server, set, before, dropped };
}

/** Reads a text. A part of a line at its end was cut while it was written, and does not count. */
export function readHistory(text: string, fallback: About): HistoryText {
  const lines = wholeLines(text);
  const size = Buffer.byteLength(lines.map((line) => `${line}\n`).join(''));
  const header = readHeader(lines[0] ?? '');
  const about = header === null ? fallback : { server: header.server, set: header.set };
  const events: HistoryEvent[] = [];
  const broken: number[] = [];
  const hashes = new Set<string>();
  let head = '';
  for (const [index, line] of lines.entries()) {
    const [end = '', hash = ''] = HASH.exec(line) ?? [];
    const isWhole = hash !== '' && hashOf(`${line.slice(0, line.length - end.length)}}`, head) === hash;
    if (!isWhole || (index === 0 && header === null)) broken.push(index + 1);
    const event = readEvent(parseJson(line));
    if (event !== null) events.push(event);
    else if (index > 0 && isWhole) broken.push(index + 1);
    head = index === 0 && header !== null && header.before !== '' ? header.before : hash;
    if (hash !== '') hashes.add(hash);
  }
  const dropped = header?.dropped ?? null;
  return {
    ...about,
    runs: runsOf(about, events),
    dropped,
    broken,
    head,
    hashes,
    size,
    torn: size < Buffer.byteLength(text),
  };
}

function wholeLines(text: string): readonly string[] {
  return text.split('\n').slice(0, -1);
}

function readHeader(line: string): Header | null {
  const json = parseJson(line);
  if (!isObject(json)) return null;
  const { history, server, set, before, dropped = null } = json;
  if (history !== FORMAT || !isText(server) || !isText(set) || !isText(before)) return null;
  const { lines, until } = isObject(dropped) ? dropped : {};
  return {
    history,
    server,
    set,
    before,
    dropped: typeof lines === 'number' && isText(until) ? { lines, until } : null,
  };
}
