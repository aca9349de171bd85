import { isObject, parseJson, type Json } from '../json.ts';
import type { Asked, Entry, KeyringState, Line } from '../reconcile/ports.ts';
import { Secret } from '../secret.ts';

export function writeLine(line: Line): string {
  return `${JSON.stringify(line.op === 'mint' ? { ...line, secret: line.secret.reveal() } : line)}\n`;
}

/**
 * Reads a keyring's text. A last line without its newline was cut while it was written: the write had not returned, so
 * nothing had been done on the strength of it, and `whole` (in bytes) is where the text ends without it.
 * `bad` is the 1-based number of the first line that cannot be read, or `null`.
 */
export function readJournal(journal: string): {
  readonly lines: readonly Line[];
  readonly whole: number;
  readonly bad: number | null;
} {
  const end = journal.lastIndexOf('\n') + 1;
  const lines: Line[] = [];
  for (const [index, raw] of journal.slice(0, end).split('\n').slice(0, -1).entries()) {
    const line = readLine(raw);
    if (line === null) return { lines, whole: Buffer.byteLength(journal.slice(0, end)), bad: index + 1 };
    lines.push(line);
  }
  return { lines, whole: Buffer.byteLength(journal.slice(0, end)), bad: null };
}

function readLine(raw: string): Line | null {
  const json = parseJson(raw);
  if (!isObject(json)) return null;
  const { op, key_id, key_alias, secret, at, mint } = json;
  if (op === 'mint' && text(key_id) && text(key_alias) && text(secret) && text(at)) {
    const known = new Secret(secret);
    return known.hash() === key_id ? { op, key_id, key_alias, secret: known, at } : null;
  }
  if ((op === 'done' || op === 'drop') && text(key_id)) return { op, key_id };
  if (op === 'ask' && text(mint) && text(key_alias) && text(at)) return { op, mint, key_alias, at };
  return op === 'answered' && text(mint) ? { op, mint } : null;
}

function text(value: Json | undefined): value is string {
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
