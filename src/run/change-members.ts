/** Who is in one team, and as what, changed for users that somebody named, whoever made the team. */
import pMap from 'p-map';
import { storeOf } from '../apply/ports.ts';
import { oneLine } from '../encode/terminal.ts';
import { KINDS } from '../kinds/kinds.ts';
import { MEMBER, memberId } from '../kinds/member.ts';
import type { Change } from '../model/change.ts';
import type { Notice, Plan } from '../model/plan.ts';
import type { Ref } from '../model/ref.ts';
import type { Desired, Live } from '../model/resource.ts';
import type { Survey } from '../model/survey.ts';
import { deletion } from '../plan/deletion.ts';
import { difference, whole, type ServerFacts } from '../plan/diff.ts';
import { roleNotices } from '../plan/member-roles.ts';
import type { PlanPart } from '../plan/order.ts';
import type { Ran } from './apply.ts';
import { unenforcedNotices } from '../plan/unenforced.ts';
import { changeThings } from './change-things.ts';
import { withSessions, type Context, type Session } from './open.ts';
import type { RunOptions } from './options.ts';
import { peopleStores } from './people.ts';
import { NoSuchThing, selectThing, type Missing } from './select-thing.ts';
import { ADHOC, ownedNotices, setOf } from './single.ts';

const AT_ONCE = 4;

export const MEMBER_VERBS = ['add', 'set', 'remove'] as const;
export type MemberVerb = (typeof MEMBER_VERBS)[number];

/** `wish`: the role and limits that they are to have. `approve` sees what would be taken away. */
export type MembersWish = {
  readonly verb: MemberVerb;
  readonly team: string;
  readonly users: readonly string[];
  readonly wish: Desired;
  readonly ignoreMissing: boolean;
  readonly approve: (plans: readonly Plan[]) => Promise<void>;
};

/**
 * Adds users to a team, changes what they are there, or takes them out. Whoever is as wanted stays as he is. Throws
 * `NoSuchThing` before anything is changed for who is no user, or no member where one has to be, and `RefusedError`.
 */
export async function changeMembers(context: Context<RunOptions>, asked: MembersWish): Promise<Ran> {
  const started = context.world.now();
  return withSessions(context, async (sessions) => {
    const session = await sessions.open(null);
    const team = await selectThing(session, 'team', asked.team);
    const store = storeOf({ stores: peopleStores(session.connection) }, 'member');
    const all = await store.survey({ ids: [memberId(team.id, '')], names: [], all: false });
    const { ids, missing } = await idsOf(session, asked, team, all);
    if (missing.length > 0 && !(asked.verb === 'remove' && asked.ignoreMissing))
      throw new NoSuchThing(missing, all.gaps, waysOn(asked));
    const wanted = ids.map((user_id) => memberId(team.id, user_id));
    const survey = wanted.length === 0 ? all : await store.survey({ ids: wanted, names: [], all: false });
    const lives = new Map(survey.lives.map((live) => [live.id, live]));
    const isAdding = asked.verb === 'add';
    const partFor = (version: string | null): PlanPart => {
      const facts = { kind: MEMBER, now: survey.now, listed: survey.listed, version };
      const parts = ids.map((user_id) => partOf(user_id, team, lives.get(memberId(team.id, user_id)), asked, facts));
      const changes = parts.map(({ change }) => change);
      const isIdle = isAdding || changes.every(({ action }) => action === 'noop');
      const owned = isIdle ? [] : ownedNotices({ kind: 'team', name: nameOf(team) }, setOf(team));
      const notices = [
        ...parts.flatMap((part) => part.notices),
        ...roleNotices(changes, version),
        ...unenforcedNotices(changes, version, KINDS),
        ...owned,
      ];
      return { changes, notices };
    };
    return changeThings(
      context,
      { sessions, session, started },
      {
        surveys: new Map([['member', survey]]),
        partFor,
        setFor: () => (isAdding ? ADHOC : setOf(team)),
        approve: asked.approve,
      },
    );
  });
}

function nameOf({ name, id }: Live): string {
  return name ?? id;
}

function waysOn({ verb, team }: MembersWish): string {
  return verb === 'add'
    ? 'See who there is: vkeys user list\nOr make the user first: vkeys user create USER'
    : `See who is in it: vkeys team members ${team}`;
}

/** Who is meant, each once: a member's id, or what a user is called. */
async function idsOf(
  session: Session,
  { verb, users }: MembersWish,
  team: Live,
  { lives }: Survey,
): Promise<{ readonly ids: readonly string[]; readonly missing: readonly Missing[] }> {
  const members = new Set(lives.map(({ settings }) => settings['user_id']));
  const missing: Missing[] = [];
  const ids = await pMap(
    new Set(users),
    async (word) => {
      if (members.has(word)) return [word];
      try {
        const { id } = await selectThing(session, 'user', word);
        if (verb === 'add' || members.has(id)) return [id];
        missing.push({ word, message: `${oneLine(word)} is not in the team ${oneLine(nameOf(team))}.` });
      } catch (error) {
        if (!(error instanceof NoSuchThing)) throw error;
        missing.push({ word, message: error.message });
      }
      return [];
    },
    { concurrency: AT_ONCE },
  );
  return { ids: [...new Set(ids.flat())], missing };
}

type Part = { readonly change: Change; readonly notices: readonly Notice[] };

function partOf(
  user_id: string,
  team: Live,
  live: Live | undefined,
  { verb, wish }: MembersWish,
  facts: ServerFacts,
): Part {
  const ref: Ref = { kind: 'member', name: `${nameOf(team)}/${user_id}` };
  const id = memberId(team.id, user_id);
  const desired: Desired = { ...wish, ref, id, settings: { ...wish.settings, team_id: team.id, user_id } };
  const none = { ref, takes: [], reason: null };
  if (live === undefined) {
    return { change: { ...none, action: 'create', fields: whole(desired, facts), desired, live: null }, notices: [] };
  }
  if (verb === 'remove') return { change: deletion(ref, live, 'named', null), notices: [] };
  const { changes: fields, notices } = difference(desired, live, facts);
  const noop: Change = { ...none, action: 'noop', fields: [], desired, live };
  if (fields.length === 0) return { change: noop, notices };
  if (verb === 'set') return { change: { ...none, action: 'update', fields, desired, live }, notices };
  const message = 'Is in the team already, and not as it was asked for.';
  const hint = `To change it: vkeys team members ${nameOf(team)} set ${user_id} …`;
  return { change: noop, notices: [...notices, { code: 'duplicate', ref, message, hint }] };
}
