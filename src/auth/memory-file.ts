/**
 * A file without a name that only memory has: what a program can open by `/dev/stdin` or `/dev/fd/3`. Linux opens no socket
 * anew, and a socket is what Node gives to programs; elsewhere these names mean what is open already.
 */
import { closeSync, constants, openSync, writeSync } from 'node:fs';

/** Linux' O_TMPFILE, which Node has no name for. */
const UNNAMED = 0o20_000_000;
const MEMORY = '/dev/shm';

/** An open file that has this text and is read from its beginning; `null` where there are none. */
export function memoryFile(text: string): number | null {
  try {
    const file = openSync(MEMORY, UNNAMED | constants.O_DIRECTORY | constants.O_RDWR, 0o600);
    return written(file, Buffer.from(text));
  } catch {
    return null;
  }
}

/** Written at places, so that the file stays at its beginning. */
function written(file: number, bytes: Buffer): number | null {
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, at);
    return file;
  } catch {
    closeSync(file);
    return null;
  }
}
