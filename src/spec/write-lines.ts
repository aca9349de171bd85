/** Puts other values into the lines of specs, where nothing else changes by that: of all that the files say, and of the files themselves. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { VkeysError } from '../base/errors.ts';
import { replaceFile } from '../base/files.ts';
import { withScalarAt } from '../encode/yaml-scalar.ts';
import type { Desired, Lifetime } from '../model/resource.ts';
import type { Spec } from '../model/spec.ts';
import type { SpecLine } from '../model/spec-line.ts';
import { placeOf } from './read/text.ts';

/** Reads the same specs again, as if these files said something else. */
export type Reread = (instead: ReadonlyMap<string, string>) => Promise<readonly Spec[]>;

/** A file with its new text. */
export type SpecFile = { readonly path: string; readonly text: string; readonly mode: number };

/** What the files would say. Throws `refused` for a line that cannot be changed alone. */
export async function editedSpecs(
  cwd: string,
  lines: readonly SpecLine[],
  specs: readonly Spec[],
  reread: Reread,
): Promise<readonly SpecFile[]> {
  const known = new Set(specs.flatMap(({ files }) => files));
  const texts = new Map<string, SpecFile>();
  /* From behind, so that what is before stays where it is. */
  for (const line of lines.toSorted((a, b) => b.origin.line - a.origin.line || b.origin.column - a.origin.column)) {
    const { origin, to, others } = line;
    const path = resolve(cwd, origin.file);
    if (to === null) throw unwritable(line, 'its keys would need different values', EACH);
    if (others > 0) throw unwritable(line, `it is for ${String(others)} more keys, which were not named`, EACH);
    if (!known.has(path)) throw unwritable(line, 'only values in files of YAML or JSON are written', BY_HAND);
    const file = texts.get(path) ?? (await readSpec(path));
    const text = file === null ? null : withScalarAt(file.text, offsetOf(file.text, origin), to);
    if (file === null || text === null)
      throw unwritable(line, 'it is written in a way that cannot be changed in its place', BY_HAND);
    texts.set(path, { ...file, text });
  }
  const files = [...texts.values()];
  const [first] = lines;
  if (first !== undefined && !isRight(specs, await reread(new Map(files.map(({ path, text }) => [path, text]))), lines))
    throw unwritable(first, 'more than the keys that are meant would change', BY_HAND);
  return files;
}

/** Whole, and with the mode that it has; a link stays one. */
export async function writeSpecs(files: readonly SpecFile[]): Promise<void> {
  for (const { path, text, mode } of files) await replaceFile(await realpath(path), text, undefined, mode);
}

const BY_HAND = 'Change it by hand, or leave out --write.';
const EACH = 'Give those that are meant a value of their own there, e.g. in overrides:, or leave out --write.';

function unwritable({ origin, field }: SpecLine, why: string, hint: string): VkeysError {
  return new VkeysError('refused', `${placeOf(origin)}: ${field} was not changed, nor anything else: ${why}.`, hint);
}

/** `null` for what is not UTF-8. */
async function readSpec(path: string): Promise<SpecFile | null> {
  const bytes = await readFile(path);
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? { path, text, mode: (await stat(path)).mode & 0o777 } : null;
}

function offsetOf(text: string, { line, column }: SpecLine['origin']): number {
  const body = text.startsWith('\uFEFF') ? 1 : 0;
  let start = body;
  for (let number = 1; number < line; number += 1) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

/** Whether the keys of the lines say what they are to say, and all else says what it said. */
function isRight(before: readonly Spec[], after: readonly Spec[], lines: readonly SpecLine[]): boolean {
  const wanted = before.map((spec) =>
    spec.desired.map((each) =>
      edited(
        each,
        lines.filter(({ keys }) => keys.includes(each)),
      ),
    ),
  );
  return isDeepStrictEqual(
    wanted.map(withoutPlaces),
    after.map(({ desired }) => withoutPlaces(desired)),
  );
}

function edited(desired: Desired, lines: readonly SpecLine[]): Desired {
  const end = lines.find(({ field }) => field === 'duration' || field === 'expires');
  const settings = lines.filter((line) => line !== end).map(({ field, to }) => [field, to] as const);
  const lifetime = end === undefined ? {} : { lifetime: lifetimeOf(end) };
  return { ...desired, ...lifetime, settings: { ...desired.settings, ...Object.fromEntries(settings) } };
}

function lifetimeOf({ field, to }: SpecLine): Lifetime {
  return field === 'duration' ? { duration: String(to) } : { expires: new Date(String(to)).toISOString() };
}

function withoutPlaces(all: readonly Desired[]): readonly Desired[] {
  return all.map((each) => ({ ...each, origin: null }));
}
