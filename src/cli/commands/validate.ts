import type { JsonObject } from '../../base/json.ts';
import type { Desired, Spec } from '../../model/model.ts';
import type { Globals } from '../options.ts';
import { emit, formatAmong, say } from '../output.ts';
import { readSpecs } from '../specs.ts';
import type { World } from '../../run/world.ts';

export type ValidateOptions = { readonly file: readonly string[]; readonly print?: boolean };

/** Checks spec files without a server; `--print` shows the keys that they make. */
export async function validate(world: World, options: ValidateOptions & Globals): Promise<number> {
  const format = formatAmong(world, options, ['table', 'json', 'yaml']);
  const specs = await readSpecs(options.file, world);
  if (options.print === true || format !== 'table') {
    await emit(
      world,
      format === 'table' ? 'yaml' : format,
      specs.length === 1 ? printed(specs[0]) : specs.map(printed),
    );
  }
  for (const { set, desired } of specs) {
    say(world, options, `${set}: ${String(desired.length)} ${desired.length === 1 ? 'key' : 'keys'}, all well.`);
  }
  return 0;
}

function printed(spec: Spec | undefined): JsonObject {
  return { set: spec?.set ?? '', keys: (spec?.desired ?? []).map(printedKey) };
}

function printedKey({ key_alias, user, state, settings, metadata, lifetime, extra }: Desired): JsonObject {
  return {
    key_alias,
    ...(user === null ? {} : { user }),
    ...(state === 'absent' ? { state } : {}),
    ...settings,
    ...(lifetime === undefined ? {} : lifetime === 'never' ? { duration: null } : lifetime),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}
