import { VkeysError } from '../base/errors.ts';
import type { Notice } from '../model/model.ts';
import { jsonText } from '../encode/json.ts';
import type { Look } from '../view/look.ts';
import { noticesText } from '../view/notices.ts';
import { FORMATS, type Format, type Globals } from './options.ts';
import type { Output, World } from '../run/world.ts';

/** The format that was asked for: by flag, then by VKEYS_OUTPUT, else `table`. Throws `usage`. */
export function formatOf(world: World, globals: Globals): Format {
  const asked = globals.output ?? world.env['VKEYS_OUTPUT'];
  if (asked === undefined || asked === '') return 'table';
  const format = FORMATS.find((known) => known === asked);
  if (format !== undefined) return format;
  throw new VkeysError('usage', `VKEYS_OUTPUT is ${asked}.`, `It is one of ${FORMATS.join(', ')}.`);
}

/** Throws `usage` unless the format is one that this command has. */
export function formatAmong<F extends Format>(world: World, globals: Globals, formats: readonly F[]): F {
  const asked = formatOf(world, globals);
  const format = formats.find((known) => known === asked);
  if (format !== undefined) return format;
  throw new VkeysError('usage', `-o ${asked} is not for this command.`, `Here it is one of ${formats.join(', ')}.`);
}

/** How a stream will be read: colours only on a terminal, unless NO_COLOR, FORCE_COLOR or --no-color say otherwise. */
export function lookOf(world: World, stream: Output, globals: Pick<Globals, 'color'>): Look {
  return { color: colorOf(world, stream, globals), columns: stream.columns, now: world.now() };
}

function colorOf({ env }: World, stream: Output, { color }: Pick<Globals, 'color'>): Look['color'] {
  if (!color || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return 0;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined)
    return forced === '0' || forced === 'false' ? 0 : forced === '3' ? 3 : forced === '2' ? 2 : 1;
  return stream.isTTY ? 1 : 0;
}

const CLEAR_LINE = '\r\u001B[K';

/** A word to whoever watches: never part of the result. A line of progress makes room for it. */
export function say({ stderr }: World, globals: Pick<Globals, 'quiet'>, text: string): void {
  if (globals.quiet !== true) stderr.write(`${stderr.isTTY ? CLEAR_LINE : ''}${text}\n`);
}

/** What is worth saying, for commands whose result is one key. */
export function sayNotices(world: World, globals: Pick<Globals, 'quiet' | 'color'>, notices: readonly Notice[]): void {
  if (globals.quiet === true) return;
  for (const text of noticesText([], notices, lookOf(world, world.stderr, globals))) world.stderr.write(text);
}

/** A value as JSON or YAML on stdout. */
export async function emit(world: World, format: 'json' | 'yaml', value: unknown): Promise<void> {
  const text = format === 'json' ? jsonText(value) : (await import('../encode/yaml.ts')).yamlText(value);
  world.stdout.write(text);
}

/** One line on the terminal that is written over and over; nothing elsewhere. */
export function progressLine(world: World, globals: Globals): (done: number, total: number) => void {
  if (!world.stderr.isTTY || globals.quiet === true) return () => undefined;
  return (done, total) => {
    world.stderr.write(done === total ? CLEAR_LINE : `${CLEAR_LINE}${String(done)}/${String(total)} keys …`);
  };
}

/** Asks before something is deleted. Without a terminal `--yes` is needed. Throws `refused`. */
export async function confirm(world: World, yes: boolean, question: string): Promise<void> {
  if (yes) return;
  if (!world.stdin.isTTY || !world.stderr.isTTY) {
    throw new VkeysError(
      'refused',
      `${question} There is no terminal to ask at, so nothing was changed.`,
      'If that is meant, add --yes.',
    );
  }
  const answer = await world.ask(`${question} Type yes to go on: `);
  if (answer.trim().toLowerCase() !== 'yes' && answer.trim().toLowerCase() !== 'y') {
    throw new VkeysError('refused', 'Nothing was changed.', 'Answer yes, or give --yes, to go on.');
  }
}
