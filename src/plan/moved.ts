/** Live things of one server as they are to be on another, and what of them that cannot hold. Pure. */
import { textOf } from '../base/json.ts';
import { isOlder } from '../base/version.ts';
import { desiredOf } from '../kinds/desired.ts';
import { settingsEntries } from '../model/fields.ts';
import { factsOf, type Kinds } from '../model/kind.ts';
import { hasEnded } from '../model/lifetime.ts';
import { sealedMembers } from '../model/memo.ts';
import type { Notice } from '../model/plan.ts';
import type { Ref } from '../model/ref.ts';
import type { Desired, Live } from '../model/resource.ts';

/** A thing, and what it is to have on the other server. */
export type Moved = { readonly live: Live; readonly desired: Desired };

export type Moving = {
  readonly moved: readonly Moved[];
  /** What stays behind. */
  readonly notices: readonly Notice[];
};

/** `version`: of the other server. A key without a name, and one that has ended, stays where it is. */
export function movedTo(lives: readonly Live[], kinds: Kinds, version: string | null, now: Date): Moving {
  const notices: Notice[] = [];
  const moved = lives.flatMap((live): readonly Moved[] => {
    const { memo: _memo, ...desired } = desiredOf(factsOf(kinds, live.kind), live);
    const problem = live.kind === 'key' ? staying(live, now) : null;
    if (problem !== null) {
      notices.push(stays(desired.ref, problem));
      return [];
    }
    const { fields } = factsOf(kinds, live.kind);
    const lost = settingsEntries(fields, desired.settings).flatMap(([name, , { since }]) =>
      since !== undefined && isOlder(version, since) ? [name] : [],
    );
    const sealed = sealedMembers(desired.metadata);
    notices.push(...lost.map((name) => dropped(desired.ref, name, version)));
    notices.push(...sealed.map((name) => encrypted(desired.ref, name)));
    return [
      {
        live,
        desired: {
          ...desired,
          settings: without(desired.settings, lost),
          metadata: without(desired.metadata, sealed),
        },
      },
    ];
  });
  return { moved: withAdmins(moved), notices };
}

function staying({ name, expires }: Live, now: Date): string | null {
  if (name === null) return 'It has no alias';
  return hasEnded(expires, now) ? `It has ended ${String(expires)}` : null;
}

function stays(ref: Ref, problem: string): Notice {
  return { code: 'migrate', ref, message: `${problem}, so it is not moved.`, hint: null };
}

function dropped(ref: Ref, name: string, version: string | null): Notice {
  const message = `${name} is left out: LiteLLM ${String(version)} does not know it.`;
  return { code: 'unsupported', ref, message, hint: null };
}

function encrypted(ref: Ref, name: string): Notice {
  const message = `metadata.${name} is left out: its server has encrypted it, and no other can read it.`;
  return {
    code: 'migrate',
    ref,
    message,
    hint: 'Apply the spec that has it, or write it again: vkeys update KEY --metadata',
  };
}

function without<T>(object: Readonly<Record<string, T>>, names: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Only at its creation a team takes admins without a licence. */
function withAdmins(moved: readonly Moved[]): readonly Moved[] {
  return moved.map(({ live, desired }) => {
    const admins = moved.flatMap(({ live: { kind, settings } }) =>
      kind === 'member' && settings['team_id'] === live.id && settings['role'] === 'admin'
        ? [textOf(settings['user_id'])]
        : [],
    );
    return live.kind !== 'team' || admins.length === 0
      ? { live, desired }
      : { live, desired: { ...desired, settings: { ...desired.settings, admins } } };
  });
}
