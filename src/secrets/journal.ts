/** A keyring's text, and what its lines add up to. */
import { isDeepStrictEqual } from 'node:util';
import {
  thingId,
  type Asked,
  type Entry,
  type KeyringState,
  type Line,
  type Seat,
  type Thing,
} from '../model/keyring.ts';
import type { BegunRotation } from '../model/rotation.ts';
import { codesAfter } from './codes.ts';
import { FORMAT, readHeader, readLine, readObject, type Header, type Stored } from './line.ts';

/** A keyring's text, read. */
export type Journal = {
  /** `null`: it has none, because it is new or was mended by hand. */
  readonly header: Header | null;
  readonly lines: readonly Stored[];
  /** Where the last whole line ends, in bytes. */
  readonly whole: number;
  /** Whether something that does not count stands behind that. */
  readonly torn: boolean;
  /** What must stand before the next line. */
  readonly gap: '' | '\n';
  readonly problem: JournalProblem | null;
};

/** Why a journal cannot be read. `line` is the 1-based number of the first line that cannot. */
export type JournalProblem =
  | { readonly kind: 'newer'; readonly by: string }
  | { readonly kind: 'older' }
  | { readonly kind: 'damaged'; readonly line: number };

/**
 * Reads a keyring's text. A part of a line at its end, which is no JSON, was cut while it was written: the write had not
 * returned, so nothing had been done on the strength of it. A line that only lacks its newline counts, as an editor may
 * have taken that.
 */
export function readJournal(text: string): Journal {
  const raws = text.split('\n');
  const last = raws.at(-1) ?? '';
  const torn = readObject(last) === null;
  const read = (torn ? raws.slice(0, -1) : raws).map(readRaw);
  const bad = read.indexOf(null);
  const good = (bad === -1 ? read : read.slice(0, bad)).filter((one) => one !== null);
  const headers = good.filter((one) => 'vkeys' in one);
  return {
    header: headers[0] ?? null,
    lines: good.filter((one) => 'op' in one),
    whole: Buffer.byteLength(text) - (torn ? Buffer.byteLength(last) : 0),
    torn: torn && last !== '',
    gap: torn ? '' : '\n',
    problem: versionProblem(headers) ?? (bad === -1 ? null : damage(headers, raws, bad)),
  };
}

function versionProblem(headers: readonly Header[]): JournalProblem | null {
  const newer = headers.find(({ vkeys }) => vkeys > FORMAT);
  if (newer !== undefined) return { kind: 'newer', by: newer.by };
  return headers.some(({ vkeys }) => vkeys < FORMAT) ? { kind: 'older' } : null;
}

/** The first format had lines of another shape, and no header. */
function damage(headers: readonly Header[], raws: readonly string[], bad: number): JournalProblem {
  const isLine = readObject(raws[bad] ?? '')?.['op'] !== undefined;
  return headers.length === 0 && isLine ? { kind: 'older' } : { kind: 'damaged', line: bad + 1 };
}

function readRaw(raw: string): Stored | Header | null {
  const json = readObject(raw);
  return json === null ? null : (readHeader(json) ?? readLine(json));
}

/** Adds the lines up. Lines about a key that is not known add nothing. */
export function replay(lines: readonly Line[]): KeyringState {
  const entries = new Map<string, Entry>();
  const asked = new Map<string, Asked>();
  const things = new Map<string, Thing>();
  const codes = new Map<string, Seat>();
  const rotations = new Map<string, BegunRotation>();
  let sandbox: string | null = null;
  for (const line of lines) {
    if (line.op === 'sandbox') sandbox = line.id;
    else if (line.op === 'ask') asked.set(line.mint, { mint: line.mint, name: line.name, at: line.at });
    else if (line.op === 'answered') asked.delete(line.mint);
    else if (line.op === 'made')
      things.set(thingId(line), { kind: line.kind, id: line.id, name: line.name, at: line.at });
    else if (line.op === 'unmade') things.delete(thingId(line));
    else if (line.op === 'rotating') rotations.set(line.of, rotationIn(line));
    else if (line.op === 'rotated') rotations.delete(line.of);
    else if (line.op === 'code') codes.set(line.name, { seat: line.seat, code: line.code, at: line.at });
    else {
      const before = entries.get(line.key_id);
      const entry = after(line, before, sandbox);
      if (entry === undefined) entries.delete(line.key_id);
      else entries.set(line.key_id, entry);
      if (before !== undefined) codesAfter(codes, line, before, entries);
    }
  }
  return { entries, asked, things, codes, rotations, sandbox };
}

function rotationIn(line: BegunRotation): BegunRotation {
  const { of, name, at, grace, keepsSpend, isLeaked, isFromUse } = line;
  return { of, name, at, grace, keepsSpend, isLeaked, isFromUse };
}

type KeyLine = Extract<Line, { readonly key_id: string }>;

/** What is known of a key after one more line about it. */
function after(line: KeyLine, before: Entry | undefined, sandbox: string | null): Entry | undefined {
  if (line.op === 'mint') {
    const { key_id, name, secret, at } = line;
    /* The same secret once more, by hand perhaps: where it was handed out stays true. */
    const { places = [], encryption = null, apart } = before ?? {};
    const fresh = { created: false, pending: true, deleting: false, expires: null, gone: null, replaced: false };
    return { key_id, name, secret, at, ...fresh, sandbox, places, encryption, ...(apart === true ? { apart } : {}) };
  }
  if (before === undefined || line.op === 'drop') return undefined;
  if (line.op === 'named') return { ...before, name: line.name };
  if (line.op === 'created') return { ...before, created: true, expires: line.expires };
  if (line.op === 'done') return { ...before, created: true, pending: false, expires: line.expires };
  if (line.op === 'encrypted') return { ...before, encryption: { at: line.at, digest: line.digest } };
  if (line.op === 'gone') return { ...before, gone: before.gone ?? line.at };
  if (line.op === 'back') return { ...before, gone: null, replaced: false, deleting: false };
  if (line.op === 'replaced') return { ...before, replaced: true };
  if (line.op === 'apart') return { ...before, apart: true };
  if (line.op === 'deleting') return { ...before, deleting: true };
  const others = before.places.filter((place) => !isDeepStrictEqual(place, line.place));
  return { ...before, places: line.op === 'placed' ? [...others, line.place] : others };
}

/** A secret is kept for so long after its key was first seen missing, in milliseconds. */
const KEPT = 90 * 86_400_000;

/** Lines that drop what has been missing for too long. */
export function oldLines({ entries }: KeyringState, now: Date): readonly Line[] {
  return [...entries.values()]
    .filter(({ gone }) => gone !== null && now.getTime() - Date.parse(gone) > KEPT)
    .map(({ key_id }): Line => ({ op: 'drop', key_id, why: 'old' }));
}

/** The shortest lines that add up to the same: dropped secrets are in them no more. */
export function compact({ entries, asked, things, codes, rotations, sandbox }: KeyringState): readonly Line[] {
  let current: string | null = null;
  const onSandbox = (id: string | null): readonly Line[] => {
    const isSame = id === current;
    current = id;
    return isSame ? [] : [{ op: 'sandbox', id }];
  };
  return [
    ...[...entries.values()].flatMap((entry) => [...onSandbox(entry.sandbox), ...linesOf(entry)]),
    ...onSandbox(sandbox),
    ...[...asked.values()].map((ask): Line => ({ op: 'ask', ...ask })),
    ...[...things.values()].map((thing): Line => ({ op: 'made', ...thing })),
    ...[...rotations.values()].map((rotation): Line => ({ op: 'rotating', ...rotation })),
    ...[...codes].map(([name, seat]): Line => ({ op: 'code', name, ...seat })),
  ];
}

function linesOf(entry: Entry): readonly Line[] {
  const { key_id, name, secret, at, created, pending, deleting, expires, gone, replaced, places, encryption } = entry;
  return [
    { op: 'mint', key_id, name, secret, at },
    ...places.map((place): Line => ({ op: 'placed', key_id, place })),
    ...(encryption === null ? [] : [{ op: 'encrypted', key_id, ...encryption } as const]),
    ...(created ? [{ op: pending ? ('created' as const) : ('done' as const), key_id, expires }] : []),
    ...(deleting ? [{ op: 'deleting', key_id } as const] : []),
    ...(gone === null ? [] : [{ op: 'gone', key_id, at: gone } as const]),
    ...(replaced ? [{ op: 'replaced', key_id } as const] : []),
    ...(entry.apart === true ? [{ op: 'apart', key_id } as const] : []),
  ];
}
