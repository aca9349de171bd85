/** What specs say otherwise than what is done to their keys by hand: told with its place, or changed there. */
import type { Notice } from '../model/plan.ts';
import type { KeysPlan } from '../run/change-keys.ts';
import type { SpecLine } from '../model/spec-line.ts';
import { linesOf } from '../run/spec-lines.ts';
import { editedSpecs, writeSpecs } from '../spec/write-lines.ts';
import { placeOf } from '../spec/read/text.ts';
import { count } from '../view/value.ts';
import type { WrittenSpecs } from './choice.ts';
import type { Console } from './console.ts';

type SpecChanges = {
  readonly notices: readonly Notice[];
  /** Writes them, where that was asked for. */
  readonly write: () => Promise<void>;
};

/** `written`: what the files say; `null` where no files were given. Throws `refused` for what is to be written and cannot be. */
export async function specChanges(
  console: Console,
  { write }: { readonly write?: true | undefined },
  written: WrittenSpecs | null,
  { wished }: KeysPlan,
): Promise<SpecChanges> {
  const lines = written === null ? [] : linesOf(wished, written, console.now());
  if (written === null || write !== true) return { notices: lines.map(toldNotice), write: () => Promise.resolve() };
  const files = await editedSpecs(console.cwd, lines, written.specs, written.reread);
  return { notices: lines.map(writtenNotice), write: () => writeSpecs(files) };
}

function toldNotice(line: SpecLine): Notice {
  const { origin, field, from, others } = line;
  const message = `${placeOf(origin)}: ${field} is ${text(from)} there, to which the next apply goes back.`;
  return { code: 'spec', ref: refOf(line), message, hint: others > 0 ? manyHint(line) : oneHint(line) };
}

function oneHint({ field, to }: SpecLine): string {
  return to === null
    ? `Its keys need different values: give each a ${field} of its own.`
    : `To keep the change: write ${field}: ${text(to)} there, or give --write`;
}

function manyHint({ field, to, others }: SpecLine): string {
  const own = to === null ? `a ${field} of their own` : `${field}: ${text(to)} of their own`;
  return `That line is for ${count(others, 'key')} more: give those that are meant ${own}, with a roster in overrides:.`;
}

function writtenNotice(line: SpecLine): Notice {
  const { origin, field, from, to } = line;
  const message = `${placeOf(origin)}: ${field} ${text(from)} → ${text(to)}`;
  return { code: 'spec', ref: refOf(line), message, hint: null };
}

function refOf({ keys: [first, ...others] }: SpecLine): Notice['ref'] {
  return first !== undefined && others.length === 0 ? first.ref : null;
}

function text(value: SpecLine['from']): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
