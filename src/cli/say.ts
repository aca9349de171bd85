/** The conversation: what goes to stderr, and is never part of the result. */
import type { VkeysError } from '../base/errors.ts';
import type { Notice } from '../model/plan.ts';
import type { Kind } from '../model/ref.ts';
import type { Diagnostic } from '../model/spec.ts';
import type { Console } from './console.ts';
import { lookOf } from './look.ts';

type Flags = { readonly quiet?: boolean | undefined; readonly color: boolean };

const CLEAR_LINE = '\r\u001B[K';

/** A word to whoever watches. A line of progress makes room for it. */
export function say({ stderr }: Console, flags: Pick<Flags, 'quiet'>, text: string): void {
  if (flags.quiet !== true) stderr.write(`${stderr.isTTY ? CLEAR_LINE : ''}${text}\n`);
}

/** What is worth saying, for commands whose result is one key. */
export async function sayNotices(console: Console, flags: Flags, notices: readonly Notice[]): Promise<void> {
  if (flags.quiet === true || notices.length === 0) return;
  const { noticesText } = await import('../view/notices.ts');
  for (const text of noticesText([], notices, lookOf(console, console.stderr, flags))) console.stderr.write(text);
}

/** What went wrong and what to do next; of a spec, every problem with its place. */
export async function sayError(
  console: Console,
  flags: Pick<Flags, 'color'>,
  error: VkeysError & { readonly diagnostics?: readonly Diagnostic[] },
): Promise<void> {
  const look = lookOf(console, console.stderr, flags);
  if (error.diagnostics === undefined) {
    const { errorText } = await import('../view/error.ts');
    console.stderr.write(errorText(error, look));
  } else {
    const { diagnosticsText } = await import('../view/diagnostics.ts');
    console.stderr.write(diagnosticsText(error.diagnostics, look));
  }
}

/** One line on the terminal that is written over and over; nothing elsewhere. */
export function progressLine(
  { stderr }: Console,
  flags: Pick<Flags, 'quiet'>,
): (done: number, total: number, of?: Kind) => void {
  if (!stderr.isTTY || flags.quiet === true) return () => undefined;
  return (done, total, of = 'key') => {
    stderr.write(done === total ? CLEAR_LINE : `${CLEAR_LINE}${String(done)}/${String(total)} ${of}s …`);
  };
}
