/** What is live on a server, as specs that ask for just that. */
import { VkeysError } from '../base/errors.ts';
import { textOf, type JsonObject } from '../base/json.ts';
import { REFERENCES } from '../kinds/references.ts';
import type { Notice } from '../model/plan.ts';
import type { Live } from '../model/resource.ts';
import { documentOf } from '../spec/write/document.ts';
import { openChoice, type Choice } from './choice.ts';
import type { KeyringFlags } from './keyrings.ts';
import { withSessions, type Context } from './open.ts';
import type { ConnectOptions } from './options.ts';
import { ownersOf, type Owners } from './owners.ts';
import { withPeople } from './people-of.ts';
import { NoSuchKey, selectKeys } from './select.ts';
import { WHOLE } from './survey.ts';

export type ExportOptions = ConnectOptions & KeyringFlags;

export type ExportChoices = {
  /** Everything of the server. */
  readonly all: boolean;
  /** In few words. */
  readonly fold: boolean;
  /** The set in which things are written that no set has marked. */
  readonly set: string;
};

/** A document for each set. `left`: what is not in them. */
export type Exported = {
  readonly url: string;
  readonly documents: readonly JsonObject[];
  readonly left: readonly Notice[];
};

/** Throws `NoSuchKey` for words that name none. */
export async function exportChosen(
  context: Context<ExportOptions>,
  choice: Choice,
  { all, fold, set }: ExportChoices,
): Promise<Exported> {
  const { hear } = context;
  return withSessions(context, async (sessions) => {
    const { session, named } = await openChoice(context, sessions, choice);
    const selection = await selectKeys({ session, hear, look: WHOLE }, named);
    if (selection.missing.length > 0) throw new NoSuchKey(selection);
    if (selection.isShort) throw short(selection.gaps);
    /* What retires has its name no longer. */
    const current = selection.keys.filter(({ mark }) => mark?.retiring === undefined);
    const { keys, people, gaps } = await withPeople(session, current, { all });
    const lives = [...people, ...keys];
    const sets = bySet(lives, await ownersOf(lives, context, session), { all, set });
    const written = await Promise.all([...sets].map(([name, own]) => documentOf(name, own, fold)));
    return {
      url: session.url,
      documents: written.map(({ document }) => document),
      left: [
        ...[...selection.gaps, ...gaps].map((message): Notice => ({ code: 'survey', ref: null, message, hint: null })),
        ...written.flatMap(({ left }) => left),
      ],
    };
  });
}

/** The server has more than it showed. */
function short(gaps: readonly string[]): VkeysError {
  return new VkeysError('refused', gaps.join('\n'), 'Run the same command again when less is going on there.');
}

/**
 * Things by the set whose they are. What no set has is of `set`, where anything of it is, or all is meant: people whom only keys
 * of other sets name are those sets' business, which say what of them is theirs.
 */
function bySet(
  lives: readonly Live[],
  ownerOf: Owners,
  { all, set }: Pick<ExportChoices, 'all' | 'set'>,
): ReadonlyMap<string, readonly Live[]> {
  const keys = lives.filter(({ kind }) => kind === 'key');
  const marked = new Set(keys.flatMap((key) => ownerOf(key) ?? []));
  const named = new Set(keys.flatMap((key) => (ownerOf(key) === null ? namesIn(key) : [])));
  const isNamed = (live: Live): boolean => all || live.kind === 'key' || named.has(nameIn(live));
  for (const live of lives)
    if (live.kind === 'member' && isNamed(live)) named.add(`user/${textOf(live.settings['user_id'])}`);
  const sets = new Map<string, Live[]>();
  for (const live of lives) {
    const own = ownerOf(live);
    if (own === null ? !isNamed(live) : !all && !marked.has(own)) continue;
    sets.set(own ?? set, [...(sets.get(own ?? set) ?? []), live]);
  }
  return sets;
}

/** By what keys name it; a member goes with its team. */
function nameIn({ kind, id, settings }: Live): string {
  return kind === 'member' ? `team/${textOf(settings['team_id'])}` : `${kind}/${id}`;
}

/** What a key names, by kind and id. */
function namesIn({ settings }: Live): readonly string[] {
  return REFERENCES.map(({ field, kind }) => `${kind}/${textOf(settings[field])}`);
}
