/** How keys stand: for people at a glance, and for programs. */
import type { JsonObject } from '../base/json.ts';
import { oneLine } from '../encode/terminal.ts';
import { CLOSE, isNotable, type KeyStanding, type Next } from '../model/key-standing.ts';
import { STATUSES } from '../model/status.ts';
import { paint, widthOf, type Look } from './look.ts';
import { tableText } from './table.ts';
import { fromNow } from './time.ts';
import { barText, LONGEST } from './usage.ts';
import { percent } from './usage-rows.ts';
import { count, dollars, spendText } from './value.ts';
import { fold } from './wrap.ts';

export function standingJson({ next, stale, ...key }: KeyStanding): JsonObject {
  return { ...key, next: next === null ? null : { ...next }, stale: stale === null ? null : [...stale] };
}

/** So many keys are shown that nothing has to be said of. */
const QUIET = 20;

/** What it comes to, and a line for each key; of many that are well, the first. For a program a line for each, without a header. */
export function statusText(url: string, keys: readonly KeyStanding[], look: Look): string {
  if (look.columns === null) return keys.map((key) => `${pipedCells(key).map(oneLine).join('\t')}\n`).join('');
  const { bold, dim } = paint(look);
  const sets = [...new Set(keys.map(({ set }) => set))].filter((set) => set !== null);
  const title = `${sets.length === 0 ? 'Keys' : sets.slice(0, 3).join(', ')}${sets.length > 3 ? ' …' : ''} at ${url}`;
  const when = look.now.toISOString().slice(0, 19).replace('T', ' ');
  const head = `${bold(oneLine(title))}  ${dim(`${when} UTC`)}\n${fold(sumText(keys, look.now), widthOf(look))}\n`;
  if (keys.length === 0) return head;
  const notable = keys.filter(isNotable);
  const shown = [...notable, ...keys.filter((key) => !isNotable(key)).slice(0, QUIET)];
  const rest = keys.length - shown.length;
  const more = rest === 0 ? '' : `${dim(`and ${count(rest, 'key')} that ${rest === 1 ? 'is' : 'are'} well`)}\n`;
  return `${head}\n${tableText(
    HEADINGS,
    shown.map((key) => cellsOf(key, look)),
    look,
    'All of it: -o json',
  )}${more}`;
}

const HEADINGS = ['key', 'status', 'spent', 'next', 'of its budget', 'last used'];

function cellsOf(key: KeyStanding, look: Look): readonly string[] {
  const { key_alias, key_id, spend, max_budget, share, next, last_active } = key;
  const { red, yellow, green } = paint(look);
  const color = share === null || share < CLOSE ? green : share < 1 ? yellow : red;
  return [
    oneLine(key_alias ?? `${key_id.slice(0, 12)}…`),
    statusCell(key),
    spendText({ spend, max_budget }),
    next === null ? '' : oneLine(nextText(next, look.now)),
    share === null ? '' : `${color(barText(Math.min(1, share)).padEnd(LONGEST))} ${percent(share)}`,
    last_active === null ? (key.unused ? 'never' : '') : fromNow(new Date(last_active), look.now),
  ];
}

function statusCell({ status, rotating, stale }: KeyStanding): string {
  const more = [
    ...(rotating ? ['rotation begun'] : []),
    ...((stale ?? []).length > 0 ? [`${count((stale ?? []).length, 'place')} stale`] : []),
  ];
  return [status.replaceAll('_', ' '), ...more].join(', ');
}

const WORDS: Readonly<Record<Next['is'], string>> = {
  opens: 'opens',
  retires: 'retires',
  ends: 'ends',
  budget: 'budget anew',
  rotation: 'new secret due',
};

function nextText({ is, at }: Next, now: Date): string {
  return `${WORDS[is]} ${fromNow(new Date(at), now)}`;
}

function sumText(keys: readonly KeyStanding[], now: Date): string {
  if (keys.length === 0) return 'No keys.';
  const number = (isMeant: (key: KeyStanding) => boolean): number => keys.filter(isMeant).length;
  const states = STATUSES.map(
    (status) => [number((key) => key.status === status), status.replaceAll('_', ' ')] as const,
  );
  const others = [
    [number(({ share, status }) => (share ?? 0) >= CLOSE && status === 'active'), 'close to the limit'],
    [number(({ unused }) => unused), 'never used'],
    [number(({ rotating }) => rotating), 'with a rotation that was begun'],
    [number(({ stale }) => (stale ?? []).length > 0), 'not in all places'],
  ] as const;
  const told = [...states, ...others].filter(([n]) => n > 0).map(([n, what]) => `${String(n)} ${what}`);
  const spent = keys.reduce((sum, { spend }) => sum + spend, 0);
  /* An old key has the budget of the one that has its name now. */
  const current = keys.filter(({ status }) => status !== 'retiring');
  const budget = current.reduce((sum, { max_budget }) => sum + (max_budget ?? 0), 0);
  const money =
    budget === 0 ? `${dollars(spent)} US dollars spent` : `${dollars(spent)} of ${dollars(budget)} US dollars spent`;
  return `${count(keys.length, 'key')}: ${told.join(', ')}; ${money}.${comingText(keys, now)}`;
}

/** What comes first for any of them. */
function comingText(keys: readonly KeyStanding[], now: Date): string {
  const [first] = keys
    .flatMap(({ next, key_alias, key_id }) => (next === null ? [] : [{ next, name: key_alias ?? key_id.slice(0, 12) }]))
    .toSorted((a, b) => Date.parse(a.next.at) - Date.parse(b.next.at));
  return first === undefined ? '' : ` Next: ${oneLine(first.name)}, ${nextText(first.next, now)}.`;
}

function pipedCells(key: KeyStanding): readonly string[] {
  const { key_alias, key_id, status, spend, max_budget, share, next, last_active, stale } = key;
  return [
    key_alias ?? key_id,
    status,
    String(spend),
    max_budget === null ? '' : String(max_budget),
    share === null ? '' : percent(share),
    next === null ? '' : `${next.is} ${next.at}`,
    last_active ?? '',
    (stale ?? []).join(', '),
  ];
}
