/** A line of the journal as text: one JSON object. */
import { isObject, parseJson, type Json, type JsonObject } from '../base/json.ts';
import { Secret } from '../base/secret.ts';
import { isCode, readCode } from '../model/code.ts';
import type { Line } from '../model/keyring.ts';
import { readPlace } from '../model/place.ts';

/** The version of the journal's format. */
export const FORMAT = 2;

/** What a journal is about: one set at one server. */
export type About = { readonly server: string; readonly set: string };

/** The first line of a journal. `vkeys` is the version of its format, `by` that of the program that wrote it. */
export type Header = { readonly vkeys: number; readonly by: string; readonly about: About | null };

/** A line whose secret is encrypted: `sealed` is an age file in base64. */
export type Sealed =
  | {
      readonly op: 'mint';
      readonly key_id: string;
      readonly name: string;
      readonly sealed: string;
      readonly at: string;
    }
  | {
      readonly op: 'code';
      readonly name: string;
      readonly seat: number;
      readonly sealed: string;
      readonly at: string;
    };

/** A line as it is on the disk. */
export type Stored = Line | Sealed;

export function writeHeader(by: string, about: About): string {
  return `${JSON.stringify({ vkeys: FORMAT, by, ...about })}\n`;
}

export function writeLine(line: Stored): string {
  return `${JSON.stringify(plain(line))}\n`;
}

function plain(line: Stored): object {
  if ('secret' in line) return { ...line, secret: line.secret.reveal() };
  return 'code' in line ? { ...line, code: line.code.reveal() } : line;
}

/** Editors add byte order marks, and with them every file that was put behind another. */
export function readObject(raw: string): JsonObject | null {
  const json = parseJson(raw.replace(/^\uFEFF/, ''));
  return isObject(json) ? json : null;
}

/** `null`: it is none. */
export function readHeader({ vkeys, by, server, set }: JsonObject): Header | null {
  if (!Number.isInteger(vkeys) || typeof vkeys !== 'number') return null;
  const writer = isText(by) && /^[\w.+-]{1,40}$/.test(by) ? by : 'another version';
  return { vkeys, by: writer, about: isText(server) && isText(set) ? { server, set } : null };
}

/** `null`: damaged. */
export function readLine(json: JsonObject): Stored | null {
  return readMint(json) ?? readCodeLine(json) ?? readKeyLine(json) ?? readRotation(json) ?? readOtherLine(json);
}

function readMint({ op, key_id, name, secret, sealed, at }: JsonObject): Stored | null {
  if (op !== 'mint' || !isText(key_id) || !isText(name) || !isText(at)) return null;
  if (isText(sealed)) return { op, key_id, name, sealed, at };
  if (!isText(secret)) return null;
  const known = new Secret(secret);
  return known.hash() === key_id ? { op, key_id, name, secret: known, at } : null;
}

function readCodeLine({ op, name, seat, code, sealed, at }: JsonObject): Stored | null {
  if (op !== 'code' || !isText(name) || !isText(at)) return null;
  if (typeof seat !== 'number' || !Number.isSafeInteger(seat) || seat < 1) return null;
  if (isText(sealed)) return { op, name, seat, sealed, at };
  return isText(code) && isCodeOf(seat, code) ? { op, name, seat, code: new Secret(code), at } : null;
}

/** Whether a text is a code, and of this seat. */
export function isCodeOf(seat: number, text: string): boolean {
  const code = readCode(text);
  return isCode(code) && code.seat === seat && code.text === text;
}

/** Lines about a key that is known. */
function readKeyLine(json: JsonObject): Line | null {
  const { op, key_id, name, at, expires, digest, why } = json;
  if (!isText(key_id)) return null;
  if (op === 'named' && isText(name)) return { op, key_id, name };
  if (op === 'placed' || op === 'removed') {
    const place = readPlace(json['place']);
    return place === null ? null : { op, key_id, place };
  }
  if ((op === 'done' || op === 'created') && (expires === null || isText(expires))) return { op, key_id, expires };
  if (op === 'gone' && isText(at)) return { op, key_id, at };
  if (op === 'encrypted' && isText(at) && isText(digest)) return { op, key_id, at, digest };
  if (op === 'back' || op === 'replaced' || op === 'deleting' || op === 'apart') return { op, key_id };
  const reason = REASONS.find((known) => known === why);
  return op === 'drop' && reason !== undefined ? { op, key_id, why: reason } : null;
}

const REASONS = ['deleted', 'refused', 'old', 'forgotten'] as const;

function readRotation({ op, of, name, at, grace, keepsSpend, isLeaked, isFromUse }: JsonObject): Line | null {
  if (!isText(of)) return null;
  if (op === 'rotated') return { op, of };
  if (op !== 'rotating' || !isText(name) || !isText(at)) return null;
  if (typeof grace !== 'number' || grace < 0 || typeof keepsSpend !== 'boolean') return null;
  if (typeof isLeaked !== 'boolean' || typeof isFromUse !== 'boolean') return null;
  return { op, of, name, at, grace, keepsSpend, isLeaked, isFromUse };
}

function readOtherLine({ op, mint, name, at, id, kind }: JsonObject): Line | null {
  if (op === 'ask' && isText(mint) && isText(name) && isText(at)) return { op, mint, name, at };
  if (op === 'answered' && isText(mint)) return { op, mint };
  if (op === 'made' && isText(kind) && isText(id) && isText(name) && isText(at)) return { op, kind, id, name, at };
  if (op === 'unmade' && isText(kind) && isText(id)) return { op, kind, id };
  return op === 'sandbox' && (id === null || isText(id)) ? { op, id } : null;
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string';
}
