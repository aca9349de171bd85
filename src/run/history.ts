/** What was done to sets: as this user's keyrings remember it, and as a server tells it of its keys. */
import type { Json } from '../base/json.ts';
import { streamKeys } from '../litellm/survey.ts';
import { momentOf } from '../litellm/rows.ts';
import type { VkeysError } from '../base/errors.ts';
import type { History, HistoryChange, PastRun, ServerKey } from '../model/history.ts';
import type { Live } from '../model/resource.ts';
import { isNamed, type Selector } from '../model/selector.ts';
import { readHistories } from '../secrets/history-file.ts';
import { keyringChoice, type KeyringFlags } from './keyrings.ts';
import type { Context, Session } from './open.ts';
import { findChosen } from './select.ts';

/** Of which things: keys that words name, those of a set, of a server. */
export type HistoryChoice = {
  readonly selectors: readonly Selector[];
  readonly set: string | undefined;
  /** `null`: of every server. */
  readonly url: string | null;
};

/** `runs`: in the order of time, with those of their changes that are meant. `unreadable`: why some of it is not there. */
export type FoundHistory = {
  readonly runs: readonly PastRun[];
  readonly histories: readonly History[];
  readonly unreadable: readonly VkeysError[];
};

export async function findHistory(
  { world, options }: Context<KeyringFlags>,
  choice: HistoryChoice,
): Promise<FoundHistory> {
  const { set, url } = choice;
  const { histories, unreadable } = await readHistories(keyringChoice(world, options).roots);
  const meant = histories.filter((each) => (set ?? each.set) === each.set && (url ?? each.server) === each.server);
  const runs = meant.flatMap((each) => each.runs.flatMap((run) => narrowed(run, choice)));
  return { runs: runs.toSorted((a, b) => order(a.began.at, b.began.at)), histories: meant, unreadable };
}

/** The run with what it did to these keys; none where that is nothing. */
function narrowed(run: PastRun, { selectors }: HistoryChoice): readonly PastRun[] {
  if (selectors.length === 0) return [run];
  const { ended } = run;
  const changes = (ended?.changes ?? []).filter((change) => selectors.some((word) => isMeant(word, change)));
  return ended === null || changes.length === 0 ? [] : [{ ...run, ended: { ...ended, changes } }];
}

function isMeant(word: Selector, { kind, name, id }: HistoryChange): boolean {
  return kind === 'key' && isNamed(word, { id: id ?? '', name, key_name: null });
}

function order(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

/** `gaps`: what it cannot tell, in words. */
export type ServerHistory = { readonly keys: readonly ServerKey[]; readonly gaps: readonly string[] };

const COLUMNS = ['created_by', 'updated_at', 'updated_by', 'deleted_at', 'deleted_by'];

/** Looks at the keys that are there, and since LiteLLM 1.83 at those that are not. */
export async function serverHistory(
  session: Session,
  { hear }: Pick<Context, 'hear'>,
  { selectors, set }: HistoryChoice,
): Promise<ServerHistory> {
  const there = await findChosen({ session, hear, look: { columns: COLUMNS } }, { selectors, filter: { set } });
  const keys = there.keys.map(serverKey);
  const gaps = [...there.gaps];
  let done = 0;
  for await (const part of streamKeys(session.connection, { columns: COLUMNS }, { status: 'deleted' })) {
    if (part.lives.some(({ extra }) => extra['deleted_at'] === undefined)) {
      gaps.push('LiteLLM before 1.83 does not tell which keys were deleted.');
      break;
    }
    const meant = part.lives.filter(
      (live) =>
        (set === undefined || live.mark?.set === set) &&
        (selectors.length === 0 || selectors.some((word) => isNamed(word, live))),
    );
    keys.push(...meant.map(serverKey));
    gaps.push(...part.gaps);
    done += part.lives.length;
    hear({ is: 'progress', done, total: Math.max(part.total, done + 1) });
  }
  hear({ is: 'progress', done, total: done });
  return { keys, gaps };
}

function serverKey({ id, name, mark, created_at, extra }: Live): ServerKey {
  const [updated_at, deleted_at] = [momentIn(extra['updated_at']), momentIn(extra['deleted_at'])];
  const [created_by, updated_by, deleted_by] = [extra['created_by'], extra['updated_by'], extra['deleted_by']].map(
    textIn,
  );
  return {
    key_alias: name,
    key_id: id,
    set: mark?.set ?? null,
    created_at,
    created_by: created_by ?? null,
    updated_at,
    updated_by: updated_by ?? null,
    deleted_at,
    deleted_by: deleted_by ?? null,
  };
}

function textIn(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function momentIn(value: Json | undefined): string | null {
  return momentOf(textIn(value));
}
