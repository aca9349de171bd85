/** The account of sets that were closed: in words, and as rows for programs. */
import type { JsonObject } from '../base/json.ts';
import { oneLine } from '../encode/terminal.ts';
import { accountTotal, differencesIn, spentBy, type Account, type AccountKey } from '../model/account.ts';
import { lineOf } from '../model/snapshot.ts';
import type { UsageReport } from '../model/usage.ts';
import { markdownTable, plainMarkdown } from './markdown-table.ts';
import { someNames } from './names.ts';
import { numberText } from './usage.ts';
import { count, dollars } from './value.ts';

/** One key on one row. */
export function accountRow(key: AccountKey): JsonObject {
  const { requests, failed, prompt_tokens, completion_tokens, spend: counted_spend } = key.used;
  return {
    set: key.set,
    key_alias: key.key_alias,
    key_id: key.key_id,
    user: key.user,
    user_id: key.user_id,
    team_id: key.team_id,
    models: key.models,
    max_budget: key.max_budget,
    created_at: key.created_at,
    expires: key.expires,
    last_active: key.last_active,
    spend: spentBy(key),
    requests,
    failed,
    prompt_tokens,
    completion_tokens,
    counted_spend,
    proof: key.proof,
    places: key.places,
  };
}

/** All of it, for programs. */
export function accountJson(account: Account): JsonObject {
  const total: JsonObject = { ...accountTotal(account) };
  const differences = differencesIn(account).map(({ key_id }) => key_id);
  return { ...account, keys: account.keys.map((key) => ({ ...key, used: { ...key.used } })), total, differences };
}

/** What it comes to, a sentence each, and whether it is all as it should be. */
export function accountSentences(account: Account): readonly string[] {
  const { keys, state, url, closed_at, read_at, sets } = account;
  const { spend, requests, failed, prompt_tokens, completion_tokens } = accountTotal(account);
  const tokens = `${numberText(prompt_tokens)} prompt and ${numberText(completion_tokens)} completion tokens`;
  const when = state === 'closed' ? `closed ${moment(closed_at ?? '')}` : 'not closed yet';
  return [
    `${sets.join(', ')} at ${url}, ${when}.`,
    `${count(keys.length, 'key')} spent ${dollars(spend)} US dollars in ${count(requests, 'request')} (${numberText(failed)} failed), with ${tokens}, as of ${moment(read_at)}.`,
    ...differenceSentences(account),
    ...(state === 'closed' ? proofSentences(keys) : []),
    ...(state === 'closed' ? [leftSentence(account)] : []),
    ...account.gaps,
  ];
}

function differenceSentences(account: Account): readonly string[] {
  const keys = differencesIn(account);
  if (keys.length === 0) return [];
  const names = someNames(keys.map(({ key_alias, key_id }) => key_alias ?? key_id)).join(', ');
  const [own, counted] = [spentBy, ({ used }: AccountKey) => used.spend].map((figure) =>
    dollars(keys.reduce((sum, key) => sum + figure(key), 0)),
  );
  return [
    `Of ${names} the server says ${own ?? ''} US dollars by key, and ${counted ?? ''} by what it counted of their calls.`,
  ];
}

function proofSentences(keys: readonly AccountKey[]): readonly string[] {
  const number = (proof: AccountKey['proof']): number => keys.filter((key) => key.proof === proof).length;
  const parts = [
    [number('refused'), 'the server refuses, asked with the keys themselves'],
    [number('gone'), 'it does not have any more; their secrets are not known here'],
    [number('doubtful'), 'may still work: run the same command again, which asks once more'],
    [number(null), 'nobody asked about'],
  ] as const;
  const told = parts.filter(([n]) => n > 0).map(([n, what]) => `${count(n, 'key')} ${what}`);
  return told.length === 0 ? [] : [`Of these, ${told.join('; ')}.`];
}

function leftSentence({ left, sets }: Account): string {
  if (left.length === 0) return 'Nothing of it is left: no key of the set on the server, and no hand-out.';
  const said = (what: 'key' | 'place', words: string): readonly string[] => {
    const names = left.filter((each) => each.what === what).map(({ name }) => name);
    return names.length === 0 ? [] : [`${words} ${someNames(names).join(', ')}`];
  };
  const parts = [...said('key', 'on the server'), ...said('place', 'in hand-outs')];
  const isKey = left.some(({ what }) => what === 'key');
  const ways = isKey ? sets.map((set) => `vkeys delete --set ${set} --max-deletions 100%`) : [];
  const way = ways.length === 0 ? 'Run' : `Delete it: ${ways.join('; ')}. Then run`;
  return `Left is ${parts.join('; ')}. ${way} the same command again.`;
}

function moment(text: string): string {
  return `${text.slice(0, 16).replace('T', ' ')} UTC`;
}

const HEADINGS = ['set', 'key', 'whose', 'spend', 'budget', 'requests', 'failed', 'prompt', 'completion', 'proof'];

/** As a page in Markdown. */
export function accountMarkdown(account: Account): string {
  const rows = account.keys.map((key) => [
    ...[key.set ?? '', key.key_alias ?? key.key_id, key.user ?? key.user_id ?? ''].map(plainMarkdown),
    dollars(spentBy(key)),
    key.max_budget === null ? '' : dollars(key.max_budget),
    ...[key.used.requests, key.used.failed, key.used.prompt_tokens, key.used.completion_tokens].map(numberText),
    key.proof ?? '',
  ]);
  const numbers = HEADINGS.map((_, index) => index > 2 && index < 9);
  const sentences = accountSentences(account).map((text) => `${plainMarkdown(oneLine(text))}\n\n`);
  return `# The account of ${plainMarkdown(account.sets.join(', '))}\n\n${sentences.join('')}${[...markdownTable(HEADINGS, numbers, rows)].join('')}`;
}

/** The same as a report of use, for what shows one. */
export function accountUsage(account: Account): UsageReport {
  const lines = account.keys.map((key) => lineOf(key, { ...key.used, spend: spentBy(key) }));
  return {
    by: ['key'],
    since: account.since,
    until: account.read_at.slice(0, 10),
    as_of: account.read_at,
    source: account.source,
    lines: lines.toSorted((a, b) => b.spend - a.spend),
    total: accountTotal(account),
  };
}
