import type { Command } from '@commander-js/extra-typings';
import { hidden } from '../../base/hidden.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Desired } from '../../model/resource.ts';
import { shownExtra, shownSettings } from '../../model/shown.ts';
import { count } from '../../view/value.ts';
import type { Console } from '../console.ts';
import { emit, emitContent, formatAmong } from '../output.ts';
import type { OptionsOf } from '../options.ts';
import { say } from '../say.ts';
import { fileFlags } from '../spec-options.ts';
import { filesOf, generalRules, readSpecs } from '../specs.ts';

export const examples = ['vkeys validate -f vkeys.yaml', 'vkeys validate -f vkeys.yaml --print'];

export function flags(command: Command) {
  return fileFlags(command).option('--print', 'print the keys that the spec makes');
}

/** Checks spec files without a server; `--print` shows the keys that they make. */
export async function action(
  console: Console,
  bare: readonly string[],
  options: OptionsOf<typeof flags>,
): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const {
    specs,
    rules,
    notices: said,
  } = await readSpecs(filesOf(bare, options, console), console, options, {
    ...generalRules(console),
    heldAt: started,
  });
  if (format !== 'table') {
    const { noticeJson } = await import('../../view/document.ts');
    const notices = said.map((notice) => noticeJson(notice, null, 'notice'));
    const keys = specs.flatMap(({ set, desired }) => desired.map((each) => ({ set, ...keyJson(each) })));
    await emitContent(console, options, format, { started, keys, notices });
  } else if (options.print === true) {
    const shown = specs.map(({ set, desired }) => ({ set, keys: desired.map(keyJson) }));
    await emit(console, 'yaml', shown.length === 1 ? shown[0] : shown);
  }
  for (const { set, desired } of specs) {
    say(console, options, `${set}: ${count(desired.length, 'key')}, all well.`);
  }
  if (specs.length === 0) say(console, options, `${count(rules.length, 'rule')}, all well.`);
  return 0;
}

/** A key as the spec wants it, with LiteLLM's names. */
function keyJson(desired: Desired): JsonObject {
  const { ref, previously, user, state, settings, metadata, lifetime, extra, secrets } = desired;
  const members = Object.entries(metadata).map(([name, value]) => [name, hidden(value, name, secrets)] as const);
  return {
    key_alias: ref.name,
    ...(previously.length === 0 ? {} : { previously }),
    ...(user === null ? {} : { user }),
    ...(state === 'absent' ? { state } : {}),
    ...shownSettings(settings, secrets),
    ...(lifetime === undefined ? {} : lifetime === 'never' ? { duration: null } : lifetime),
    ...(members.length === 0 ? {} : { metadata: Object.fromEntries(members) }),
    ...(Object.keys(extra).length === 0 ? {} : { extra: shownExtra(desired) }),
  };
}
