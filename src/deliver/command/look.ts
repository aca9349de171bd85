import type { Secret } from '../../base/secret.ts';
import { commandLine } from '../../encode/argument.ts';
import { oneLine } from '../../encode/terminal.ts';
import { NotOursError } from '../not-ours.ts';
import type { SinkPorts } from '../sink.ts';
import { failed, ran } from './ran.ts';
import type { Ways } from './ways.ts';

/** What is at a place: `null` where nobody can look, else what was printed of it; `missing`: there is nothing. */
export type Seen = null | 'missing' | { readonly text: string };

/** Throws `delivery` where the program cannot tell. */
export async function look(run: SinkPorts['run'], ways: Ways, secrets: readonly Secret[] = []): Promise<Seen> {
  const { check, missing } = ways;
  if (check === undefined) return null;
  const ended = await ran(run, check, ways);
  if (ended.exitCode === 0) return { text: ended.stdout };
  if (missing === undefined || ended.stderr.includes(missing)) return 'missing';
  throw failed(check, ended, secrets);
}

/**
 * Throws `NotOursError` for a text that is no key, where nothing is remembered of ours: somebody else put it there. A document may
 * have more than our value.
 */
export function assertOurs(seen: Seen, isRemembered: boolean, { check = [] }: Ways): void {
  if (isRemembered || seen === null || seen === 'missing') return;
  const text = seen.text.trim();
  if (text === '' || text.includes('sk-') || /^[{[]/.test(text)) return;
  throw new NotOursError(
    'delivery',
    `There is something already that vkeys did not put there: ${oneLine(commandLine(check))} prints no key.`,
    'Choose another name for it, or take it away there.',
  );
}
