/** One key of the command line as a spec, checked by the same rules as a file. */
import { VkeysError } from '../base/errors.ts';
import { isList, isObject, stringifyJson, type Json, type JsonObject } from '../base/json.ts';
import { literal } from '../base/template.ts';
import type { Live } from '../model/resource.ts';
import type { Spec } from '../model/spec.ts';
import { loadSpecs } from '../spec/load.ts';
import type { World } from './world.ts';

/** The set whose keyring has a key's secret, if any has. */
export function setOf({ mark }: Live): string {
  return mark?.set ?? 'adhoc';
}

/** A set without a spec: nothing is wanted, and hand-outs stay where they are. */
export function adhoc(set: string): Spec {
  return {
    set,
    isNamed: true,
    files: [],
    url: null,
    publicUrl: null,
    timeout: null,
    credential: null,
    state: 'present',
    adopt: false,
    desired: [],
    deliver: [],
    ansible: null,
  };
}

/** What `create` and `update` mean. Throws `usage` with every problem. */
export async function specOf(key_alias: string, key: JsonObject, set: string, world: World): Promise<Spec> {
  const text = stringifyJson({ set, keys: [verbatim({ key_alias, ...key })] });
  const { specs, diagnostics } = await loadSpecs(['-'], {
    cwd: world.cwd,
    env: {},
    readStdin: () => Promise.resolve(text),
  });
  const [spec] = specs;
  if (diagnostics.length === 0 && spec !== undefined) return spec;
  const lines = [...new Set(diagnostics.map(({ message }) => message))];
  const hints = [...new Set(diagnostics.map(({ hint }) => hint))];
  throw new VkeysError('usage', lines.join('\n'), hints.join('\n'));
}

/** Text of the command line has no variables and no placeholders: `$` and braces stand for themselves. */
function verbatim(key: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(key).map(([name, value]) => [name, plain(value)]));
}

function plain(value: Json): Json {
  if (typeof value === 'string') return literal(value).replaceAll('$', '$$$$');
  if (isList(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return verbatim(value);
}
