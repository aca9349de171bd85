/** Every team, user or budget of a server, page by page where it has pages of them: only 1.65 has none of teams. */
import { BUDGET } from '../kinds/budget.ts';
import { TEAM } from '../kinds/team.ts';
import { USER } from '../kinds/user.ts';
import type { Survey } from '../model/survey.ts';
import { allBudgets } from './budgets.ts';
import { completeTeams } from './complete-teams.ts';
import type { Connection } from './http/request.ts';
import { scanRows, type ListPart } from './scan.ts';
import { allTeams, teamList, teamPage } from './teams.ts';
import { listedIn, thingOf, type ThingRow } from './thing-rows.ts';
import { userList } from './users.ts';

const FACTS = { team: TEAM, user: USER, budget: BUDGET } as const;

/** Kinds that the server has a list of. */
export type ListedKind = keyof typeof FACTS;

/** Things that no part before had, the fields that all of them tell, and how many the server says that it has. */
export type ThingsPart = Omit<ListPart, 'rows'> & Pick<Survey, 'lives' | 'listed'>;

/** All of a kind, with these columns in `extra`. The last part tells, in `gaps`, if the list stayed incomplete. */
export async function* streamThings(
  connection: Connection,
  kind: ListedKind,
  columns: readonly string[],
): AsyncGenerator<ThingsPart> {
  for await (const { rows, ...part } of partsOf(connection, kind)) {
    const complete = kind === 'team' ? await completeTeams(connection, rows, () => false) : rows;
    const lives = complete.map((each) => thingOf(FACTS[kind], each, columns));
    yield { ...part, lives, listed: listedIn(FACTS[kind], complete) };
  }
}

async function* partsOf(connection: Connection, kind: ListedKind): AsyncGenerator<ListPart<ThingRow>> {
  switch (kind) {
    case 'team': {
      const first = await teamPage(connection, {}, 1);
      if (first === null) return yield whole(await allTeams(connection));
      return yield* scanRows(connection, teamList(connection), first);
    }
    case 'user': {
      const list = userList(connection);
      return yield* scanRows(connection, list, await list.read(1));
    }
    case 'budget':
      return yield whole(await allBudgets(connection));
  }
}

function whole(rows: readonly ThingRow[]): ListPart<ThingRow> {
  return { rows, total: rows.length, gaps: [], isShort: false };
}
