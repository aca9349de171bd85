import type { Command } from '@commander-js/extra-typings';
import { hidden } from '../../base/hidden.ts';
import type { JsonObject } from '../../base/json.ts';
import { KINDS } from '../../kinds/kinds.ts';
import { factsOf } from '../../model/kind.ts';
import type { Kind } from '../../model/ref.ts';
import type { Desired } from '../../model/resource.ts';
import { count, countKinds } from '../../view/value.ts';
import { shownExtra, shownSettings } from '../../model/shown.ts';
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
    const listOf = (kind: Kind): readonly JsonObject[] =>
      specs.flatMap(({ set, desired }) =>
        desired.filter(({ ref }) => ref.kind === kind).map((each) => ({ set, ...wantedJson(each) })),
      );
    const { THINGS } = await import('../../view/thing.ts');
    const things = Object.fromEntries(Object.entries(THINGS).map(([list, kind]) => [list, listOf(kind)]));
    await emitContent(console, options, format, { started, keys: listOf('key'), things, notices });
  } else if (options.print === true) {
    const shown = specs.map(({ set, desired }) => ({ set, ...byList(desired) }));
    await emit(console, 'yaml', shown.length === 1 ? shown[0] : shown);
  }
  for (const { set, desired } of specs) {
    say(console, options, `${set}: ${countKinds(desired.map(({ ref }) => ref))}, all well.`);
  }
  if (specs.length === 0) say(console, options, `${count(rules.length, 'rule')}, all well.`);
  return 0;
}

/** The lists of a spec, those that have something in them; keys last. */
function byList(desired: readonly Desired[]): JsonObject {
  const kinds = [...new Set(desired.map(({ ref }) => ref.kind))];
  const lists = kinds.map(
    (kind) => [`${kind}s`, desired.filter(({ ref }) => ref.kind === kind).map(wantedJson)] as const,
  );
  return lists.length === 0 ? { keys: [] } : Object.fromEntries(lists);
}

/** A thing as the spec wants it, with LiteLLM's names. */
function wantedJson(desired: Desired): JsonObject {
  const {
    ref,
    id,
    names = {},
    previously,
    user,
    state,
    settings,
    metadata,
    lifetime,
    opens,
    sharing,
    extra,
    secrets,
  } = desired;
  const members = Object.entries(metadata).map(([name, value]) => [name, hidden(value, name, secrets)] as const);
  return {
    [factsOf(KINDS, ref.kind).naming]: ref.name,
    ...(ref.kind === 'team' && id !== undefined ? { team_id: id } : {}),
    ...(previously.length === 0 ? {} : { previously }),
    ...(user === null ? {} : { user }),
    ...(state === 'absent' ? { state } : {}),
    ...names,
    ...shownSettings(settings, secrets),
    ...(lifetime === undefined ? {} : lifetime === 'never' ? { duration: null } : lifetime),
    ...(opens == null ? {} : { opens }),
    ...(members.length === 0 ? {} : { metadata: Object.fromEntries(members) }),
    ...(sharing === undefined ? {} : { shared_with: sharing.shared_with, groups: sharing.groups }),
    ...(Object.keys(extra).length === 0 ? {} : { extra: shownExtra(desired) }),
  };
}
