import { isObject, parseJson, type Json } from '../base/json.ts';
import type { Asked, Entry, KeyringState, Line } from '../apply/ports.ts';
import { Secret } from '../base/secret.ts';

export function writeLine(line: Line): string {
  return `${JSON.stringify(line.op === 'mint' ? { ...line, secret: line.secret.reveal() } : line)}\n`;
}

/** A keyring's text, read. `whole`: bytes. `gap` must stand before the next line. `bad`: see `readJournal`. */
export type Journal = {
  readonly lines: readonly Line[];
  readonly whole: number;
  readonly gap: '' | '\n';
  readonly bad: number | null;
};

/**
 * Reads a keyring's text. A part of a line at its end was cut while it was written: the write had not returned, so
 * nothing had been done on the strength of it, and `whole` is where the text ends without it. A line that only lacks
 * its newline counts, as an editor may have taken that. `bad` is the 1-based number of the first line that cannot be
 * read, or `null`.
 */
export function readJournal(text: string): Journal {
  const raws = text.split('\n');
  const last = raws.pop() ?? '';
  const lines = raws.map(readLine);
  const end = readLine(last);
  const bad = lines.indexOf(null);
  return {
    lines: [...(bad === -1 ? lines : lines.slice(0, bad)), end].filter((line) => line !== null),
    whole: Buffer.byteLength(text) - (end === null ? Buffer.byteLength(last) : 0),
    gap: end === null ? '' : '\n',
    bad: bad === -1 ? null : bad + 1,
  };
}

/** Editors add byte order marks, and with them every file that was put behind another. */
function readLine(raw: string): Line | null {
  const json = parseJson(raw.replace(/^\uFEFF/, ''));
  if (!isObject(json)) return null;
  const { op, key_id, key_alias, secret, at, mint } = json;
  if (op === 'mint' && isText(key_id) && isText(key_alias) && isText(secret) && isText(at)) {
    const known = new Secret(secret);
    return known.hash() === key_id ? { op, key_id, key_alias, secret: known, at } : null;
  }
  if ((op === 'done' || op === 'drop') && isText(key_id)) return { op, key_id };
  if (op === 'ask' && isText(mint) && isText(key_alias) && isText(at)) return { op, mint, key_alias, at };
  return op === 'answered' && isText(mint) ? { op, mint } : null;
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string';
}

/** Adds the lines up. */
export function replay(lines: readonly Line[]): KeyringState {
  const entries = new Map<string, Entry>();
  const asked = new Map<string, Asked>();
  for (const line of lines) {
    if (line.op === 'mint') {
      const { key_id, key_alias, secret, at } = line;
      entries.set(key_id, { key_id, key_alias, secret, at, pending: true });
    } else if (line.op === 'done') {
      const entry = entries.get(line.key_id);
      if (entry !== undefined) entries.set(line.key_id, { ...entry, pending: false });
    } else if (line.op === 'drop') entries.delete(line.key_id);
    else if (line.op === 'ask') asked.set(line.mint, { mint: line.mint, key_alias: line.key_alias, at: line.at });
    else asked.delete(line.mint);
  }
  return { entries, asked };
}

/** The shortest lines that add up to the same: dropped secrets are in them no more. */
export function compact({ entries, asked }: KeyringState): readonly Line[] {
  return [
    ...[...entries.values()].flatMap(({ key_id, key_alias, secret, at, pending }): Line[] => {
      const mint: Line = { op: 'mint', key_id, key_alias, secret, at };
      return pending ? [mint] : [mint, { op: 'done', key_id }];
    }),
    ...[...asked.values()].map((ask): Line => ({ op: 'ask', ...ask })),
  ];
}
