/** Live things → the document of a spec that asks for just them. */
import { sameJson, type JsonObject } from '../../base/json.ts';
import { desiredOf } from '../../kinds/desired.ts';
import type { Notice } from '../../model/plan.ts';
import { byRef, refText, type Kind } from '../../model/ref.ts';
import type { Desired, Live } from '../../model/resource.ts';
import type { Groups } from '../../model/sharing.ts';
import { BUDGET_FORM, KEY_FORM, MEMBER_FORM, TEAM_FORM, USER_FORM, type Form } from '../forms.ts';
import { entryOf } from './entry.ts';
import { withDurations } from './durations.ts';
import { folded } from './fold.ts';
import { sayable, type LeftOut } from './sayable.ts';

/** A document, and what of the things it does not say. */
export type WrittenDocument = { readonly document: JsonObject; readonly left: readonly Notice[] };

const FORMS: ReadonlyMap<Kind, Form> = new Map(
  [BUDGET_FORM, USER_FORM, TEAM_FORM, MEMBER_FORM, KEY_FORM].map((form) => [form.facts.kind, form]),
);

/** One thing, and what it is to have. */
type Wanted = { readonly live: Live; readonly desired: Desired };

/** The document of the set `set` with these things, in the order of their names; `isFolded`: in few words. */
export async function documentOf(set: string, lives: readonly Live[], isFolded: boolean): Promise<WrittenDocument> {
  const left: Notice[] = [];
  const sound = soundIn(lives, left);
  const wanted = isFolded ? withDurations(sound) : sound;
  const groups = groupsIn(wanted, left);
  const entries = (kind: Kind, isMeant: (live: Live) => boolean = () => true): readonly JsonObject[] =>
    wanted
      .filter(({ live }) => live.kind === kind && isMeant(live))
      .map(({ live, desired }) => {
        const written = entryOf(formOf(kind), desired, live.metadata, set);
        left.push(...written.left);
        return written.entry;
      });
  const teams = wanted
    .filter(({ live }) => live.kind === 'team')
    .map(({ live, desired }) => {
      const { entry, left: more } = entryOf(TEAM_FORM, desired, live.metadata, set);
      left.push(...more);
      const members = entries('member', ({ settings }) => settings['team_id'] === live.id);
      return members.length === 0 ? entry : { ...entry, members };
    });
  const lists = { groups, budgets: entries('budget'), users: entries('user'), teams, keys: entries('key') };
  const filled = Object.entries(lists).filter(([name, list]) => name === 'keys' || Object.keys(list).length > 0);
  const said = await sayable({ version: 1, set, ...Object.fromEntries(filled) });
  const document = isFolded ? folded(said.document) : said.document;
  return { document, left: [...left, ...said.left.map(unsayable)] };
}

function unsayable({ name, field }: LeftOut): Notice {
  const what = field === null ? 'it has a name' : `${field} has a value`;
  const message = `${name}: ${what} that no spec may give, so it is not in the spec.`;
  return { code: 'export', ref: null, message, hint: 'It stays as the server has it.' };
}

function formOf(kind: Kind): Form {
  const form = FORMS.get(kind);
  if (form === undefined) throw new Error(`no spec has ${kind}s`);
  return form;
}

/** Those that a spec can name. */
function soundIn(lives: readonly Live[], left: Notice[]): readonly Wanted[] {
  const taken = new Set<string>();
  return lives
    .map((live) => ({ live, desired: desiredOf(formOf(live.kind).facts, live) }))
    .toSorted((a, b) => byRef(a.desired.ref, b.desired.ref))
    .filter(({ live, desired: { ref } }) => {
      const problem = problemOf(live, ref.name, taken.has(refText(ref)));
      taken.add(refText(ref));
      if (problem !== null) left.push(unnamed(live, problem));
      return problem === null;
    });
}

/** Why a spec cannot name a thing. It reads names in one of the two ways to write an accent. */
function problemOf({ kind, name, mark }: Live, called: string, isTaken: boolean): string | null {
  if ((kind === 'key' || kind === 'team') && (mark?.name ?? name) === null) return 'has no name';
  if (isTaken) return 'has a name that an older one has too';
  return called === called.normalize('NFC') ? null : 'has a name that no spec may give';
}

function unnamed({ kind, id, name, key_name }: Live, problem: string): Notice {
  const which = `${kind === 'key' ? (key_name ?? 'key') : kind} ${id}`;
  const message = `${name === null ? which : `${name} (${which})`} ${problem}, so it is not in the spec.`;
  return { code: 'export', ref: null, message, hint: 'Give it another name on the server, and export again.' };
}

/** Who is in the groups that keys are shared with. One name can stand for the same users alone. */
function groupsIn(wanted: readonly Wanted[], left: Notice[]): Groups {
  const groups: Record<string, readonly string[]> = {};
  for (const { desired } of wanted) {
    for (const [name, users] of Object.entries(desired.sharing?.groups ?? {})) {
      const known = Object.hasOwn(groups, name) ? groups[name] : undefined;
      if (known === undefined) groups[name] = users;
      else if (!sameJson(known.toSorted(), users.toSorted()))
        left.push({
          code: 'export',
          ref: desired.ref,
          message: `It was shared with other users as the group ${name} than another key.`,
          hint: `Look at groups: ${name} in the spec.`,
        });
    }
  }
  return groups;
}
