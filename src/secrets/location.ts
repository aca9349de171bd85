/**
 * Where a set's journal is. Its file name is the set's in an alphabet that every disk tells apart: capitals are written
 * `+a`, other characters and the first letter of a name that Windows keeps for itself as `=` and the hex of their bytes.
 */
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { About } from './line.ts';

const SUFFIX = '.jsonl';
const HISTORY = '.history';

/** The file of one set's keyring. `folder` is the keyring's root. */
export function keyringPath(folder: string, { server, set }: About): string {
  return join(folder, serverFolder(server), `${fileName(set)}${SUFFIX}`);
}

/** The folder, below the user's own, of keyrings that forget a secret when it is handed out. */
export const PASSING = 'none';

/** Whether a set's keyring is one of those. */
export function isPassing(path: string): boolean {
  return basename(dirname(dirname(path))) === PASSING;
}

export function isJournal(name: string): boolean {
  return name.endsWith(SUFFIX);
}

/** The file of what was done to a set, beside its keyring. */
export function historyPath(journal: string): string {
  return `${journal.slice(0, -SUFFIX.length)}${HISTORY}`;
}

export function isHistory(name: string): boolean {
  return name.endsWith(HISTORY);
}

/** The readable part is for people, and cut; the hash tells servers apart. */
function serverFolder(url: string): string {
  const name = url.replace(/^https?:\/\//, '').replaceAll(/[^A-Za-z0-9.-]+/g, '_');
  return `${name.slice(0, 100)}-${createHash('sha256').update(url).digest('hex').slice(0, 8)}`;
}

/** What Windows takes for a device, whatever follows the first dot. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9]|conin|conout|clock)(\.|$)/;

function fileName(set: string): string {
  const escaped = Array.from(set, escape).join('');
  return RESERVED.test(escaped) ? `${hex(escaped[0] ?? '')}${escaped.slice(1)}` : escaped;
}

function escape(character: string): string {
  if (/^[a-z0-9._-]$/.test(character)) return character;
  return /^[A-Z]$/.test(character) ? `+${character.toLowerCase()}` : hex(character);
}

function hex(character: string): string {
  return [...Buffer.from(character, 'utf8')].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join('');
}
