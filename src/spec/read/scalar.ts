/** A text, number or truth of a document → what it means where it stands. */
import type { Json } from '../../base/json.ts';
import { isHeld } from '../../base/numeral.ts';
import type { Environment } from '../../base/variables.ts';
import { interpolate } from './environment.ts';
import type { Reading } from './merge.ts';
import { lossOf, otherwiseWritten } from './number.ts';
import { quoted } from './text.ts';
import type { Path, ScalarTree } from './tree.ts';

/** Members with values of anybody's making, in a spec and in an Ansible role's variables. */
const OPEN = /(^|_)(metadata|extra|config|router_settings)$/;

/** The places, steps on lines of their own, of a key's fields; of names; of metadata. */
const KEY = String.raw`(?:defaults|keys\n\d+(?:\noverrides\n[^\n]*)?)\n`;
const OF_KEY = `${KEY}(?:key_alias|user_id|team_id|previously(?:\\n\\d+)?)`;
const OF_ROSTER = String.raw`keys\n\d+\nroster\n(?:prefix|user|\d+(?:\n[^\n]*)?)`;
const NAME = new RegExp(`^(?:set|${OF_KEY}|${OF_ROSTER})$`);
const METADATA = new RegExp(`^${KEY}metadata\\n`);

/** Whether what stands there is a name, and so stays as it is written. */
export function isName(path: Path): boolean {
  return NAME.test(path.join('\n'));
}

export function scalarOf(reading: Reading, node: ScalarTree, path: Path): Json {
  const { at, value, written } = node;
  if (typeof value === 'string') {
    return value.includes('$') && reading.env !== null ? interpolated(reading, reading.env, value, node, path) : value;
  }
  if (written === null) return value;
  if (isName(path)) return written;
  if (typeof value === 'number' && changes(reading, path, written)) reading.fail(at, otherwiseWritten(written, value));
  return value;
}

/** Whether a number of the metadata, which may be a name, would not be found again. Programs write JSON, and mean numbers. */
function changes({ text }: Reading, path: Path, written: string): boolean {
  return String(Number(written)) !== written && !text.file.endsWith('.json') && METADATA.test(path.join('\n'));
}

/** What stands unquoted is read as YAML would read it once filled in: `max_budget: ${BUDGET}` is a number. */
function interpolated(reading: Reading, env: Environment, text: string, node: ScalarTree, path: Path): Json {
  const { text: filled, unset, malformed, filled: isFilled } = interpolate(text, env);
  if (isFilled && path.some((step) => OPEN.test(String(step)))) reading.secrets.add(filled);
  // Flags or a profile may say the server's address.
  if (unset.length > 0 && path.join('.') === 'server.url') return null;
  for (const name of unset) {
    const message = `The environment variable ${name} is not set.`;
    const hint = `Set it, or give a default: \${${name}:-default}. For a literal $ write $$.`;
    reading.fail(node.at, { rule: 'environment', message, hint });
  }
  for (const part of malformed) {
    const message = `${quoted(part)} names no environment variable.`;
    const hint = 'Write ${NAME} or ${NAME:-default}. For a literal $ write $$.';
    reading.fail(node.at, { rule: 'environment', message, hint });
  }
  if (node.plain && unset.length > 0) return null;
  return node.plain && !isName(path) ? unquoted(reading, text, filled, node.at, path) : filled;
}

function unquoted(reading: Reading, text: string, filled: string, at: number, path: Path): Json {
  if (filled === 'true' || filled === 'false') return filled === 'true';
  if (!/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/.test(filled)) return filled;
  if (!isHeld(filled)) reading.fail(at, lossOf(text));
  else if (changes(reading, path, filled)) reading.fail(at, otherwiseWritten(text, null));
  return Number(filled) + 0;
}
